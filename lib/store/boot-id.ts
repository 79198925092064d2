// Which boot of this machine is running: the kernel draws a new UUID at each (proc(5), /proc/sys/kernel/random/boot_id).
import { readFileSync } from 'node:fs'

export function readBootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}
