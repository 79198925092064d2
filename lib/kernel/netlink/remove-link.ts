// Removes a device, and goes on as soon as it is gone: the kernel takes it off its list at once, and then everybody sees so; but the
// call itself returns only when its readers have let go of it (RCU; netdev_run_todo in net/core/dev.c), 16 to 40 ms later.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Libc } from './libc.ts'
import { request, type Message } from './message.ts'
import { NetlinkSocket } from './socket.ts'

/** RTM_GETLINK. */
const getLink = 18
/** NLMSG_ERROR, with a negative errno: here ENODEV. */
const errorType = 2
const noSuchDevice = -19

/**
 * @param socket of the same namespace, to look by
 * @returns what the kernel says against it; `undefined` when the device is gone.
 */
export async function removeLink(
  libc: Libc,
  socket: NetlinkSocket,
  removal: { readonly message: Message; readonly netns: string | undefined },
): Promise<string | undefined> {
  const waiting = Symbol('waiting')
  const end = remove(libc, removal)
  for (;;) {
    const outcome = await Promise.race([end, sleep(1, waiting)])
    if (outcome !== waiting) return outcome
    if (isGone(socket, removal.message)) return undefined
  }
}

async function remove(
  libc: Libc,
  { message, netns }: Parameters<typeof removeLink>[2],
): Promise<string | undefined> {
  using own = new NetlinkSocket(libc, 'route', netns)
  return await own.tellAside(message)
}

/** By its index, in struct ifinfomsg: another one may have its name by now. */
function isGone(socket: NetlinkSocket, { body }: Message): boolean {
  const header = Buffer.alloc(16)
  header.writeInt32LE(body.readInt32LE(4), 4)
  return socket
    .ask({ type: getLink, flags: request, body: header })
    .some((answer) => answer.type === errorType && answer.body.readInt32LE(0) === noSuchDevice)
}
