// Builds a broken network on the real kernel, by the network's own commands, in a sandbox of its own.
import { join } from 'node:path'
import { NetdojoError } from '../errors.ts'
import { shellQuote } from '../exec/shell-quote.ts'
import { namespaceTarget, thisMachine, type ExecTarget } from '../exec/target.ts'
import { labNode, type LabNode, type LabCommand } from '../scenario/node.ts'
import type { BrokenNetwork, Nodes } from './broken.ts'

/** The nodes of a sandbox. Commands on them are not emitted as events. */
export function nodesOf(host: ExecTarget = thisMachine, targetOf = namespaceTarget): Nodes {
  const runOnly = ({ run }: LabCommand) => run()
  const nodes = new Map<string, LabNode>()
  const namespace = (name: string) => {
    const node = nodes.get(name) ?? labNode(name, targetOf(name), runOnly)
    nodes.set(name, node)
    return node
  }
  return {
    host: labNode('host', host, runOnly),
    outside: namespace('outside'),
    namespace,
  }
}

/** @throws NetdojoError `program-failed` if a command fails: the learner must not be asked to repair such a network. */
export async function build(broken: BrokenNetwork, nodes: Nodes): Promise<void> {
  if (broken.machines !== undefined) await must(broken, 'build', wire(broken.machines), nodes)
  await must(broken, 'build', broken.network, nodes)
  await Promise.all(
    broken.servers.map(([name, ...args]) => serve(broken, nodes.namespace(name), args)),
  )
  await must(broken, 'break', broken.fault, nodes)
}

function wire(machines: number): string {
  return `sh ${shellQuote(join(import.meta.dirname, '../sandbox/world.sh'))} --machines ${machines}`
}

/** Runs commands as a person types them: a command that fails does not stop the next one. */
export function typeOn(node: LabNode, commands: string): ReturnType<LabNode['ask']> {
  // zx quotes the values of a template, and this text is the line itself.
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
  if (await server.hasPrinted(/^serving on/m)) return
  throw broke(name, 'start a server in', server.output())
}

function broke(name: string, operation: string, output: string): NetdojoError {
  return new NetdojoError({
    code: 'program-failed',
    operation,
    object: `the network '${name}'`,
    reason: output.trim() || 'a command failed without a message',
    advice: ['npm run doctor shows what this machine lacks'],
  })
}
