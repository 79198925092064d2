// Interprets the kernel's refusals: which ones mean that the object is already gone, and which error the user gets for the
// others.
import { constants } from 'node:os'
import { NetdojoError, type ErrorCode, commandFor } from '../errors.ts'
import { commandOf } from './command.ts'
import type { Operation } from './operation.ts'
import { tableOf } from './programs/nft.ts'
import type { Refusal } from './plan.ts'

const { EACCES, EADDRNOTAVAIL, EEXIST, ENODEV, ENOENT, EPERM, ESRCH } = constants.errno
/** Node lacks these two: errno.h. */
const [EXFULL, EAFNOSUPPORT] = [54, 97]

type Reason = 'gone' | 'exists' | 'no namespace' | 'full' | 'not permitted' | 'other'

/** The kernel's reason decides. A program only prints words, which are read as those of this program alone. */
function reasonOf({ operation, errno, program, message, atNamespace }: Refusal): Reason {
  if (program !== undefined)
    return words[program].find(([, pattern]) => pattern.test(message))?.[0] ?? 'other'
  if (errno === EPERM) return 'not permitted'
  if (atNamespace) return 'no namespace'
  if (errno === EEXIST) return 'exists'
  if (errno === EXFULL) return 'full'
  // A file of /proc/sys belongs to root: EACCES says that this process is another user. Elsewhere it has other meanings.
  if (errno === EACCES && operation.kind === 'set-sysctl') return 'not permitted'
  const isGone = [ENODEV, ENOENT, ESRCH, EADDRNOTAVAIL].some((gone) => gone === errno)
  return isGone ? 'gone' : 'other'
}

/** The first pattern that matches counts. */
const words: Readonly<
  Record<NonNullable<Refusal['program']>, readonly (readonly [Reason, RegExp])[]>
> = {
  ip: [
    ['no namespace', /network namespace|nsenter: (cannot open|reassociate)|Invalid "netns" value/i],
    ['not permitted', /^RTNETLINK answers: Operation not permitted|: Operation not permitted$/m],
    ['full', /Exchange full/],
    ['exists', /^(RTNETLINK answers|Error): .*(File )?exists/im],
    [
      'gone',
      /Cannot find device|Cannot assign requested address|address not found|FIB table does not exist|No such (process|device|file)/i,
    ],
  ],
  nft: [
    ['not permitted', /Operation not permitted|you must be root/i],
    ['exists', /File exists/],
    ['gone', /No such file|does not exist/i],
  ],
  iptables: [
    ['not permitted', /Permission denied \(you must be root\)|Operation not permitted/i],
    [
      'gone',
      /Bad rule|No chain\/target\/match|does a matching rule exist|does not exist|No such file/i,
    ],
  ],
  conntrack: [['not permitted', /Operation not permitted/]],
}

/** Whether a removal was refused because its object does not exist, or belongs to another program. */
export function isGone(refusal: Refusal): boolean {
  const { kind } = refusal.operation
  if (!/^(remove|flush)-|^replace-route$/.test(kind)) return false
  const reason = reasonOf(refusal)
  // The default route moves because another endpoint leaves: the namespace may have ended, or have changed its own interfaces.
  if (kind === 'replace-route') return reason !== 'not permitted'
  // An element with other data belongs to another program.
  if (reason === 'exists') return kind === 'remove-element'
  return reason === 'gone' || reason === 'no namespace'
}

/** The refusal as an error that names the command, which the user can try by hand. */
export function refusalError(refusal: Refusal): NetdojoError {
  const { code, reason, advice } = meaning(refusal)
  return new NetdojoError({
    code,
    operation: 'run',
    object: `"${shortCommand(refusal.operation)}"`,
    reason: reason ?? (plain(refusal.message) || 'the kernel refused it without a message'),
    ...(advice === undefined ? {} : { advice: [advice] }),
  })
}

/** Without the decoration of `ip`, and without the full stop that the error's text gets itself. */
function plain(message: string): string {
  return message
    .trim()
    .replace(/^Error: /, '')
    .replace(/\.$/, '')
}

function shortCommand(operation: Operation): string {
  return 'body' in operation ? `nft add table ${tableOf(operation)}` : commandOf(operation)
}

type Meaning = { readonly code: ErrorCode; readonly reason?: string; readonly advice?: string }

