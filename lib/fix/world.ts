// A broken network on the real kernel: built by its own commands, in a sandbox that nobody else uses.
import { NetdojoError } from '../errors.ts'
import { namespacePlace, thisMachine } from '../exec/place.ts'
import { run, type ProgramResult } from '../exec/program.ts'
import { labNode, type Told } from '../scenario/node.ts'
import type { BrokenNetwork, Nodes } from './broken.ts'

/** The nodes of this sandbox; nobody is told of the commands on them. */
export function nodesHere(): Nodes {
  const silently = ({ run }: Told) => run()
  const namespaces = new Map<string, ReturnType<typeof labNode>>()
  const namespace = (name: string) => {
    const node = namespaces.get(name) ?? labNode(name, namespacePlace(name), silently)
    namespaces.set(name, node)
    return node
  }
  return {
    host: labNode('host', thisMachine, silently),
    outside: namespace('outside'),
    namespace,
  }
}

/** @throws NetdojoError `program-failed`: then this machine cannot have that network, and nobody is to be judged by it. */
export async function build(broken: BrokenNetwork, nodes: Nodes): Promise<void> {
  await must(broken, 'build', broken.network)
  await Promise.all(
    broken.servers.map(([name, ...args]) => serve(broken, nodes.namespace(name), args)),
  )
  await must(broken, 'break', broken.fault)
}

/** Runs commands on host as a person types them: each, whatever became of the one before. */
export function typeOnHost(commands: string): Promise<ProgramResult> {
  return run('bash', ['-c', commands], { allowFailure: true })
}

async function must({ name }: BrokenNetwork, operation: string, commands: string): Promise<void> {
  const { exitCode, stderr } = await typeOnHost(`set -e\n${commands}`)
  if (exitCode === 0) return
  throw broke(name, operation, stderr)
}

async function serve(
  { name }: BrokenNetwork,
  node: ReturnType<Nodes['namespace']>,
  args: readonly string[],
): Promise<void> {
  const server = node.start`serve ${args}`
  if (await server.says(/^serving on/m)) return
  throw broke(name, 'start a server in', server.output())
}

function broke(name: string, operation: string, said: string): NetdojoError {
  return new NetdojoError({
    code: 'program-failed',
    operation,
    object: `the network '${name}'`,
    reason: said.trim() || 'a command failed and said nothing',
    advice: ['npm run doctor tells what this machine lacks'],
  })
}
