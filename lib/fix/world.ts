// A broken network on the real kernel: built by its own commands, in a sandbox that nobody else uses.
import { NetdojoError } from '../errors.ts'
import { namespaceTarget, thisMachine, type ExecTarget } from '../exec/target.ts'
import { labNode, type LabNode, type LabCommand } from '../scenario/node.ts'
import type { BrokenNetwork, Nodes } from './broken.ts'

/** The nodes of a sandbox; nobody is told of the commands on them. */
export function nodesOf(host: ExecTarget = thisMachine, targetOf = namespaceTarget): Nodes {
  const silently = ({ run }: LabCommand) => run()
  const nodes = new Map<string, LabNode>()
  const namespace = (name: string) => {
    const node = nodes.get(name) ?? labNode(name, targetOf(name), silently)
    nodes.set(name, node)
    return node
  }
  return {
    host: labNode('host', host, silently),
    outside: namespace('outside'),
    namespace,
  }
}

/** @throws NetdojoError `program-failed`: then this machine cannot have that network, and nobody is to be judged by it. */
export async function build(broken: BrokenNetwork, nodes: Nodes): Promise<void> {
  await must(broken, 'build', broken.network, nodes)
  await Promise.all(
    broken.servers.map(([name, ...args]) => serve(broken, nodes.namespace(name), args)),
  )
  await must(broken, 'break', broken.fault, nodes)
}

/** Runs commands as a person types them: each, whatever became of the one before. */
export function typeOn(node: LabNode, commands: string): ReturnType<LabNode['ask']> {
  // zx quotes values, and these are no values but the line itself.
  return node.ask(Object.assign([commands], { raw: [commands] }))
}

async function must(
  { name }: BrokenNetwork,
  operation: string,
  commands: string,
  { host }: Nodes,
): Promise<void> {
  const { exitCode, stderr } = await typeOn(host, `set -e\n${commands}`)
  if (exitCode !== 0) throw broke(name, operation, stderr)
}

async function serve(
  { name }: BrokenNetwork,
  node: LabNode,
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
