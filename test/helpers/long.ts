// Says how many of the tests run: by default about four minutes on two processors; with NETDOJO_SLOW=1 all; with NETDOJO_LONG=1 also those that take hours.

export const long = Boolean(process.env.NETDOJO_LONG)
export const slow = long || Boolean(process.env.NETDOJO_SLOW)
