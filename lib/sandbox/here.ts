// The sandbox `here`: the world on this very machine, for use inside a virtual machine; see here.sh for what it leaves alone.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NetdojoError } from '../errors.ts'
import { sandboxEnvironment, type Command } from './namespaces.ts'
import { sandboxName } from './backend.ts'

/** Like `inNamespaces`. */
export function inHere(inside: readonly string[]): Command {
  return {
    program: 'setpriv',
    args: ['--pdeathsig=KILL', 'bash', join(import.meta.dirname, 'here.sh'), ...inside],
    env: sandboxEnvironment(),
  }
}

/** @throws NetdojoError `sandbox-refused` unless we are root of a virtual machine, or `agreed`. */
export function requireHere(agreed: boolean): void {
  const advice = [
    'in a virtual machine of its own: --in vm',
    'without a virtual machine, and without root: --in namespaces',
  ]
  if (process.platform !== 'linux') throw refusal('this is not Linux', advice)
  if (process.getuid?.() !== 0) throw refusal('it is for root', advice)
  if (agreed || isVirtualMachine()) return
  throw refusal('this is no virtual machine, and it may be dear to somebody', [
    ...advice,
    'this machine it shall be: --in here --yes',
  ])
}

/** What the processor says to programs (CPUID, bit 31 of leaf 1), or else the firmware. */
function isVirtualMachine(): boolean {
  return (
    /^flags\s*:.*\bhypervisor\b/m.test(read('/proc/cpuinfo')) ||
    /QEMU|KVM|VMware|VirtualBox|Virtual Machine|Xen|Apple Virtualization|Google|Amazon EC2/.test(
      read('/sys/class/dmi/id/sys_vendor') + read('/sys/class/dmi/id/product_name'),
    )
  )
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function refusal(reason: string, advice: readonly string[]): NetdojoError {
  return new NetdojoError({
    code: 'sandbox-refused',
    operation: 'start',
    object: sandboxName('here'),
    reason,
    advice,
  })
}
