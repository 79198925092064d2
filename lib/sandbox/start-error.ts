// Turns the messages of a sandbox that did not start into an error that says what refused it, and what to do instead.
import { NetdojoError, commandFor, isCheckout } from '../errors.ts'
import { sandboxName, type LocalBackend } from './backend.ts'

type Cause = {
  readonly pattern: RegExp
  readonly reason: string
  readonly advice: readonly string[]
}

const asRoot = `run it as root: sudo ${commandFor.scenario} …`
// The command of the installed package has no other backend.
const inContainer = isCheckout ? ['use a container (needs Docker): --in container'] : []
const inVirtualMachine = isCheckout ? ['use a virtual machine (needs Vagrant): --in vm'] : []

const causes: readonly Cause[] = [
  {
    pattern: /^here: /m,
    reason: '',
    advice: [
      'remove a namespace that is no longer needed: sudo ip netns delete NAME',
      ...(isCheckout
        ? ['use namespaces, which share nothing with the machine: --in namespaces']
        : []),
    ],
  },
  {
    pattern: /unshare failed: (Operation not permitted|No space left on device|Permission denied)/,
    reason: 'this machine does not allow an ordinary user to create namespaces',
    advice: [
      'Ubuntu 24.04 and later: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
      'Debian and others: sudo sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000',
      asRoot,
      ...inContainer,
      ...inVirtualMachine,
    ],
  },
  {
    // AppArmor allows the namespace and then removes its capabilities: the next step fails.
    pattern:
      /write failed .*(uid_map|setgroups)|cannot (change root filesystem propagation|open .*uid_map)/,
    reason: 'a security module of this machine forbids user namespaces',
    advice: [
      'Ubuntu: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
      asRoot,
      ...inContainer,
      ...inVirtualMachine,
    ],
  },
  {
    pattern: /mount.*(\/proc|netdojo|\/run)|unshare: mount/,
    reason: 'this environment does not allow mounts, as most containers do not',
    advice: ['run it outside of the container', ...inContainer, ...inVirtualMachine],
  },
  {
    pattern: /Unknown device type|Operation not supported/,
    reason: 'the kernel has no veth devices (CONFIG_VETH)',
    advice: ['load the module: sudo modprobe veth', ...inVirtualMachine],
  },
]

/** The error for a sandbox whose start wrote `startErrors` to descriptor 2. */
export function startError(
  startErrors: string,
  backend: LocalBackend = 'namespaces',
): NetdojoError {
  const messages = startErrors.trim()
  const cause = causes.find(({ pattern }) => pattern.test(messages))
  return new NetdojoError({
    code: cause ? 'sandbox-refused' : 'sandbox-failed',
    operation: 'start',
    object: sandboxName(backend),
    reason: [cause?.reason, messages].filter(Boolean).join('\n  '),
    advice: cause?.advice ?? inVirtualMachine,
  })
}
