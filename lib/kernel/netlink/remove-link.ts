// Removes a device, and goes on as soon as it is gone: the kernel takes it away, with all that hangs on it, under its lock for
// changes (RTNL), in a millisecond; but the call itself returns only when the device's readers have let go of it (RCU;
// netdev_run_todo in net/core/dev.c), 16 to 40 ms later.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Libc } from './libc.ts'
import { request, type Message } from './message.ts'
import { NetlinkSocket } from './socket.ts'

/** RTM_SETLINK. */
const setLink = 19

type Removal = { readonly message: Message; readonly netns: string | undefined }

/**
 * @param socket of the same namespace, to look by
 * @returns what the kernel says against it; `undefined` when the device is gone.
 */
export async function removeLink(
  libc: Libc,
  socket: NetlinkSocket,
  removal: Removal,
): Promise<string | undefined> {
  const end = remove(libc, removal)
  // Whoever has seen that it is gone does not wait for the rest.
  end.catch(() => {})
  const waiting = Symbol('waiting')
  for (;;) {
    if (await isGone(socket, removal.message)) return undefined
    const outcome = await Promise.race([end, sleep(1, waiting)])
    if (outcome !== waiting) return outcome
  }
}

async function remove(libc: Libc, { message, netns }: Removal): Promise<string | undefined> {
  using own = new NetlinkSocket(libc, 'route', netns)
  return await own.tellAsync(message)
}

/**
 * By its index, since another one may have its name by now; and by a change of nothing, which waits for the lock that the removal
 * holds, in a thread.
 */
async function isGone(socket: NetlinkSocket, { body }: Message): Promise<boolean> {
  const header = Buffer.alloc(16)
  header.writeInt32LE(body.readInt32LE(4), 4)
  const refusal = await socket.tellAsync({ type: setLink, flags: request, body: header })
  return refusal?.startsWith('No such device') ?? false
}
