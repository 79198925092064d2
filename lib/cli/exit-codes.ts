// The exit codes of every netdojo program: a learner's mistake, a typing error and a broken lab are never mixed up.

export const exitCodes = {
  held: 0,
  checkFailed: 1,
  usage: 2,
  labBroken: 3,
  interrupted: 130,
  readerGone: 141,
} as const
