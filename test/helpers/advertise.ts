// Lets `outside` of the sandbox's world advertise itself as an IPv6 router, once each time.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { searchPath } from '../../lib/exec/search-path.ts'

/** As radvd does, with this lifetime of the default route in seconds. */
export function advertise(lifetime = 1800): void {
  const program = join(import.meta.dirname, 'advertise.pl')
  execFileSync('ip', ['netns', 'exec', 'outside', 'perl', program, 'wan', String(lifetime)], {
    env: { ...process.env, PATH: searchPath() },
  })
}
