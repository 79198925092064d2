// A name for a container that was given none: two words of the field, easier to type than an id.
import { randomInt } from 'node:crypto'

const qualities =
  'brisk calm clear eager fair fleet gentle keen lively lucid merry neat nimble plain polite proud quick quiet ready sharp steady sunny swift tidy'.split(
    ' ',
  )
const things =
  'anchor beacon bridge buffer cable cipher datagram echo frame gateway hop kernel label link mirror packet patch port probe relay route signal socket switch'.split(
    ' ',
  )

/** @param isTaken whether somebody has that name. */
export function madeUpName(isTaken: (name: string) => boolean): string {
  for (let attempt = 0; ; attempt++) {
    const name = `${pick(qualities)}_${pick(things)}`
    const tried = attempt < 8 ? name : `${name}_${randomInt(1_000_000)}`
    if (!isTaken(tried)) return tried
  }
}

function pick(words: readonly string[]): string {
  return words[randomInt(words.length)] ?? 'plain'
}
