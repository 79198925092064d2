// Copies the repository into the virtual machine as it is now, with the packages that a run needs and without what only this machine can use.
import { join } from 'node:path'
import { run } from '../../exec/program.ts'
import { repository, sshConfig } from './machine.ts'

/** @returns whether the machine could be reached. */
export async function sync(): Promise<boolean> {
  const excludes = join(repository, 'vagrant/rsync-excludes')
  // rsync splits this one at spaces, and takes quotes as a shell would.
  const shell = `ssh -F "${sshConfig}" -o BatchMode=yes`
  const how = ['--archive', '--delete', '--no-owner', '--no-group', '--compress', '--rsh', shell]
  const { exitCode } = await run(
    'rsync',
    [...how, `--exclude-from=${excludes}`, `${repository}/`, 'default:/netdojo/'],
    { allowFailure: true },
  )
  return exitCode === 0
}
