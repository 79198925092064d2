// Whether we are root of a user namespace only: then some of what root may do is refused by the kernel.
import { readFileSync } from 'node:fs'

let known: boolean | undefined

export function isOwnUserNamespace(): boolean {
  // user_namespaces(7): the first one maps every id to itself.
  known ??= !/^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'))
  return known
}
