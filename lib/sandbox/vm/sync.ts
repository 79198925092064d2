// Copies the repository, as it is now, into the virtual machine, with only the packages that a run there needs.
import { join } from 'node:path'
import { run } from '../../exec/run.ts'
import { packagesInside } from '../packages.ts'
import { repository, sshConfig } from './machine.ts'

/** @returns whether the machine could be reached. */
export async function sync(): Promise<boolean> {
  // rsync splits this value at spaces, and understands quotes.
  const shell = `ssh -F "${sshConfig}" -o BatchMode=yes`
  const how = ['--archive', '--delete', '--no-owner', '--no-group', '--rsh', shell]
  const { exitCode } = await run(
    'rsync',
    [...how, ...filters(), `${repository}/`, 'default:/netdojo/'],
    { allowFailure: true },
  )
  return exitCode === 0
}

/** rsync takes the first filter that matches: of node_modules, only the needed packages, which Vagrant's own copy leaves out. */
function filters(): readonly string[] {
  // A package inside another comes with it.
  const names = [...packagesInside().keys()].filter((path) => !path.includes('/node_modules/'))
  const scopes = new Set(
    names.flatMap((name) => (name.includes('/') ? (name.split('/')[0] ?? []) : [])),
  )
  return [
    '--include=/node_modules/',
    ...names.map((name) => `--include=/node_modules/${name}`),
    ...[...scopes].flatMap((scope) => [
      `--include=/node_modules/${scope}/`,
      `--exclude=/node_modules/${scope}/*`,
    ]),
    '--exclude=/node_modules/*',
    `--exclude-from=${join(repository, 'vagrant/rsync-excludes')}`,
  ]
}
