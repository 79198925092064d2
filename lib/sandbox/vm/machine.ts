// The virtual machine of this repository: brought up by Vagrant when it is needed, then reached by ssh alone, which is faster.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NetdojoError } from '../../errors.ts'
import { handOver, type HandOverEnd } from '../../exec/hand-over.ts'
import { run } from '../../exec/run.ts'
import { isInstalled } from '../../exec/search-path.ts'

export const repository = join(import.meta.dirname, '../../..')

const environment = { VAGRANT_CWD: repository, VAGRANT_CHECKPOINT_DISABLE: '1' }

/** What `vagrant ssh-config` said when the machine was last brought up. */
export const sshConfig = join(
  process.env.VAGRANT_DOTFILE_PATH ?? join(repository, '.vagrant'),
  'netdojo-ssh-config',
)

/**
 * Brings the machine up, as far as it is not, with Vagrant's own words on our standard error.
 * @throws NetdojoError `sandbox-refused`, `sandbox-failed`
 */
export async function bringUp(): Promise<void> {
  const { exitCode } = await vagrant(
    ['up', ...(process.stderr.isTTY ? [] : ['--no-tty'])],
    'stderr',
  )
  if (exitCode !== 0) {
    throw new NetdojoError({
      code: 'sandbox-failed',
      operation: 'bring up',
      object: 'the virtual machine',
      reason: `vagrant up ended with ${exitCode}: its message is above`,
      advice: [
        'the box cannot be fetched? sudo sh vagrant/build-box.sh netdojo.box builds one, and NETDOJO_BOX=netdojo NETDOJO_BOX_URL=netdojo.box takes it',
        'start anew: npm run vm -- destroy',
      ],
    })
  }
  const { stdout } = await run('vagrant', ['ssh-config'], { env: environment })
  // A machine that is gone is noticed: at the start, where it is then brought up again, and in the middle of a run.
  const patience = 'ConnectTimeout 10\n  ServerAliveInterval 15\n  ServerAliveCountMax 8'
  writeFileSync(sshConfig, `${stdout}\n  ${patience}\n`)
}

/** Runs Vagrant on our terminal; `output` goes there or, where ours is for something else, to standard error. */
export async function vagrant(
  args: readonly string[],
  output: 'stdout' | 'stderr' = 'stdout',
): Promise<HandOverEnd> {
  requireVagrant()
  // What it does to the machine decides how it is reached, if at all.
  if (['halt', 'destroy', 'reload', 'suspend'].includes(args[0] ?? ''))
    rmSync(sshConfig, { force: true })
  return handOver({ program: 'vagrant', args, env: environment, output })
}

/** Whether it was up when it was last looked at: only a connection tells whether it still is. */
export function wasUp(): boolean {
  return existsSync(sshConfig)
}

/** As the Vagrantfile decides: without KVM, libvirt emulates the processor, ten times slower. */
export function isEmulated(): boolean {
  const { NETDOJO_VM_EMULATE } = process.env
  if (NETDOJO_VM_EMULATE !== undefined) return NETDOJO_VM_EMULATE === '1'
  if (process.platform !== 'linux') return false
  // Some machines that are virtual themselves have a /dev/kvm that starts no guest: their processor does not say that it can.
  const isAble =
    process.arch !== 'x64' ||
    /^flags\s*:.* (vmx|svm)\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'))
  return !isAble || !existsSync('/dev/kvm')
}

function requireVagrant(): void {
  const missing = ['vagrant', 'ssh', 'rsync'].filter((tool) => !isInstalled(tool))
  if (missing.length === 0) return
  throw new NetdojoError({
    code: 'sandbox-refused',
    operation: 'start',
    object: 'the virtual machine',
    reason: `not installed: ${missing.join(', ')}`,
    advice: [
      'Vagrant with VirtualBox: https://developer.hashicorp.com/vagrant, https://www.virtualbox.org',
      'Debian and Ubuntu, with libvirt: sudo apt-get install vagrant vagrant-libvirt libvirt-daemon-system rsync',
      'without a virtual machine: --in namespaces (Linux), --in container (Docker)',
    ],
  })
}
