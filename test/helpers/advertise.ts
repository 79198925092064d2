// Lets `outside` of the sandbox's world advertise itself as an IPv6 router, once each time.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { searchPath } from '../../lib/exec/search-path.ts'
import { sh } from './sandbox.ts'

/** As radvd does, with this lifetime of the default route in seconds. */
export function advertise(lifetime = 1800): void {
  // A neighbour that says it is no router loses the default route that it gave (RFC 4861 7.2.5).
  sh('ip netns exec outside sysctl -qw net.ipv6.conf.wan.forwarding=1')
  // A host ignores an advertisement whose sender is not a link-local address: wait until the kernel has checked that of `wan`.
  sh(`for try in $(seq 200); do
    ip -n outside -6 address show dev wan scope link -tentative | grep -q inet6 && exit; sleep 0.1; done; exit 1`)
  const program = join(import.meta.dirname, 'advertise.pl')
  execFileSync('ip', ['netns', 'exec', 'outside', 'perl', program, 'wan', String(lifetime)], {
    env: { ...process.env, PATH: searchPath() },
  })
}
