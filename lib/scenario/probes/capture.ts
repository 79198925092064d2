// Captures with tcpdump while another probe runs: which packets pass an interface?
import { message, verbatim } from '../../language/message.ts'
import type { LabNode } from '../node.ts'
import type { Observation, Probe, Wanted } from '../probe.ts'

// In this time, tcpdump prints a packet that is already on its way.
const quiet = 150

/** Captures on `networkInterface` of `node` with a pcap-filter(7) expression, while `during` runs once. */
export function capture(
  node: LabNode,
  networkInterface: string,
  filter: string,
  during: Probe,
): Probe {
  // -l and --immediate-mode: a packet is printed when it passes, not when a buffer is full.
  const args = ['-ntl', '--immediate-mode', '-i', networkInterface, filter]
  return {
    node,
    during,
    line: `tcpdump ${args.join(' ')}   # while ${during.node.name}$ ${during.line}`,
    observe: async (wanted) => ({ ...(await observe(node, args, during, wanted)), attempts: 1 }),
  }
}

async function observe(
  node: LabNode,
  args: string[],
  during: Probe,
  wanted: Wanted,
): Promise<Observation> {
  const tcpdump = node.start`tcpdump ${args}`
  try {
    if (!(await tcpdump.hasPrinted(/listening on/))) {
      return {
        outcome: 'broken',
        summary: verbatim(tcpdump.output().trim()),
        output: tcpdump.output(),
      }
    }
    await during.observe({ holds: () => true, patience: 0 })
    const until = performance.now() + wanted.patience
    for (let seen = -1; ; seen = tcpdump.output().length) {
      const observation = readCapture(tcpdump.output())
      if (
        seen === tcpdump.output().length &&
        (wanted.holds(observation) || performance.now() > until)
      ) {
        return observation
      }
      await new Promise((resolve) => setTimeout(resolve, quiet))
    }
  } finally {
    await tcpdump.stop()
  }
}

function readCapture(printed: string): Observation {
  const packets = printed.split('\n').filter((line) => /^(IP6?|ARP) |^[0-9a-f:]{17} /.test(line))
  const [first] = packets
  const count = packets.length
  const summary =
    first === undefined
      ? message('no packet')
      : count === 1
        ? message('1 packet: {first}', { first })
        : message('{count} packets: {first}', { count, first })
  return { outcome: 'answered', summary, output: packets.join('\n') }
}
