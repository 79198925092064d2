// Checks what can be known before a container is created: runc, the root file system, the command, and the sources of volumes.
import { readdirSync, statSync } from 'node:fs'
import { quote } from '../address/quote.ts'
import { NetdojoError } from '../errors.ts'
import { isInstalled } from '../exec/search-path.ts'
import { isArchive, refuseArchive } from './image.ts'
import type { CheckedRun } from './requests.ts'

/** @throws NetdojoError `program-missing`, `image-unusable`, `root-unusable`, `volume-missing` or `usage` */
export function refuseUnusable({ root, command, entrypoint, volumes }: CheckedRun): void {
  if (!isInstalled('runc'))
    throw new NetdojoError({
      code: 'program-missing',
      operation: 'run',
      object: 'a container',
      reason: 'runc is not installed',
      advice: ['sh scripts/setup.sh installs missing programs, or prints the command that does'],
    })
  if (isArchive(root)) refuseArchive(root)
  else {
    refuseNoDirectory(root)
    if (command.length === 0 && entrypoint === undefined) throw noCommand(root)
  }
  for (const { source } of volumes) refuseNoSource(source)
}

function refuseNoDirectory(root: string): void {
  try {
    readdirSync(root)
  } catch (cause) {
    throw new NetdojoError({
      code: 'root-unusable',
      operation: 'use the root file system',
      object: quote(root),
      reason: cause instanceof Error ? cause.message.replace(/,.*/, '') : String(cause),
      advice: ['name a directory, or an image archive that ends in .tar, .tar.gz or .tgz'],
      cause,
    })
  }
}

function refuseNoSource(source: string): void {
  if (statSync(source, { throwIfNoEntry: false })) return
  throw new NetdojoError({
    code: 'volume-missing',
    operation: 'use the volume',
    object: quote(source),
    reason: 'the file or directory does not exist',
    advice: ['create it first'],
  })
}

export function noCommand(root: string): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'run',
    object: 'a container',
    reason: `a command must be given, since ${root === '/' ? "the host's own root file system" : quote(root)} has none`,
    advice: ['name one, for example sh'],
  })
}
