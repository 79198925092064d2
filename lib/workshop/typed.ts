// What a script types into a shell: nobody sits there, so bash is not interactive, and the script itself says what it types.
import { shellQuote } from '../exec/shell-quote.ts'

/** @param after a line that follows each, as a prompt would come. */
export function typedInput(lines: readonly string[], after = 'true'): string {
  const typed = lines.map((line) => [`printf '%s\\n' ${shellQuote(`$ ${line}`)}`, line, after, ''])
  return ['. "$HOME/.bashrc"\n', ...typed.map((each) => each.join('\n'))].join('')
}
