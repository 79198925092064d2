// Follows the packets of a command that the learner names.
import { NetdojoError } from '../../errors.ts'
import type { Journey } from '../../observe/journey/journey.ts'
import type { CommandOutput } from '../../scenario/node.ts'
import { loadFollower } from '../../scenario/followed.ts'

export type FollowedLine = { readonly journey: Journey | null; readonly error: string | null }

/** @throws NetdojoError `usage` for an unknown node */
export async function followCommand(
  node: string,
  line: string,
  ask: () => Promise<CommandOutput>,
): Promise<FollowedLine> {
  const [{ findNode, findNodes }, { follow }] = await loadFollower()
  const nodes = findNodes()
  findNode(nodes, node)
  try {
    const { journey } = await follow({
      nodes,
      from: node,
      command: line,
      run: async () => {
        const { exitCode, stderr } = await ask()
        return { exitCode, stderr }
      },
    })
    return { journey, error: null }
  } catch (error) {
    if (!(error instanceof NetdojoError)) throw error
    return { journey: null, error: error.toText() }
  }
}
