// `curl`: does a web server answer, and what does it say? Telling a refusal from silence tells a closed port from a lost packet.
import type { LabNode } from '../node.ts'
import { neverRan, repeatedly, type Observation, type Probe } from '../probe.ts'

const secondsToWait = 1

export function curl(node: LabNode, url: string): Probe {
  const args = ['-sv', '--max-time', String(secondsToWait), url]
  return {
    node,
    line: ['curl', ...args].join(' '),
    observe: (wanted) =>
      repeatedly(wanted, async () => {
        const { stdout, stderr, exitCode } = await node.ask`curl ${args}`
        return readCurl(stdout, stderr, exitCode)
      }),
  }
}

/** What curl said, as an observation. Exit codes: curl(1), 'EXIT CODES'. */
export function readCurl(stdout: string, stderr: string, exitCode: number | null): Observation {
  const output = exitCode === 0 ? stdout : stderr
  if (exitCode === 0) return { outcome: 'answered', summary: stdout.split('\n')[0] ?? '', output }
  if (neverRan(stderr)) return { outcome: 'broken', summary: stderr.trim(), output }
  if (exitCode === 28) {
    return { outcome: 'failed', summary: `no answer within ${secondsToWait} s`, output }
  }
  // The error message is worded anew every few versions; what connect(2) said stands in the verbose lines of all.
  const reason = /^\* .*\bfail(?:ed)?\b.*: (.+)$/m.exec(stderr)?.[1]
  if (exitCode === 7 && reason) return { outcome: 'failed', summary: reason.trim(), output }
  if (exitCode === 52 || exitCode === 56) {
    return { outcome: 'failed', summary: 'the connection broke', output }
  }
  return { outcome: 'broken', summary: stderr.trim().split('\n').at(-1) ?? '', output }
}
