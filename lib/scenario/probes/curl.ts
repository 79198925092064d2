// `curl`: does a web server answer, and what does it say? Telling a refusal from silence tells a closed port from a lost packet.
import type { LabNode } from '../node.ts'
import { neverRan, repeatedly, type Observation, type Probe } from '../probe.ts'

const secondsToWait = 1

export function curl(node: LabNode, url: string): Probe {
  const args = ['-sS', '--max-time', String(secondsToWait), url]
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
  const output = [stdout, stderr].filter(Boolean).join('')
  if (exitCode === 0) return { outcome: 'answered', summary: stdout.split('\n')[0] ?? '', output }
  if (neverRan(stderr)) return { outcome: 'broken', summary: stderr.trim(), output }
  if (exitCode === 28)
    return { outcome: 'failed', summary: `no answer within ${secondsToWait} s`, output }
  // curl 7 and 8 word the rest of the line differently; the kernel's own word for it comes last.
  const reason = /: ([^:\n]+)$/m.exec(stderr.trim())?.[1]
  if (exitCode === 7) return { outcome: 'failed', summary: reason ?? stderr.trim(), output }
  if (exitCode === 52 || exitCode === 56)
    return { outcome: 'failed', summary: stderr.trim(), output }
  return { outcome: 'broken', summary: output.trim() || `curl ended with ${exitCode}`, output }
}
