// What can be known of a container before anything is made: whether there is a runtime, a root file system, a command, and what is to be mounted.
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
      advice: ['sh scripts/setup.sh installs what is missing, or prints the command that does'],
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
      advice: ['give a directory, or an image archive whose name ends in .tar, .tar.gz or .tgz'],
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
    reason: 'there is no such file or directory',
    advice: ['make it first'],
  })
}

export function noCommand(root: string): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'run',
    object: 'a container',
    reason: `no command is given, and ${root === '/' ? 'the machine itself' : quote(root)} names none`,
    advice: ['name one: sh'],
  })
}
