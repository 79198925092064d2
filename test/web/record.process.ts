// Records the cases of the page's tests from a real kernel: `node test/web/record.process.ts` writes test/web/recorded/ anew.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Snapshot } from '../../lib/observe/snapshot/snapshot.ts'
import { takeSnapshot } from '../../lib/observe/snapshot/take.ts'
import { journeyOf } from '../helpers/journey.ts'
import { cleanHost, sandboxSuite, sh } from '../helpers/sandbox.ts'

const network = `ip link add br0 type bridge; ip link set br0 up; ip address add 172.18.0.1/24 dev br0
  for i in 1 2; do
    ip netns add ns$i
    ip link add veth$i master br0 up type veth peer name eth0 netns ns$i
    ip -n ns$i address add 172.18.0.$((i + 1))/24 dev eth0; ip -n ns$i link set eth0 up
    ip -n ns$i route add default via 172.18.0.1
  done
  iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE`
const forwarding = 'sysctl -qw net.ipv4.conf.all.forwarding=1'
const tunnel = `ip link add vx0 type vxlan id 42 remote 203.0.113.1 local 203.0.113.2 dstport 4789
  ip address add 10.9.0.1/24 dev vx0; ip link set vx0 up
  ip -n outside link add vx0 type vxlan id 42 remote 203.0.113.2 local 203.0.113.1 dstport 4789
  ip -n outside address add 10.9.0.2/24 dev vx0; ip -n outside link set vx0 up`
const ping = ['ping', '-nc1', '-W1'] as const

type Case = {
  readonly name: string
  readonly before: string
  readonly last: string
  readonly from: string
  readonly words: readonly string[]
}

const cases: readonly Case[] = [
  {
    name: 'dnat',
    before: `${network}; ${forwarding}; ip netns exec ns1 serve 80 >/dev/null 2>&1 & sleep 1`,
    last: `iptables -t nat -A PREROUTING -p tcp -m tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:80`,
    from: 'outside',
    words: ['curl', '-s', '--max-time', '2', 'http://203.0.113.2/'],
  },
  {
    name: 'forwarding-off',
    before: network,
    last: '',
    from: 'ns1',
    words: [...ping, '198.51.100.1'],
  },
  {
    name: 'dropped',
    before: `${network}; ${forwarding}`,
    last: 'iptables -A FORWARD -p icmp -j DROP',
    from: 'ns1',
    words: [...ping, '198.51.100.1'],
  },
  { name: 'neighbours', before: network, last: '', from: 'ns1', words: [...ping, '172.18.0.3'] },
  {
    name: 'refused',
    before: network,
    last: '',
    from: 'ns1',
    words: ['curl', '-s', 'http://172.18.0.3:81/'],
  },
  {
    name: 'flood',
    before: network,
    last: '',
    from: 'ns1',
    words: ['ping', '-nqf', '-c400', '172.18.0.3'],
  },
  { name: 'tunnel', before: network, last: tunnel, from: 'host', words: [...ping, '10.9.0.2'] },
]

/** Sysctls and counters are most of a snapshot, and the page shows none of them. */
async function small(): Promise<Snapshot> {
  const { nodes, ...rest } = await takeSnapshot()
  const kept = nodes.map((node) => {
    const sysctls = Object.entries(node.sysctls).filter(([name]) => name.includes('forwarding'))
    return Object.assign({}, node, { counters: {}, sysctls: Object.fromEntries(sysctls) })
  })
  return { ...rest, nodes: kept }
}

sandboxSuite('record', (test) => {
  for (const { name, before, last, from, words } of cases)
    test(name, async () => {
      cleanHost()
      sh(
        'for link in br0 veth1 veth2; do ip link delete $link; done 2>&-; sysctl -qw net.ipv4.conf.all.forwarding=0',
      )
      sh(`set -e; ${before}`)
      const first = await small()
      if (last !== '') sh(last)
      const { journey } = await journeyOf(from, ...words)
      const value = { before: first, after: await small(), journey }
      const path = join(import.meta.dirname, 'recorded', `${name}.json`)
      writeFileSync(path, `${JSON.stringify(value)}\n`)
    })
})
