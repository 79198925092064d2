// Whether the long versions run: all that takes minutes. `NETDOJO_LONG=1 npm test`.

export const long = Boolean(process.env.NETDOJO_LONG)
