// Prints the network state of all nodes as JSON, or draws it as a picture.
import { takeSnapshot } from '../../observe/snapshot/take.ts'
import { topologyOf, type Topology } from '../../observe/topology/topology.ts'
import type { CommandFile } from '../shared/command.ts'

export const snapshot: CommandFile = {
  define: (command) => {
    command.addHelpText(
      'after',
      `
The nodes are the host and all network namespaces. docs/snapshot.md describes
the JSON.

Example:
  netdojo snapshot | jq .nodes`,
    )
  },
  run: async (terminal) => terminal.write(`${JSON.stringify(await takeSnapshot(), null, 2)}\n`),
}

type Options = { readonly format: 'text' | 'svg' | 'mermaid' | 'json'; readonly ascii?: true }

export const topology: CommandFile = {
  define: (command) => {
    command
      .addOption(
        command
          .createOption('-f, --format <format>', 'the output format')
          .choices(['text', 'svg', 'mermaid', 'json'])
          .default('text'),
      )
      .option('--ascii', 'text without line-drawing characters')
      .addHelpText('after', examples)
  },
  run: async (terminal, _, options: Options) => {
    const snapshot = await takeSnapshot()
    for (const { node, what, reason } of snapshot.unread)
      if (what === 'all') terminal.writeError(`netdojo: ${node} is not in the picture: ${reason}\n`)
    terminal.write(await drawn(topologyOf(snapshot), options, terminal.columns))
  },
}

const examples = `
The picture shows the host, all network namespaces, and the links between them.

Examples:
  netdojo topology
  netdojo topology --format svg > network.svg
  netdojo topology --format mermaid          for a README`

async function drawn(
  topology: Topology,
  { format, ascii }: Options,
  columns: number,
): Promise<string> {
  switch (format) {
    case 'json':
      return `${JSON.stringify(topology, null, 2)}\n`
    case 'mermaid':
      return (await import('../../observe/topology/mermaid.ts')).topologyMermaid(topology)
    case 'svg':
      return (await import('../../observe/topology/svg.ts')).topologySvg(topology)
    case 'text': {
      const { topologyText } = await import('../../observe/topology/text.ts')
      const { usualCharset } = await import('../../observe/topology/canvas.ts')
      return topologyText(topology, { columns, charset: ascii ? 'ascii' : usualCharset() })
    }
  }
}
