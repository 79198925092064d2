// Finds in what `ip -batch` wrote which operations were refused: it says what is wrong and then `Command failed FILE:LINE`.
import { ipLine, isLink } from './ip-line.ts'
import type { Operation } from './operation.ts'
import type { Refusal } from './refusal.ts'

export function ipRefusals(operations: readonly Operation[], said: string): readonly Refusal[] {
  const refusals: Refusal[] = []
  const asked = operations.some(isLink) ? operations.filter(isLink) : operations
  let message: string[] = []
  for (const line of said.split('\n')) {
    const [, number] = /^Command failed -:(\d+)/.exec(line) ?? []
    const operation = asked[Number(number) - 1]
    if (operation === undefined) message.push(line)
    else {
      refusals.push({ operation, message: message.join('\n') })
      message = []
    }
  }
  const rest = message
    .filter((line) => line !== '' && !line.startsWith('Command failed'))
    .join('\n')
  const operation = operationOf(asked, rest)
  if (refusals.length === 0 && operation !== undefined && rest !== '')
    refusals.push({ operation, message: rest })
  return refusals
}

/** At an argument that it cannot read, `ip` ends at once without a line number, but quotes the argument. */
function operationOf(operations: readonly Operation[], said: string): Operation | undefined {
  const argument = /argument "([^"]*)" is wrong/.exec(said)?.[1]
  const isAbout = (operation: Operation) =>
    argument !== undefined && isLink(operation) && ipLine(operation).split(' ').includes(argument)
  return operations.find(isAbout) ?? operations.at(-1)
}
