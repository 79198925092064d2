// Follows the packets of a probe. A machine that cannot follow packets does not make the scenario fail.
import { NetdojoError } from '../errors.ts'
import type { Journey } from '../observe/journey/journey.ts'
import type { Observation, Probe } from './probe.ts'

/** `error` says why this machine cannot follow packets. */
export type FollowedProbe = {
  readonly journey: Journey | null
  readonly error: string | null
  readonly observation: Observation
}

/**
 * The packets of a probe that watches others are those of its sender.
 * @param ask asks the probe's question; without it, the probe is asked once.
 */
export async function followed(
  probe: Probe,
  ask: () => Promise<Observation> = () => probe.observe({ patience: 0, holds: () => true }),
): Promise<FollowedProbe> {
  const { node, line } = probe.during ?? probe
  const [{ findNodes }, { follow }] = await loadFollower()
  let observation: Observation | undefined
  try {
    const { journey } = await follow({
      nodes: findNodes(),
      from: node.name,
      command: line,
      trusted: true,
      run: async () => {
        observation = await ask()
        const { outcome, output } = observation
        // Nobody asked the sender whether it got an answer.
        if (probe.during) return { exitCode: null, stderr: '' }
        return { exitCode: outcome === 'answered' ? 0 : 1, stderr: output }
      },
    })
    return { journey, error: null, observation: observation ?? (await ask()) }
  } catch (error) {
    if (!(error instanceof NetdojoError)) throw error
    return { journey: null, error: error.toText(), observation: observation ?? (await ask()) }
  }
}

/** Only scenarios that show a journey load the modules that follow one. */
export function loadFollower() {
  return Promise.all([import('../observe/nodes.ts'), import('../observe/journey/follow.ts')])
}
