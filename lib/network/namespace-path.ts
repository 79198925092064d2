// Checks that a path is a network namespace and not the host's own: an address set there would be the host's.
import { lstatSync, readlinkSync, statfsSync, statSync, type Stats } from 'node:fs'
import { NetdojoError } from '../errors.ts'

/** statfs(2): the file system in which namespaces are files. */
const NSFS_MAGIC = 0x6e736673

/**
 * Returns the inode of the namespace, which no other namespace has while this one exists.
 * @throws NetdojoError `netns-missing` or `netns-is-host`
 */
export function namespaceInode(netns: string): number {
  const found = statusOf(netns)
  if (found === undefined) throw missing(netns, 'the path does not exist')
  // Below /proc a link names the kind of a namespace: `net:[4026531840]`. A file under /run/netns does not.
  const isOther = lstatSync(netns).isSymbolicLink() && /^(?!net\b)\w+:\[/.test(readlinkSync(netns))
  if (statfsSync(netns).type !== NSFS_MAGIC || isOther)
    throw missing(netns, 'the path must be a network namespace, and it is something else')
  if (found.ino === statSync('/proc/self/ns/net').ino)
    throw new NetdojoError({
      code: 'netns-is-host',
      operation: 'connect',
      object: netns,
      reason: 'the namespace of a container must not be the namespace of the network itself',
      advice: ['create one for the container: ip netns add NAME'],
    })
  return found.ino
}

/** The inode of the file at a path; undefined without one. */
export function inodeAt(path: string): number | undefined {
  return statusOf(path)?.ino
}

/** Undefined also for an impossible path: a part of it is too long, or is not a directory. */
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
      'ip netns add NAME creates a namespace at /run/netns/NAME',
      'the namespace of a running process is /proc/PID/ns/net',
    ],
  })
}
