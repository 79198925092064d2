// What `ip -batch` does, by netlink: the operations of one batch, in order, in its network namespace.
import { closeSync, writeFileSync } from 'node:fs'
import type { ApplyOptions } from '../applier.ts'
import type { Batch } from '../batch.ts'
import { isLink, ipLine } from '../ip-line.ts'
import type { LinkOperation, SysctlOperation } from '../operation.ts'
import type { Refusal } from '../refusal.ts'
import { word } from '../word.ts'
import { inNamespace, openNamespace } from './in-namespace.ts'
import type { Libc } from './libc.ts'
import { linkMessage } from './link-message.ts'
import { request, text } from './message.ts'
import { removeLink } from './remove-link.ts'
import { NetlinkSocket } from './socket.ts'

/** RTM_GETLINK, with IFLA_IFNAME. */
const getLink = 18
const nameAttribute = 3

export async function runLinks(
  libc: Libc,
  { netns, operations }: Batch,
  { tolerant }: ApplyOptions,
): Promise<readonly Refusal[]> {
  // What is not a word is refused, although no line is written of it: all that is done can be shown as a command.
  for (const operation of operations) if (isLink(operation)) ipLine(operation)
  const refusals: Refusal[] = []
  let socket: NetlinkSocket | undefined
  try {
    for (const operation of operations) {
      const message = await attempt(operation)
      if (message === undefined) continue
      refusals.push({ operation, message })
      if (!tolerant) break
    }
  } finally {
    socket?.[Symbol.dispose]()
  }
  return refusals

  async function attempt(operation: Batch['operations'][number]): Promise<string | undefined> {
    try {
      if (operation.kind === 'set-sysctl') return inNamespace(libc, netns, () => set(operation))
      if (!isLink(operation)) return undefined
      socket ??= new NetlinkSocket(libc, 'route', netns)
      return await change({ libc, socket, netns }, operation)
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
}

type Place = {
  readonly libc: Libc
  readonly socket: NetlinkSocket
  readonly netns: string | undefined
}

/** A switch that this kernel does not have (no IPv6) has nothing to switch. */
function set({ key, value }: SysctlOperation): undefined {
  try {
    // Without O_TRUNC and O_CREAT, which files of /proc do not take.
    writeFileSync(`/proc/sys/${word(key)}`, value, { flag: 'r+' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
}

async function change(
  { libc, socket, netns }: Place,
  operation: LinkOperation,
): Promise<string | undefined> {
  const opened: number[] = []
  const open = (netns: string) => {
    const descriptor = openNamespace(netns)
    opened.push(descriptor)
    return descriptor
  }
  try {
    const message = linkMessage(operation, { indexOf: (link) => indexOf(socket, link), open })
    return operation.kind === 'remove-link'
      ? await removeLink(libc, socket, { message, netns })
      : socket.tell(message)
  } finally {
    for (const descriptor of opened) closeSync(descriptor)
  }
}

function indexOf(socket: NetlinkSocket, link: string): number {
  const body = Buffer.concat([Buffer.alloc(16), text(nameAttribute, link)])
  const [answer] = socket.ask({ type: getLink, flags: request, body })
  // RTM_NEWLINK, struct ifinfomsg.
  if (answer?.type === 16) return answer.body.readInt32LE(4)
  throw new Error(`Cannot find device "${link}"`)
}
