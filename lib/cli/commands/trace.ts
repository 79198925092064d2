// `netdojo trace`: follows the packets of a command through all nodes and tells their journey.
import { Chalk } from 'chalk'
import { Command, Option } from 'commander'
import { run } from '../../exec/run.ts'
import { inOrder } from '../../observe/capture/in-order.ts'
import { type ObservedNode, findNode, findNodes, ownNode } from '../../observe/nodes.ts'
import { follow } from '../../observe/journey/follow.ts'
import { journeyMermaid } from '../../observe/journey/mermaid.ts'
import { journeyText } from '../../observe/journey/text.ts'
import { endWith, exitCodes } from '../shared/errors.ts'
import { openPcap } from '../shared/pcap-file.ts'
import { wantsColor } from '../shared/terminal.ts'

type Options = {
  readonly from?: string
  readonly format: 'text' | 'json' | 'mermaid'
  readonly pcap?: string
  readonly color: boolean
}

export function traceCommand(): Command {
  return new Command('trace')
    .description('follow the packets of a command through all nodes, hop by hop')
    .argument('<command...>', 'after two dashes: netdojo trace -- ping -c 1 198.51.100.1')
    .addOption(new Option('--from <node>', 'the node to run it on; this one unless told'))
    .addOption(
      new Option('--format <format>', 'how to tell it (docs/journey.md)')
        .choices(['text', 'json', 'mermaid'])
        .default('text'),
    )
    .addOption(new Option('--pcap <file>', 'also write all packets of all nodes, for Wireshark'))
    .addOption(new Option('--no-color', 'no colour; so does NO_COLOR'))
    .addHelpText('after', after)
    .action(async (words: readonly string[], options: Options) => {
      endWith(await trace(words, options))
    })
}

const after = `
Examples:
  netdojo trace -- ping -c 1 198.51.100.1
  netdojo trace --from outside --pcap all.pcapng -- curl http://203.0.113.2/

Exit codes: 0 answered, 1 not answered, 2 usage, 3 it could not be followed.`

const wholeFrames = 65535

async function trace(words: readonly string[], options: Options): Promise<number> {
  const { format, pcap } = options
  const nodes = findNodes()
  const node = options.from === undefined ? ownNode(nodes) : findNode(nodes, options.from)
  const file = pcap === undefined ? undefined : openPcap(pcap)
  const followed = await follow({
    nodes,
    from: node.name,
    command: words.join(' '),
    run: () => runOn(node, words, format === 'text' ? 'stdout' : 'stderr'),
    ...(pcap === undefined ? {} : { snapLength: wholeFrames }),
  })
  const { journey, evidence } = followed
  for (const frame of inOrder(evidence.frames)) file?.writer.frame(frame)
  file?.close()
  if (format === 'json') console.log(JSON.stringify(journey))
  else if (format === 'mermaid') process.stdout.write(journeyMermaid(journey))
  else {
    const level = wantsColor(options.color) ? 1 : 0
    process.stdout.write(`\n${journeyText(journey, new Chalk({ level }))}`)
  }
  return journey.outcome === 'answered' ? exitCodes.held : exitCodes.checkFailed
}

/** What is read by a program is not mixed with what the command says; and the command ends with us, however we end. */
function runOn({ netns }: ObservedNode, words: readonly string[], output: 'stdout' | 'stderr') {
  const args = ['--pdeathsig=KILL', 'nsenter', `--net=${netns}`, ...words]
  return run('setpriv', args, { tee: output, allowFailure: true })
}
