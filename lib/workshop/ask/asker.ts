// Defines how a learner is asked: by keys, by plain lines for screen readers, or by a script. Each asker gives the same answers.
import { shellQuote } from '../../exec/shell-quote.ts'

export type Choice = {
  /** The word of a script for this choice; it is also the answer. */
  readonly value: string
  /** `'enter'`, or one character. */
  readonly key: string
  readonly label: string
}

export type Menu = {
  readonly question: string
  /** Shown on one line each. */
  readonly options: readonly Choice[]
  /** Shown on as few lines as possible. */
  readonly tools: readonly Choice[]
  /** The menu only waits until the learner has read the page; a script need not answer it. */
  readonly isPause?: true
}

export type Asker = {
  /** @returns the value of a choice. @throws GoneAway */
  readonly ask: (menu: Menu) => Promise<string>
  /** The lines that a script types into the next shell; undefined for a person. */
  readonly shellInput: () => readonly string[] | undefined
}

/** Thrown when no answer comes any more: Ctrl-C, Ctrl-D, or the end of the script. */
export class GoneAway extends Error {}

/**
 * The input of a shell for a script. bash is not interactive then, so the input prints each line that it types.
 * @param after a line that follows each, in place of a prompt.
 */
export function typedInput(lines: readonly string[], after = 'true'): string {
  const typed = lines.map((line) => [`printf '%s\\n' ${shellQuote(`$ ${line}`)}`, line, after, ''])
  return ['. "$HOME/.bashrc"\n', ...typed.map((each) => each.join('\n'))].join('')
}
