// The same for each name that was given: one that is refused does not keep the others from it.
import { NetdojoError } from '../../index.ts'
import { endWith, exitCodeOf } from '../ending.ts'
import { errorParagraph } from '../paragraph.ts'
import type { Terminal } from '../terminal.ts'

/** Prints each name that it was done for, as Docker does; among commands that can be pasted, as a comment. */
export async function forEach(
  names: readonly string[],
  terminal: Terminal,
  act: (name: string) => Promise<unknown>,
  { isScript = false }: { readonly isScript?: boolean } = {},
): Promise<void> {
  let code = 0
  for (const name of names) {
    try {
      await act(name)
      terminal.write(isScript ? `# ${name}\n` : `${name}\n`)
    } catch (error) {
      if (!(error instanceof NetdojoError)) throw error
      terminal.writeError(errorParagraph(error))
      code = exitCodeOf(error)
    }
  }
  if (code !== 0) endWith(code)
}
