// Manages the virtual machine of this repository: Vagrant brings it up when it is needed; then ssh alone reaches it, which is faster.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NetdojoError } from '../../errors.ts'
import { handOver, type HandOverEnd } from '../../exec/hand-over.ts'
import { run } from '../../exec/run.ts'
import { isInstalled } from '../../exec/search-path.ts'

export const repository = join(import.meta.dirname, '../../..')

const environment = { VAGRANT_CWD: repository, VAGRANT_CHECKPOINT_DISABLE: '1' }

/** The output of `vagrant ssh-config` when the machine was last brought up. */
export const sshConfig = join(
  process.env.VAGRANT_DOTFILE_PATH ?? join(repository, '.vagrant'),
  'netdojo-ssh-config',
)

/**
 * Brings the machine up if it is down. Vagrant's output goes to our standard error.
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
      reason: `vagrant up ended with exit code ${exitCode}: its message is above`,
      advice: [
        'if the box cannot be fetched, build one: sudo sh vagrant/build-box.sh netdojo.box',
        'then use it: NETDOJO_BOX=netdojo NETDOJO_BOX_URL=netdojo.box npm run vm -- up',
        'start again from nothing: npm run vm -- destroy',
      ],
    })
  }
  const { stdout } = await run('vagrant', ['ssh-config'], { env: environment })
  // Notices a machine that is gone, at the start of a run (which then brings it up again) and in the middle of one.
  const patience = 'ConnectTimeout 10\n  ServerAliveInterval 15\n  ServerAliveCountMax 8'
  writeFileSync(sshConfig, `${stdout}\n  ${patience}\n`)
}

/** Runs Vagrant on our terminal. Its output goes to `output`: our standard output may carry something else. */
export async function vagrant(
  args: readonly string[],
  output: 'stdout' | 'stderr' = 'stdout',
): Promise<HandOverEnd> {
  requireVagrant()
  // After these, the machine is down, or has another address.
  if (['halt', 'destroy', 'reload', 'suspend'].includes(args[0] ?? ''))
    rmSync(sshConfig, { force: true })
  return handOver({ program: 'vagrant', args, env: environment, output })
}

/** Whether the machine was up at the last look. Only a connection shows whether it still is. */
export function wasUp(): boolean {
  return existsSync(sshConfig)
}

/** Decides as the Vagrantfile does: without KVM, libvirt emulates the processor, which is ten times slower. */
export function isEmulated(): boolean {
  const { NETDOJO_VM_EMULATE } = process.env
  if (NETDOJO_VM_EMULATE !== undefined) return NETDOJO_VM_EMULATE === '1'
  if (process.platform !== 'linux') return false
  // Some virtual machines have a /dev/kvm that starts no guest: the flags of their processor lack vmx and svm.
  const isAble =
    process.arch !== 'x64' ||
    /^flags\s*:.* (vmx|svm)\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'))
  return !isAble || !existsSync('/dev/kvm')
}

/** @throws NetdojoError `sandbox-refused` that names every missing program. */
export function requireVagrant(): void {
  const missing = ['vagrant', 'ssh', 'rsync'].filter((tool) => !isInstalled(tool))
  if (missing.length === 0) return
  throw new NetdojoError({
    code: 'sandbox-refused',
    operation: 'start',
    object: 'the virtual machine',
    reason: `these programs are not installed: ${missing.join(', ')}`,
    advice: [
      ...(process.platform === 'linux'
        ? ['npm run vm -- up installs everything that is missing, or prints the command that does']
        : [
            'install Vagrant: https://developer.hashicorp.com/vagrant',
            'install VirtualBox: https://www.virtualbox.org',
          ]),
      'use another sandbox: --in namespaces (Linux), --in container (needs Docker)',
    ],
  })
}
