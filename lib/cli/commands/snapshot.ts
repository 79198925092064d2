// `netdojo topology`: a picture of the network that the kernel has at this moment.
import { Command, Option } from 'commander'
import type { Topology } from '../../observe/topology/topology.ts'
import type { Terminal } from '../shared/terminal.ts'

type Format = 'text' | 'svg' | 'mermaid' | 'json'

type Options = { readonly format: Format; readonly ascii?: true }

export function topologyCommand(terminal: Terminal): Command {
  return new Command('topology')
    .description(
      'Draw the network as the kernel has it now: the host, every network namespace, and what joins them.',
    )
    .addOption(
      new Option('-f, --format <format>', 'what to draw it as')
        .choices(['text', 'svg', 'mermaid', 'json'])
        .default('text'),
    )
    .addOption(new Option('--ascii', 'text without line-drawing characters'))
    .addHelpText('after', examples)
    .action(async (options: Options) => {
      const { takeSnapshot } = await import('../../observe/snapshot/take.ts')
      const { topologyOf } = await import('../../observe/topology/topology.ts')
      const snapshot = await takeSnapshot()
      for (const { node, what, reason } of snapshot.unread)
        if (what === 'all')
          terminal.writeError(`netdojo: ${node} is not in the picture: ${reason}\n`)
      terminal.write(await drawn(topologyOf(snapshot), options, terminal.columns))
    })
}

const examples = `
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

export function snapshotCommand(terminal: Terminal): Command {
  return new Command('snapshot')
    .description(
      'Print the network state of the host and of every network namespace as JSON (docs/snapshot.md).',
    )
    .addHelpText('after', '\nExample:\n  netdojo snapshot | jq .nodes')
    .action(async () => {
      const { takeSnapshot } = await import('../../observe/snapshot/take.ts')
      terminal.write(`${JSON.stringify(await takeSnapshot(), null, 2)}\n`)
    })
}
