// Makes temporary directories for tests; all are removed when the test file ends.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const directories: string[] = []

export function newDirectory(): string {
  // One listener for all: Node warns of more than ten.
  if (directories.length === 0) process.on('exit', removeAll)
  const directory = mkdtempSync(join(tmpdir(), 'netdojo-test-'))
  directories.push(directory)
  return directory
}

function removeAll(): void {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
}
