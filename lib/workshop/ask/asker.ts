// How a person is asked, whatever the terminal can: keys, plain lines for a screen reader, or a script that was written before.
import { shellQuote } from '../../exec/shell-quote.ts'

export type Choice = {
  /** What a script says for it, and what comes back. */
  readonly value: string
  /** `'enter'`, or one character. */
  readonly key: string
  readonly label: string
}

export type Menu = {
  readonly question: string
  /** One a line. */
  readonly options: readonly Choice[]
  /** What there is besides: on as few lines as they need. */
  readonly tools: readonly Choice[]
}

export type Asker = {
  /** @returns the value of a choice. @throws GoneAway */
  readonly ask: (menu: Menu) => Promise<string>
  /** What is to be typed into the next shell, when nobody sits at the terminal. */
  readonly shellInput: () => readonly string[] | undefined
}

/** Nobody answers any more: Ctrl-C, Ctrl-D, or the end of the script. */
export class GoneAway extends Error {}

/** What a script types into a shell: bash is not interactive then, so the script itself prints each line that it types. */
/** @param after a line that follows each, as a prompt would come. */
export function typedInput(lines: readonly string[], after = 'true'): string {
  const typed = lines.map((line) => [`printf '%s\\n' ${shellQuote(`$ ${line}`)}`, line, after, ''])
  return ['. "$HOME/.bashrc"\n', ...typed.map((each) => each.join('\n'))].join('')
}