function meaning(refusal: Refusal): Meaning {
  const { operation, errno, program, message } = refusal
  const reason = reasonOf(refusal)
  if (reason === 'exists' && operation.kind === 'create-element')
    return {
      code: 'port-in-use',
      reason: `host port ${operation.key.at(-1)}/${operation.key.at(-2)} is already published`,
    }
  if (reason === 'exists' && operation.kind === 'create-table') return takenMeaning(operation)
  if (reason === 'exists' && (operation.kind === 'add-bridge' || operation.kind === 'add-veth'))
    return {
      code: 'interface-exists',
      reason: existing(operation),
      advice: 'choose another interface name, or remove the interface if nothing uses it',
    }
  if (operation.kind === 'add-vxlan' && reason === 'exists') return takenTunnel(operation, message)
  if (operation.kind === 'add-vxlan' && message.includes('Unknown device type'))
    return {
      code: 'kernel-feature-missing',
      reason: 'the kernel has no VXLAN devices',
      advice: 'load the module: modprobe vxlan',
    }
  if (reason === 'exists' && operation.kind === 'add-forwarding-entry')
    return {
      code: 'kernel-refused',
      reason: `the forwarding table already has an entry for ${operation.mac} on ${operation.link}`,
    }
  if (reason === 'exists' && operation.kind === 'add-neighbour')
    return {
      code: 'kernel-refused',
      reason: `the neighbour table already has an entry for ${operation.address} on ${operation.link}`,
    }
  if (reason === 'no namespace')
    return {
      code: 'netns-missing',
      reason: `no network namespace exists at ${netnsOf(operation)}`,
      advice: 'create it with ip netns add NAME, or choose one that ip netns list shows',
    }
  if (reason === 'full')
    return {
      code: 'network-full',
      reason: 'a Linux bridge can have 1,023 ports, and this bridge has all of them',
      advice: 'connect to another network, or create one',
    }
  // ip(8) prints "Permission denied" for EACCES.
  const isDenied = errno === EACCES || (program === 'ip' && message.includes('Permission denied'))
  if (operation.kind === 'add-address' && operation.address.includes(':'))
    if (isDenied || errno === EAFNOSUPPORT)
      return {
        code: 'kernel-feature-missing',
        reason: `IPv6 is switched off for the interface ${operation.link}`,
        advice: `in the namespace of the interface: sysctl -w net.ipv6.conf.${operation.link}.disable_ipv6=0`,
      }
  if (reason === 'not permitted')
    return {
      code: 'not-permitted',
      reason: plain(message),
      advice: `run as root, or in a network namespace of your own: ${commandFor.shell}`,
    }
  return { code: 'kernel-refused' }
}

/** The kernel allows one device for each VNI and port; it says so, and is silent about a name that is taken. */
function takenTunnel(
  { link, vni, port }: Extract<Operation, { kind: 'add-vxlan' }>,
  message: string,
): Meaning {
  if (!/VNI|VXLAN/.test(message))
    return {
      code: 'interface-exists',
      reason: `an interface named ${link} already exists`,
      advice: 'choose another interface name, or remove the interface if nothing uses it',
    }
  return {
    code: 'interface-exists',
    reason: `a VXLAN device with the VNI ${vni} already exists on UDP port ${port}`,
    advice: 'choose another VNI, or remove that device: ip -d link show type vxlan',
  }
}

/** A veth's own end is always in the current namespace. */
function netnsOf(operation: Operation): string {
  if (operation.kind === 'add-veth') return operation.peer.netns ?? 'the path'
  return ('netns' in operation ? operation.netns : undefined) ?? 'the path'
}

/** The kernel does not say which end of a veth pair exists. */
function existing(operation: Extract<Operation, { kind: 'add-bridge' | 'add-veth' }>): string {
  return operation.kind === 'add-bridge'
    ? `an interface named ${operation.link} already exists`
    : operation.peer.netns === undefined
      ? `an interface named ${operation.peer.link} or ${operation.link} already exists on the host`
      : `an interface named ${operation.peer.link} already exists in the container, or ${operation.link} on the host`
}

/** The error when another program owns the nft table. */
export function tableTaken(table: TableName): NetdojoError {
  const { advice, ...meaning } = takenMeaning(table)
  return new NetdojoError({
    operation: 'use',
    object: `nft table ${tableOf(table)}`,
    ...meaning,
    advice: [advice],
  })
}

type TableName = Parameters<typeof tableOf>[0]

function takenMeaning(table: TableName) {
  return {
    code: 'firewall-taken' as const,
    reason: `the table ${tableOf(table)} already exists, and it does not belong to these networks`,
    advice: `if nothing uses the table: nft delete table ${tableOf(table)}; a program can also open its networks with another label`,
  }
}
