// Decides which tests run: by default four minutes of them on two processors, with NETDOJO_SLOW=1 all, with NETDOJO_LONG=1 also those of hours.

export const long = Boolean(process.env.NETDOJO_LONG)
export const slow = long || Boolean(process.env.NETDOJO_SLOW)
