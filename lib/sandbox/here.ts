// Starts the sandbox backend `here`: the world on this machine itself, for use in a virtual machine. here.sh leaves the machine's own network alone.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NetdojoError } from '../errors.ts'
import { sandboxEnvironment, type Command } from './namespaces.ts'
import { sandboxName } from './backend.ts'

/** The command that runs `inside` on the node `host`, as `inNamespaces` does. */
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
    'use a virtual machine of its own: --in vm',
    'use namespaces, which need neither a virtual machine nor root: --in namespaces',
  ]
  if (process.platform !== 'linux')
    throw refusal(`\`--in here\` must run on Linux, not on ${process.platform}`, advice)
  if (process.getuid?.() !== 0)
    throw refusal(`\`--in here\` must run as root, not as user ${process.getuid?.()}`, advice)
  if (agreed || isVirtualMachine()) return
  throw refusal(
    'this does not look like a virtual machine, and `--in here` changes the machine itself',
    [...advice, 'use this machine nevertheless: --in here --yes'],
  )
}

/** Asks the processor (CPUID, bit 31 of leaf 1), then the firmware. */
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
