// Which of the tools that set-up brings are missing; its list is the only one.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isInstalled } from '../../exec/search-path.ts'
import { fault, ok, type Finding } from './finding.ts'

const setup = join(import.meta.dirname, '../../../scripts/setup.sh')

export function tools(): Finding {
  const [, table = ''] = /^tools='\n(.*?)^'/ms.exec(readFileSync(setup, 'utf8')) ?? []
  const names = [...new Set(table.split('\n').flatMap((line) => line.split(' ')[0] || []))]
  const missing = names.filter((name) => !isInstalled(name))
  if (missing.length === 0) return ok('tools', 'tools', `all ${names.length} are here`)
  return fault(
    'tools',
    'tools',
    `missing: ${missing.join(', ')}`,
    'sh scripts/setup.sh installs them, or prints the command that does',
  )
}
