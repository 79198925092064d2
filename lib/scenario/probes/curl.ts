// Asks a web server with curl. A refusal means a closed port, silence means a lost packet: these are two observations.
import { message, verbatim } from '../../language/message.ts'
import type { LabNode } from '../node.ts'
import { neverRan, repeatedly, silence, type Observation, type Probe } from '../probe.ts'

const secondsToWait = 1

/** Asks whether an HTTP server answers the node, by `curl`. */
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

/** Reads curl's output. curl(1) lists the exit codes. */
export function readCurl(stdout: string, stderr: string, exitCode: number | null): Observation {
  const output = exitCode === 0 ? stdout : stderr
  if (exitCode === 0)
    return { outcome: 'answered', summary: verbatim(stdout.split('\n')[0] ?? ''), output }
  if (neverRan(stderr)) return { outcome: 'broken', summary: verbatim(stderr.trim()), output }
  if (exitCode === 28) {
    return { outcome: 'failed', summary: silence(secondsToWait), output }
  }
  // curl's error message differs between versions. The verbose lines of all versions have the error of connect(2).
  const reason = /^\* .*\bfail(?:ed)?\b.*: (.+)$/m.exec(stderr)?.[1]
  if (exitCode === 7 && reason)
    return { outcome: 'failed', summary: verbatim(reason.trim()), output }
  if (exitCode === 52 || exitCode === 56) {
    return { outcome: 'failed', summary: message('the connection broke'), output }
  }
  return { outcome: 'broken', summary: verbatim(stderr.trim().split('\n').at(-1) ?? ''), output }
}
