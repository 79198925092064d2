// Makes temporary directories for tests; each is removed when its test file ends.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'netdojo-test-'))
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
  return directory
}
