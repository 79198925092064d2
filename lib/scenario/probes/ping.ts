// Asks with ping whether a machine answers an ICMP echo request. The verdict comes from ping's output, not only from its exit code.
import { message, verbatim } from '../../language/message.ts'
import type { LabNode } from '../node.ts'
import { neverRan, noneAnswered, repeatedly, type Observation, type Probe } from '../probe.ts'

// An answer in a lab takes less than a millisecond, and a person waits for the answer that does not come.
const secondsToWait = 0.5

/** The headers of IPv4 and ICMP, which ping's option -s does not count. */
const headers = 28

/**
 * Asks whether a machine answers the node's ICMP echo request, by `ping`.
 * @param bytes the size of the whole packet, which no router may divide into fragments.
 */
export function ping(node: LabNode, address: string, bytes?: number): Probe {
  const size = bytes === undefined ? [] : ['-M', 'do', '-s', String(bytes - headers)]
  const args = ['-c', '1', '-W', String(secondsToWait), ...size, address]
  return {
    node,
    line: ['ping', ...args].join(' '),
    observe: (wanted) =>
      repeatedly(wanted, async () => {
        const { stdout, stderr } = await node.ask`ping ${args}`
        return readPing(stdout, stderr)
      }),
  }
}

/** Reads the output of iputils' ping. */
export function readPing(stdout: string, stderr: string): Observation {
  const output = [stdout, stderr].filter(Boolean).join('')
  const answer =
    /^\d+ bytes from ([^:]+(?::[^ ]+)?): icmp_seq=\d+ ttl=(\d+) time=([\d.]+) ms/m.exec(stdout)
  if (answer) {
    const [, address = '', ttl = '', time = ''] = answer
    return {
      outcome: 'answered',
      summary: message('{address} answers, ttl {ttl}, {time} ms', { address, ttl, time }),
      output,
    }
  }
  if (neverRan(stderr)) return { outcome: 'broken', summary: verbatim(stderr.trim()), output }
  // A router or the own kernel refused: "From 203.0.113.1 icmp_seq=1 Destination Host Unreachable".
  const refusal = /^From (\S+) icmp_seq=\d+ (.+)$/m.exec(stdout)
  if (refusal) {
    const [, address = '', reason = ''] = refusal
    return {
      outcome: 'failed',
      summary: message('{reason} (says {address})', { reason, address }),
      output,
    }
  }
  const local = /^ping: (?:connect|sendmsg|local error): (.+)$/m.exec(stderr)
  if (local) return { outcome: 'failed', summary: verbatim(local[1] ?? ''), output }
  const [, sent] = /^(\d+) packets transmitted, 0 received/m.exec(stdout) ?? []
  if (sent !== undefined)
    return { outcome: 'failed', summary: noneAnswered(secondsToWait, Number(sent)), output }
  return { outcome: 'broken', summary: verbatim(output.trim() || 'ping printed nothing'), output }
}
