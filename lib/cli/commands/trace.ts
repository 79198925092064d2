// Runs a command on a node, follows its packets through all nodes, and prints their journey.
import { Chalk } from 'chalk'
import { run } from '../../exec/run.ts'
import { chooseLanguage, languages, translator, type Language } from '../../language/translate.ts'
import { inOrder } from '../../observe/capture/in-order.ts'
import { follow } from '../../observe/journey/follow.ts'
import { journeyMermaid } from '../../observe/journey/mermaid.ts'
import { briefText, journeyText } from '../../observe/journey/text.ts'
import { findAllNodes, findNode, ownNode, type ObservedNode } from '../../observe/nodes.ts'
import { endWith, exitCodes } from '../shared/errors.ts'
import { openPcap } from '../shared/pcap-file.ts'
import type { CommandFile } from '../shared/command.ts'

type Options = {
  readonly from?: string
  readonly format: 'text' | 'json' | 'mermaid'
  readonly brief?: boolean
  readonly lang?: Language
  readonly pcap?: string
  readonly color: boolean
}

export const trace: CommandFile = {
  define: (command) => {
    command
      .usage('[OPTIONS] [--] COMMAND [ARG…]')
      .argument('<command...>', 'the command, with its own options')
      .option('--from <node>', 'run the command on this node (default: the node of this shell)')
      .addOption(
        command
          .createOption('--format <format>', 'the output format (docs/journey.md)')
          .choices(['text', 'json', 'mermaid'])
          .default('text'),
      )
      .option('--brief', 'print the path and the verdict in at most five lines')
      .addOption(
        command
          .createOption('--lang <language>', 'the language; without it, the language of LANG')
          .choices(languages),
      )
      .option('--pcap <file>', 'also write the packets of all nodes to a file for Wireshark')
      .option('--no-color', 'print without colour, as with NO_COLOR')
      .addHelpText('after', after)
      .passThroughOptions()
  },
  run: async (terminal, words, options: Options) => {
    const { format, pcap, color } = options
    const nodes = findAllNodes()
    const node = options.from === undefined ? ownNode(nodes) : findNode(nodes, options.from)
    const file = pcap === undefined ? undefined : openPcap(pcap, terminal)
    const { journey, evidence } = await follow({
      nodes,
      from: node.name,
      command: words.join(' '),
      run: () => runOn(node, words, format === 'text' ? 'stdout' : 'stderr'),
      ...(pcap === undefined ? {} : { snapLength: wholeFrames }),
    })
    for (const frame of inOrder(evidence.frames)) file?.writer.frame(frame)
    file?.close()
    if (format === 'json') terminal.write(`${JSON.stringify(journey)}\n`)
    else if (format === 'mermaid') terminal.write(journeyMermaid(journey))
    else {
      const chalk = new Chalk({ level: color && terminal.hasColor ? 1 : 0 })
      const translate = await translator(chooseLanguage(options.lang))
      const text = options.brief
        ? briefText(journey, chalk, translate)
        : journeyText(journey, chalk, { translate })
      terminal.write(`\n${text}`)
    }
    endWith(journey.outcome === 'answered' ? exitCodes.held : exitCodes.checkFailed)
  },
}

const after = `
Examples:
  netdojo trace -- ping -c 1 198.51.100.1
  netdojo trace --from outside --pcap all.pcapng -- curl http://203.0.113.2/

Exit codes: 0 answered, 1 not answered, 2 wrong usage, 3 it could not be
followed.`

const wholeFrames = 65535

/** The command ends with us, however we end. For a program that reads our output, the output of the command goes elsewhere. */
function runOn({ netns }: ObservedNode, words: readonly string[], output: 'stdout' | 'stderr') {
  const args = ['--pdeathsig=KILL', 'nsenter', `--net=${netns}`, ...words]
  return run('setpriv', args, { tee: output, allowFailure: true })
}
