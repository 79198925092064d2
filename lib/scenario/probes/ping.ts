// `ping`: does the other side answer an ICMP echo request? The verdict is read from what ping says, not only from its exit code.
import type { LabNode } from '../node.ts'
import { neverRan, repeatedly, type Observation, type Probe } from '../probe.ts'

// Long against any answer in a lab, short for a person who waits for one that cannot come.
const secondsToWait = 0.5

export function ping(node: LabNode, address: string): Probe {
  const args = ['-c', '1', '-W', String(secondsToWait), address]
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

/** What iputils' ping said, as an observation. */
export function readPing(stdout: string, stderr: string): Observation {
  const output = [stdout, stderr].filter(Boolean).join('')
  const answer =
    /^\d+ bytes from ([^:]+(?::[^ ]+)?): icmp_seq=\d+ ttl=(\d+) time=([\d.]+) ms/m.exec(stdout)
  if (answer) {
    return {
      outcome: 'answered',
      summary: `${answer[1]} answers, ttl ${answer[2]}, ${answer[3]} ms`,
      output,
    }
  }
  if (neverRan(stderr)) return { outcome: 'broken', summary: stderr.trim(), output }
  // A router's or our own kernel's refusal ("From 203.0.113.1 icmp_seq=1 Destination Host Unreachable").
  const refusal = /^From (\S+) icmp_seq=\d+ (.+)$/m.exec(stdout)
  if (refusal) return { outcome: 'failed', summary: `${refusal[2]} (says ${refusal[1]})`, output }
  const local = /^ping: (?:connect|sendmsg): (.+)$/m.exec(stderr)
  if (local) return { outcome: 'failed', summary: String(local[1]), output }
  if (/ 0 received/.test(stdout)) {
    return { outcome: 'failed', summary: `no answer within ${secondsToWait} s`, output }
  }
  return { outcome: 'broken', summary: output.trim() || 'ping said nothing', output }
}
