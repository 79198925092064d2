// Turns the few words of a sandbox that did not start into an error that says whose fault it is and the ways out.
import { NetdojoError } from '../errors.ts'
import { sandboxName, type LocalBackend } from './backend.ts'

type Cause = {
  readonly pattern: RegExp
  readonly reason: string
  readonly advice: readonly string[]
}

const asRoot = 'run it as root: sudo npm run scenario …'
const inContainer = 'with Docker: --in container'
const inVirtualMachine = 'with Vagrant: --in vm'

const causes: readonly Cause[] = [
  {
    pattern: /^here: /m,
    reason: '',
    advice: [
      'sudo ip netns delete NAME removes one that is not needed any more',
      'a run that shares nothing with the machine: --in namespaces',
    ],
  },
  {
    pattern: /unshare failed: (Operation not permitted|No space left on device|Permission denied)/,
    reason: 'this machine does not let an ordinary user make namespaces',
    advice: [
      'Ubuntu 24.04 and later: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
      'Debian and others: sudo sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000',
      asRoot,
      inContainer,
      inVirtualMachine,
    ],
  },
  {
    // AppArmor lets the namespace be made and then takes the capabilities away: the next step fails.
    pattern:
      /write failed .*(uid_map|setgroups)|cannot (change root filesystem propagation|open .*uid_map)/,
    reason: 'a security module of this machine forbids user namespaces',
    advice: [
      'Ubuntu: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
      asRoot,
      inContainer,
      inVirtualMachine,
    ],
  },
  {
    pattern: /mount.*(\/proc|netdojo|\/run)|unshare: mount/,
    reason: 'mounting is refused here, as it is inside most containers',
    advice: ['run it outside of the container', inContainer, inVirtualMachine],
  },
  {
    pattern: /Unknown device type|Operation not supported/,
    reason: 'the kernel has no veth devices (CONFIG_VETH)',
    advice: ['sudo modprobe veth', inVirtualMachine],
  },
]

/** The error for a sandbox whose start said `startErrors` on descriptor 2. */
export function startError(
  startErrors: string,
  backend: LocalBackend = 'namespaces',
): NetdojoError {
  const said = startErrors.trim()
  const cause = causes.find(({ pattern }) => pattern.test(said))
  return new NetdojoError({
    code: cause ? 'sandbox-refused' : 'sandbox-failed',
    operation: 'start',
    object: sandboxName(backend),
    reason: [cause?.reason, said].filter(Boolean).join('\n  '),
    advice: cause?.advice ?? [inVirtualMachine],
  })
}
