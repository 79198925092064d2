// How much of the tests runs: by default what takes some four minutes on two processors, `NETDOJO_SLOW=1` all of it, `NETDOJO_LONG=1` also the many rounds that take hours.

export const long = Boolean(process.env.NETDOJO_LONG)
export const slow = long || Boolean(process.env.NETDOJO_SLOW)
