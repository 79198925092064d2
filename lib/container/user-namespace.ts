// Tells whether we are root only in a user namespace: there the kernel refuses some actions of root.
import { readFileSync } from 'node:fs'

let known: boolean | undefined

export function isOwnUserNamespace(): boolean {
  // user_namespaces(7): the initial user namespace maps every id to itself.
  known ??= !/^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'))
  return known
}
