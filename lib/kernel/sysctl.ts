// Reads and writes sysctls in the current network namespace; a sysctl that this kernel lacks is skipped (without IPv6, for
// example).
import { readFileSync, writeFileSync } from 'node:fs'
import { word, type SysctlOperation } from './operation.ts'
import { refusalBy, type RunBatch } from './plan.ts'

/** @throws Error when the kernel refuses it. */
export function writeSysctl({ key, value, before }: SysctlOperation): void {
  try {
    if (before !== undefined && readFileSync(`/proc/sys/${word(key)}`, 'utf8').trim() !== before)
      return
    // Files of /proc accept neither O_TRUNC nor O_CREAT.
    writeFileSync(`/proc/sys/${word(key)}`, value, { flag: 'r+' })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EINVAL') throw new Error(`${key} does not accept '${value}'`, { cause: error })
    if (code !== 'ENOENT') throw error
  }
}

/** @param key its path below /proc/sys. @returns undefined for a sysctl that this kernel lacks */
export function readSysctl(key: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${key}`, 'utf8').trim()
  } catch {
    return undefined
  }
}

export const runSysctls: RunBatch = ({ operations }) => {
  const sysctls = operations.filter((operation) => operation.kind === 'set-sysctl')
  const refusals = sysctls.flatMap((operation) => {
    try {
      writeSysctl(operation)
      return []
    } catch (error) {
      return [refusalBy(error, operation)]
    }
  })
  return Promise.resolve(refusals)
}
