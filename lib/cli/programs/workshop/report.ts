// Writes the learner's results for `--report`, as JSON and as a page, beside the progress file or to a given path.
import { mkdirSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { NetdojoError } from '../../../errors.ts'
import type { Translate } from '../../../language/translate.ts'
import { dataDirectory } from '../../../user-file.ts'
import { readProgress } from '../../../workshop/progress-file.ts'
import { reportOf, reportPage } from '../../../workshop/report.ts'
import { exitCodes, messageOf, quoted } from '../../shared/errors.ts'
import type { Terminal } from '../../shared/terminal.ts'
import { loadScenario, scenarioNames } from '../catalogue.ts'

/** @param file the path; its ending is replaced by .json and by .md. */
export async function writeReport(
  file: string | null,
  translate: Translate,
  terminal: Terminal,
): Promise<number> {
  const scenarios = await Promise.all(scenarioNames.map(loadScenario))
  const report = reportOf(readProgress(), scenarios, {
    learner: userInfo().username,
    written: new Date().toISOString().slice(0, 10),
  })
  const base = file === null ? join(dataDirectory(), 'report') : wanted(file)
  write(`${base}.json`, `${JSON.stringify(report, null, 2)}\n`)
  write(`${base}.md`, reportPage(report, translate))
  terminal.write(`${base}.json\n${base}.md\n`)
  return exitCodes.held
}

/** npm starts us in the repository; the path is relative to the directory where npm was called. */
function wanted(file: string): string {
  return resolve(process.env.INIT_CWD ?? '.', file).replace(/\.(json|md)$/, '')
}

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } catch (error) {
    throw new NetdojoError({
      code: 'usage',
      operation: 'write',
      object: `the report ${quoted(path)}`,
      reason: messageOf(error),
      cause: error,
    })
  }
}
