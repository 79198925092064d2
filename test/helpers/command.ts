// Calls the command `netdojo` as a function, and returns what it wrote and its exit code.
import { main } from '../../lib/cli/commands/main.ts'

const decoder = new TextDecoder()

export type Answer = { readonly code: number; readonly out: string; readonly err: string }

/** @param answers to the questions of the command; without them it has no terminal to ask. */
export async function call(args: readonly string[], answers?: readonly string[]): Promise<Answer> {
  const left = [...(answers ?? [])]
  let out = ''
  let err = ''
  const code = await main(args, {
    write: (data) => void (out += typeof data === 'string' ? data : decoder.decode(data)),
    writeError: (text) => void (err += text),
    isInteractive: answers !== undefined,
    inputIsTerminal: answers !== undefined,
    outputIsTerminal: false,
    hasColor: false,
    columns: 80,
    ask: async (question) => {
      err += question
      return left.shift()
    },
  })
  return { code, out, err }
}

/** Returns the standard output. @throws Error for another exit code than 0, or for an error message */
export async function output(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await call(args)
  if (code !== 0 || err !== '') throw new Error(`${args.join(' ')}: exit code ${code}, ${err}`)
  return out
}

/** Returns the error message, which must be one paragraph. @throws Error if the command succeeds */
export async function refusal(code: 1 | 2 | 3, ...args: readonly string[]): Promise<string> {
  const answer = await call(args)
  if (answer.code !== code)
    throw new Error(`${args.join(' ')}: exit code ${answer.code}, ${answer.out}${answer.err}`)
  if (!isParagraph(answer.err)) throw new Error(`no paragraph: ${JSON.stringify(answer.err)}`)
  return answer.err
}

/** One bounded sentence and its advice, without stack trace, empty line or control character. */
export function isParagraph(text: string): boolean {
  return (
    /^netdojo: [^\n]+[.…]\n( {2}- [^\n]+\n)*$/.test(text) &&
    !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(text.replaceAll('\n', '')) &&
    !/^\s+at |node:internal/m.test(text) &&
    text.length < 6000
  )
}
