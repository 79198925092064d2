// Interprets the kernel's refusals: which ones mean that the object is already gone, and which error the user gets for the
// others.
import { NetdojoError, type ErrorCode } from '../errors.ts'
import { commandOf } from './command.ts'
import type { Operation } from './operation.ts'
import type { Refusal } from './plan.ts'

/** Whether a removal was refused because its object does not exist, or belongs to another program. */
export function isGone({ operation, message }: Refusal): boolean {
  if (!/^(remove|flush)-/.test(operation.kind)) return false
  // An element with other data belongs to another program.
  if (operation.kind === 'remove-element' && /File exists/.test(message)) return true
  return /Cannot find device|Cannot assign requested address|address not found|FIB table does not exist|No such (process|device|file)|Bad rule|No chain\/target\/match|does a matching rule exist|does not exist|cannot open/i.test(
    message,
  )
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
  return 'body' in operation ? `nft add table inet ${operation.table}` : commandOf(operation)
}

type Meaning = { readonly code: ErrorCode; readonly reason?: string; readonly advice?: string }

function meaning({ operation, message }: Refusal): Meaning {
  const says = (pattern: RegExp) => pattern.test(message)
  if (operation.kind === 'create-element' && says(/File exists/))
    return {
      code: 'port-in-use',
      reason: `host port ${operation.key.at(-1)}/${operation.key.at(-2)} is already published`,
    }
  if (operation.kind === 'create-table' && says(/File exists/)) return takenMeaning(operation.table)
  if ((operation.kind === 'add-bridge' || operation.kind === 'add-veth') && says(/File exists/))
    return {
      code: 'interface-exists',
      reason: existing(operation),
      advice: 'choose another interface name, or remove the interface if nothing uses it',
    }
  if (says(/network namespace|nsenter: (cannot open|reassociate)|Invalid "netns" value/i))
    return {
      code: 'netns-missing',
      reason: `no network namespace exists at ${netnsOf(operation)}`,
      advice: 'create it with ip netns add NAME, or choose one that ip netns list shows',
    }
  if (says(/Exchange full/))
    return {
      code: 'network-full',
      reason: 'a Linux bridge can have 1,023 ports, and this bridge has all of them',
      advice: 'connect to another network, or create one',
    }
  if (says(/Operation not permitted|Permission denied|you must be root/i))
    return {
      code: 'not-permitted',
      reason: plain(message),
      advice: 'run as root, or in a network namespace of your own: npm run shell',
    }
  return { code: 'kernel-refused' }
}

/** A veth's own end is always in the current namespace. */
function netnsOf(operation: Operation): string {
  if (operation.kind === 'add-veth') return operation.peer.netns
  return ('netns' in operation ? operation.netns : undefined) ?? 'the path'
}

/** The kernel does not say which end of a veth pair exists. */
function existing(operation: Extract<Operation, { kind: 'add-bridge' | 'add-veth' }>): string {
  return operation.kind === 'add-bridge'
    ? `an interface named ${operation.link} already exists`
    : `an interface named ${operation.peer.link} already exists in the container, or ${operation.link} on the host`
}

/** The error when another program owns the nft table. */
export function tableTaken(table: string): NetdojoError {
  const { advice, ...meaning } = takenMeaning(table)
  return new NetdojoError({
    operation: 'use',
    object: `nft table inet ${table}`,
    ...meaning,
    advice: [advice],
  })
}

function takenMeaning(table: string) {
  return {
    code: 'firewall-taken' as const,
    reason: `the table inet ${table} already exists, and it does not belong to these networks`,
    advice: `open these networks with another label, or, if nothing uses the table: nft delete table inet ${table}`,
  }
}
