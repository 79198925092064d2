// The error for a word of the command line that cannot be what it stands for.
import { quote } from '../address/quote.ts'
import { NetdojoError } from '../errors.ts'

export function usageError(
  operation: string,
  word: string,
  reason: string,
  ...advice: readonly string[]
): NetdojoError {
  return new NetdojoError({ code: 'usage', operation, object: quote(word), reason, advice })
}
