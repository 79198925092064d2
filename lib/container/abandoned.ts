// Whether nobody sees to the end of a container any more.
import { isAlive } from '../exec/processes.ts'
import type { ContainerRecord } from './records.ts'

export function isAbandoned({ status, keeper }: ContainerRecord, bootId: string): boolean {
  if (status === 'exited') return false
  return keeper.boot !== bootId || !(isAlive(keeper.starter) || isAlive(keeper.monitor))
}
