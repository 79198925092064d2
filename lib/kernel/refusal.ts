// What the kernel's refusals mean: which say that a thing is gone already, and how one is told to the user.
import { NetdojoError, type ErrorCode } from '../errors.ts'
import { commandOf } from './command.ts'
import type { Operation } from './operation.ts'

/** One operation that was refused, in the tool's own words. */
export type Refusal = { readonly operation: Operation; readonly message: string }

/** While removing: nothing was there to remove, or what is there is somebody else's. */
export function isGone({ operation, message }: Refusal): boolean {
  if (!/^(remove|flush)-/.test(operation.kind)) return false
  // An element that leads somewhere else is not the one that we were to remove.
  if (operation.kind === 'remove-element' && /File exists/.test(message)) return true
  return /Cannot find device|Cannot assign requested address|address not found|FIB table does not exist|No such (process|device|file)|Bad rule|No chain\/target\/match|does a matching rule exist|does not exist|cannot open/i.test(
    message,
  )
}

/** The refusal as an error, with the command that the user can try by hand. */
export function refused(refusal: Refusal): NetdojoError {
  const { code, reason, advice } = meaning(refusal)
  return new NetdojoError({
    code,
    operation: 'run',
    object: `"${shortCommand(refusal.operation)}"`,
    reason: reason ?? (refusal.message.trim() || 'the kernel refused it'),
    ...(advice === undefined ? {} : { advice: [advice] }),
  })
}

function shortCommand(operation: Operation): string {
  return 'body' in operation ? `nft add table inet ${operation.table}` : commandOf(operation)
}

type Meaning = { readonly code: ErrorCode; readonly reason?: string; readonly advice?: string }

function meaning({ operation, message }: Refusal): Meaning {
  const says = (pattern: RegExp) => pattern.test(message)
  if (operation.kind === 'create-element' && says(/File exists/))
    return { code: 'port-in-use', reason: 'the port is published already' }
  if (operation.kind === 'create-table' && says(/File exists/)) return tableTaken(operation.table)
  if (/^add-(bridge|veth)$/.test(operation.kind) && says(/File exists/))
    return {
      code: 'interface-exists',
      reason: 'an interface of that name is there and is not ours',
      advice: 'choose another interface name, or remove the interface if it is nobody’s',
    }
  if (says(/network namespace|nsenter: (cannot open|reassociate)|Invalid "netns" value/i))
    return {
      code: 'netns-missing',
      reason: 'there is no network namespace at that path',
      advice: 'ip netns add NAME makes one, and ip netns list shows those that are there',
    }
  if (says(/Exchange full/))
    return {
      code: 'network-full',
      reason: 'a Linux bridge takes 1,023 ports and this one has them',
      advice: 'create another network',
    }
  if (says(/Operation not permitted|Permission denied|you must be root/i))
    return {
      code: 'not-permitted',
      reason: message.trim(),
      advice: 'run as root, or in a network namespace of your own: npm run shell',
    }
  return { code: 'kernel-refused' }
}

/** There is a table of our name that is not ours. */
export function taken(table: string): NetdojoError {
  const { advice, ...meaning } = tableTaken(table)
  return new NetdojoError({
    operation: 'use',
    object: `nft table inet ${table}`,
    ...meaning,
    advice: [advice],
  })
}

function tableTaken(table: string) {
  return {
    code: 'firewall-taken' as const,
    reason: `there is a table inet ${table} that these networks did not make`,
    advice: `open these networks with a label of their own, or, if nobody uses it: nft delete table inet ${table}`,
  }
}
