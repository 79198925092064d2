// Waits for the kernel or for another process; on a busy machine it waits longer, because slowness is no failure.
import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/** The factor for a busy machine: the number of waiting processes per processor, at most ten. */
function slowness(): number {
  return Math.min(10, Math.max(1, (loadavg()[0] ?? 0) / availableParallelism()))
}

/** @returns whether the condition held within so many seconds of an idle machine. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  seconds: number,
): Promise<boolean> {
  const started = performance.now()
  for (;;) {
    if (await condition()) return true
    if (performance.now() - started > seconds * 1000 * slowness()) return false
    await sleep(50)
  }
}

/**
 * Calls `act` after so many seconds of an idle machine. The timer does not keep the process alive.
 * @returns a function that cancels it.
 */
export function afterPatience(seconds: number, act: () => void): () => void {
  const started = performance.now()
  let timer: NodeJS.Timeout
  const look = () => {
    const rest = started + seconds * 1000 * slowness() - performance.now()
    if (rest <= 0) act()
    else timer = setTimeout(look, rest).unref()
  }
  look()
  return () => clearTimeout(timer)
}
