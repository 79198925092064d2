// Applies a batch of `ip` operations by rtnetlink, in order, in the batch's network namespace.
import { closeSync } from 'node:fs'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { constants } from 'node:os'
import type { LinkOperation, Operation, RemoteOperation } from '../operation.ts'
import { refusalBy, type ApplyOptions, type Batch, type Refusal } from '../plan.ts'
import { ipLine, isLink } from '../programs/ip.ts'
import { writeSysctl } from '../sysctl.ts'
import type { Message } from './codec.ts'
import { NLM_F } from './constants.ts'
import { inNamespace, openNamespace, type Libc } from './libc.ts'
import { emptyChange, linkIndex, linkMessage, linkRequest, type Names } from './link.ts'
import { NetlinkError, NetlinkSocket } from './socket.ts'

export async function applyLinks(
  libc: Libc,
  { netns, operations }: Batch,
  { tolerant }: ApplyOptions,
): Promise<readonly Refusal[]> {
  // Every operation must be a valid command: a value that is not one word is refused, although no command is written here.
  for (const operation of operations) if (isLink(operation)) ipLine(operation)
  const refusals: Refusal[] = []
  // It is opened for the first operation that needs it. Sysctls need none.
  using sockets = new DisposableStack()
  let opened: NetlinkSocket | undefined
  const socket = () => (opened ??= sockets.use(new NetlinkSocket(libc, 'ROUTE', netns)))
  for (let at = 0; at < operations.length;) {
    const entries = entriesAt(operations, at)
    const [operation] = operations.slice(at, at + 1)
    at += Math.max(1, entries.length)
    try {
      if (entries.length > 1) refusals.push(...sendEntries(socket(), entries))
      else if (operation) await applyOne({ libc, socket, netns }, operation)
    } catch (error) {
      if (operation) refusals.push(refusalBy(error, operation))
    }
    if (refusals.length > 0 && !tolerant) break
    // Ten thousand entries take a while, in which the process must also tell the other machines that it is alive.
    if (entries.length === mostEntries) await setImmediate()
  }
  return refusals
}

/** With the receive buffer of a socket (net.core.rmem_default), the kernel can refuse each of them. */
const mostEntries = 100

/** The operations from here on that need no answer before the next one: each sets or removes one entry, whatever was there. */
function entriesAt(operations: readonly Operation[], from: number): readonly RemoteOperation[] {
  const entries: RemoteOperation[] = []
  for (let at = from; at < operations.length && entries.length < mostEntries; at++) {
    const operation = operations[at]
    if (!operation || !isEntry(operation)) break
    entries.push(operation)
  }
  return entries
}

function isEntry(operation: Operation): operation is RemoteOperation {
  return /^(replace|remove)-(forwarding-entry|neighbour)$/.test(operation.kind)
}

/** Sends one datagram for all of them. */
function sendEntries(
  socket: NetlinkSocket,
  entries: readonly RemoteOperation[],
): readonly Refusal[] {
  const indexes = new Map<string, number>()
  const names: Names = {
    indexOf: (link) => {
      const index = indexes.get(link) ?? indexOf(socket, link)
      indexes.set(link, index)
      return index
    },
    open: () => {
      throw new Error('an entry names no namespace')
    },
  }
  const refusals: Refusal[] = []
  const asked: { readonly entry: RemoteOperation; readonly message: Message }[] = []
  for (const entry of entries) {
    try {
      const message = linkMessage(entry, names)
      // Without an acknowledgement, the kernel answers only what it refuses.
      asked.push({ entry, message: { ...message, flags: message.flags & ~NLM_F.ACK } })
    } catch (error) {
      refusals.push(refusalBy(error, entry))
    }
  }
  if (asked.length === 0) return refusals
  for (const [index, error] of socket.sendAll(asked.map(({ message }) => message))) {
    const entry = asked[index]?.entry
    if (entry) refusals.push(refusalBy(error, entry))
  }
  return refusals
}

type Namespace = {
  readonly libc: Libc
  readonly socket: () => NetlinkSocket
  readonly netns: string | undefined
}

async function applyOne(namespace: Namespace, operation: Operation): Promise<void> {
  const { libc, netns } = namespace
  if (operation.kind === 'set-sysctl') inNamespace(libc, netns, () => writeSysctl(operation))
  else if (isLink(operation)) await change(namespace, operation)
}

async function change(
  namespace: Namespace,
  operation: LinkOperation | RemoteOperation,
): Promise<void> {
  const socket = namespace.socket()
  const opened: number[] = []
  const open = (netns: string) => {
    const descriptor = openNamespace(netns)
    opened.push(descriptor)
    return descriptor
  }
  try {
    const message = linkMessage(operation, { indexOf: (link) => indexOf(socket, link), open })
    if (operation.kind === 'remove-link') await removeLink(namespace, message)
    else socket.request(message)
  } finally {
    for (const descriptor of opened) closeSync(descriptor)
  }
}

function indexOf(socket: NetlinkSocket, link: string): number {
  try {
    const [reply] = socket.request(linkRequest(link))
    if (reply) return linkIndex(reply)
  } catch (error) {
    if (!(error instanceof NetlinkError)) throw error
  }
  // The words of `ip`.
  throw new NetlinkError(constants.errno.ENODEV, `Cannot find device "${link}"`)
}

/**
 * Removes a link, and returns as soon as it is gone. The kernel removes it under its lock for changes (RTNL) in a millisecond, but the
 * call itself returns 16 to 40 ms later, when the device's readers have let go of it (RCU; netdev_run_todo in net/core/dev.c).
 */
async function removeLink({ libc, socket, netns }: Namespace, message: Message): Promise<void> {
  const removal = remove(libc, netns, message)
  // Once the link is gone, nothing awaits this call.
  removal.catch(() => {})
  const waiting = Symbol('waiting')
  for (;;) {
    if (await isGone(socket(), linkIndex(message))) return
    const outcome = await Promise.race([removal, sleep(1, waiting)])
    if (outcome !== waiting) return
  }
}

async function remove(libc: Libc, netns: string | undefined, message: Message): Promise<void> {
  using own = new NetlinkSocket(libc, 'ROUTE', netns)
  await own.requestAsync(message)
}

/**
 * Asks by index, because another link may already have the name. The request changes nothing: it only waits, in a thread, for the
 * lock that the removal holds.
 */
async function isGone(socket: NetlinkSocket, index: number): Promise<boolean> {
  try {
    await socket.requestAsync(emptyChange(index))
    return false
  } catch (error) {
    return error instanceof NetlinkError && error.errno === constants.errno.ENODEV
  }
}
