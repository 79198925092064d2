// Copies the repository into the virtual machine as it is now, with the packages that a run needs and without what only this machine can use.
import { join } from 'node:path'
import { run } from '../../exec/run.ts'
import { packagesInside } from '../packages.ts'
import { repository, sshConfig } from './machine.ts'

/** @returns whether the machine could be reached. */
export async function sync(): Promise<boolean> {
  // rsync splits this one at spaces, and takes quotes as a shell would.
  const shell = `ssh -F "${sshConfig}" -o BatchMode=yes`
  const how = ['--archive', '--delete', '--no-owner', '--no-group', '--rsh', shell]
  const { exitCode } = await run(
    'rsync',
    [...how, ...filters(), `${repository}/`, 'default:/netdojo/'],
    { allowFailure: true },
  )
  return exitCode === 0
}

/** The first that matches decides: of node_modules what is needed over there, which Vagrant's own copying leaves out. */
function filters(): readonly string[] {
  // Those within others come with them.
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
