// Defines and runs the tests of a file with uvu: each test has a timeout, and a file without tests, or with a test that never ends, fails.
import { suite as uvuSuite } from 'uvu'
import { slow } from './long.ts'
import { afterPatience } from './until.ts'

export type DefineTest = (
  name: string,
  body: () => void | Promise<void>,
  options?: { readonly seconds?: number },
) => void

const usualSeconds = 120

// Tests read English, whatever the language of this machine.
process.env.LC_ALL = 'C.UTF-8'

/** `slow` defines a further case of another test, which runs only with NETDOJO_SLOW=1. */
export type DefineAll = (test: DefineTest, slow: DefineTest) => void

/** Defines and runs the suite of one test file. */
export function suite(name: string, define: DefineAll): void {
  const tests = uvuSuite(name)
  const unfinished = new Set<string>()
  let left = 0
  const add: DefineTest = (title, body, { seconds = usualSeconds } = {}) => {
    unfinished.add(title)
    tests(title, async () => {
      await within(seconds, title, body)
      unfinished.delete(title)
    })
  }
  define(add, slow ? add : () => void (left += 1))
  if (unfinished.size + left === 0) throw new Error(`the suite ${name} defines no test`)
  if (left > 0) console.log(`left for NETDOJO_SLOW=1: ${left}`)
  if (unfinished.size > 0) tests.run()
  // With a promise that never settles, the event loop becomes empty: Node ends, and uvu prints nothing.
  process.on('exit', (code) => {
    if (code !== 0 || unfinished.size === 0) return
    console.error(`never ended: ${[...unfinished].map((title) => `"${title}"`).join(', ')}`)
    process.exitCode = 1
  })
}

async function within(
  seconds: number,
  title: string,
  body: () => void | Promise<void>,
): Promise<void> {
  let cancel = () => {}
  const timeout = new Promise<never>((_, reject) => {
    cancel = afterPatience(seconds, () =>
      reject(
        new Error(
          `"${title}" did not end within ${seconds} s, nor in the time that this busy machine adds`,
        ),
      ),
    )
  })
  try {
    await Promise.race([body(), timeout])
  } finally {
    cancel()
  }
}
