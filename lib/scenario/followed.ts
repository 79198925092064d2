// Follows the packets of a probe. A machine that cannot follow packets does not make the scenario fail.
import { NetdojoError } from '../errors.ts'
import type { Probe } from './probe.ts'

/** @returns the journey, or the error's text if this machine cannot follow packets. */
export async function followed({ node, line, observe }: Probe) {
  const [{ findNodes }, { follow }] = await loadFollower()
  try {
    const { journey } = await follow({
      nodes: findNodes(),
      from: node.name,
      command: line,
      trusted: true,
      run: async () => {
        const { outcome, output } = await observe({ patience: 0, holds: () => true })
        return { exitCode: outcome === 'answered' ? 0 : 1, stderr: output }
      },
    })
    return { journey, error: null }
  } catch (error) {
    if (!(error instanceof NetdojoError)) throw error
    return { journey: null, error: error.toText() }
  }
}

/** Only scenarios that show a journey load the modules that follow one. */
export function loadFollower() {
  return Promise.all([import('../observe/nodes.ts'), import('../observe/journey/follow.ts')])
}
