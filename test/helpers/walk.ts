// Runs the workshop with a script of answers, and with a data directory of its own.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Progress } from '../../lib/workshop/progress.ts'
import { readProgress } from '../../lib/workshop/progress-file.ts'
import { commandLine, netdojo } from './netdojo.ts'
import { newDirectory } from './directory.ts'

export type Walk = {
  readonly data: string
  /** A file of the data directory with these lines. */
  readonly script: (...lines: readonly string[]) => string
  readonly run: (
    args: readonly string[],
    input?: string,
  ) => Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>
  /** For a terminal of 80 columns and 24 lines. */
  readonly line: (args: string) => string
  readonly progress: () => Progress
}

const directory = newDirectory()

export function walk(): Walk {
  const data = mkdtempSync(join(directory, 'data-'))
  let scripts = 0
  return {
    data,
    script: (...lines) => {
      const file = join(data, `script-${(scripts += 1)}`)
      writeFileSync(file, `${lines.join('\n')}\n`)
      return file
    },
    run: (args, input) =>
      netdojo('workshop', args, {
        env: { XDG_DATA_HOME: data, LANG: 'C.UTF-8', LC_ALL: '' },
        ...(input === undefined ? {} : { input }),
      }),
    line: (args) =>
      `stty cols 80 rows 24; XDG_DATA_HOME=${data} LC_ALL= LANG=C.UTF-8 ${commandLine('workshop', args)}`,
    progress: () => readProgress(join(data, 'netdojo/workshop.json')),
  }
}

/** The first character of every terminal sequence. */
export const escape = '\u001B'

/** The text as a terminal shows it, without colours and cursor movements. */
export function linesOf(screen: string): readonly string[] {
  return (
    screen
      .replaceAll('\r', '')
      // A line that is written again.
      .replaceAll(new RegExp(`${escape}\\[\\d*[AG]`, 'g'), '\n')
      .split('\n')
      .map(stripVTControlCharacters)
  )
}
