// Provides a Node for the virtual machine: on Linux our own, elsewhere the same version for Linux from npm's registry.
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../../exec/run.ts'
import { repository } from './machine.ts'

/** @returns the path of the program. */
export async function linuxNode(): Promise<string> {
  if (process.platform === 'linux') return process.execPath
  const name = `node-linux-${process.arch}`
  const directory = join(repository, 'node_modules/.cache/netdojo', `${name}-${process.version}`)
  const program = join(directory, 'package/bin/node')
  if (!existsSync(program)) {
    mkdirSync(directory, { recursive: true })
    const version = process.version.slice(1)
    // npm knows the registry of this machine, and verifies the package.
    const from = `${name}@${version}`
    const packed = await run('npm', ['pack', '--silent', `--pack-destination=${directory}`, from])
    await run('tar', ['-xzf', join(directory, packed.stdout.trim()), '-C', directory])
  }
  return program
}
