// Makes sure that a path is a network namespace and not the host's own: an address set there would be the host's.
import { lstatSync, readlinkSync, statfsSync, statSync, type Stats } from 'node:fs'
import { NetdojoError } from '../errors.ts'

/** statfs(2): the file system of which namespaces are files. */
const NSFS_MAGIC = 0x6e736673

/**
 * The inode of the namespace, which tells it from others for as long as it lives.
 * @throws NetdojoError `netns-missing` or `netns-is-host`
 */
export function namespaceInode(netns: string): number {
  const found = statusOf(netns)
  if (found === undefined) throw missing(netns, 'there is nothing at that path')
  // Below /proc the kernel tells the kind: `net:[4026531840]`. A file under /run/netns does not.
  const isOther = lstatSync(netns).isSymbolicLink() && /^(?!net\b)\w+:\[/.test(readlinkSync(netns))
  if (statfsSync(netns).type !== NSFS_MAGIC || isOther)
    throw missing(netns, 'what is at that path is no network namespace')
  if (found.ino === statSync('/proc/self/ns/net').ino)
    throw new NetdojoError({
      code: 'netns-is-host',
      operation: 'connect',
      object: netns,
      reason: 'it is the network namespace that the network itself is in',
      advice: ['make one for the container: ip netns add NAME'],
    })
  return found.ino
}

/** Undefined also for a path that cannot be one: a part of it is too long, or is no directory. */
function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

function missing(netns: string, reason: string): NetdojoError {
  return new NetdojoError({
    code: 'netns-missing',
    operation: 'find the network namespace',
    object: netns,
    reason,
    advice: [
      'ip netns add NAME makes one at /run/netns/NAME',
      'that of a running process is /proc/PID/ns/net',
    ],
  })
}
