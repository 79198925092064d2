// A snapshot against the kernel: every kind of state is made by hand and found again, and what cannot be read does not take the rest with it.
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { run } from '../../lib/exec/run.ts'
import { readByPrograms } from '../../lib/kernel/state/programs.ts'
import { allParts, readNodeStates, type States } from '../../lib/kernel/state/read.ts'
import { findNodes } from '../../lib/observe/nodes.ts'
import type { Snapshot } from '../../lib/observe/snapshot/snapshot.ts'
import { takeSnapshot } from '../../lib/observe/snapshot/take.ts'
import { endWorld, makeWorld } from '../helpers/small-world.ts'
import { sandboxSuite, sh, succeeds } from '../helpers/sandbox.ts'

function nodeOf({ nodes }: Snapshot, name: string) {
  const node = nodes.find((candidate) => candidate.name === name)
  if (!node) throw new Error(`no node ${name}`)
  return node
}

/** The nodes that could not be read at all. */
function wholly({ unread }: Snapshot): readonly string[] {
  return unread.flatMap(({ node, what }) => (what === 'all' ? node : []))
}

sandboxSuite('snapshot', (test) => {
  test('links, peers, addresses, routes, ports, rules, neighbours, connections', async () => {
    makeWorld()
    // A new namespace copies what the machine has.
    sh(`ip netns exec ns1 sysctl -qw net.ipv4.conf.all.forwarding=0
      ip netns exec ns1 ping -c 1 -W 5 198.51.100.1
      ip -6 rule add from 2001:db8::/32 lookup 100
      ip route add blackhole 10.9.0.0/16
      iptables-legacy -A FORWARD -s 10.0.0.0/8 -j DROP
      nft 'table inet lab { map ports { type inet_proto . inet_service : ipv4_addr . inet_service; elements = { tcp . 8080 : 172.18.0.3 . 80 } }; chain way { type filter hook forward priority 0; ip saddr 172.18.0.3 counter drop; }; }'`)
    const snapshot = await takeSnapshot()
    // In a user namespace nobody is told which tables iptables-legacy has.
    const isTold = succeeds('cat /proc/net/ip_tables_names')
    assert.is(isTold, snapshot.unread.length === 0, JSON.stringify(snapshot.unread))
    assert.ok(snapshot.unread.every(({ what }) => what.endsWith('-legacy')))
    assert.equal(
      snapshot.nodes.map(({ name }) => name),
      ['host', 'ns1', 'ns2', 'outside'],
    )
    const [host, ns1] = [nodeOf(snapshot, 'host'), nodeOf(snapshot, 'ns1')]
    const veth1 = host.links.find(({ name }) => name === 'veth1')
    assert.equal(veth1?.peer, { node: 'ns1', link: 'eth0' })
    assert.is(veth1?.master, 'br0')
    const eth0 = ns1.links.find(({ name }) => name === 'eth0')
    assert.equal(eth0?.peer, { node: 'host', link: 'veth1' })
    assert.is(eth0?.mac, sh('ip netns exec ns1 ip -br link show eth0').split(/\s+/)[2])
    assert.equal(eth0?.addresses[0], {
      family: 4,
      address: '172.18.0.2',
      prefix: 24,
      scope: 'global',
    })
    const gateway = ns1.routes.find(({ to }) => to === 'default')
    assert.is(gateway?.via, '172.18.0.1')
    assert.ok(host.routes.some(({ type, to }) => type === 'blackhole' && to === '10.9.0.0/16'))
    assert.ok(
      host.rules.some(
        ({ family, text }) => family === 6 && text === 'from 2001:db8::/32 lookup 100',
      ),
      JSON.stringify(host.rules),
    )
    assert.ok(ns1.neighbours.some(({ address, mac }) => address === '172.18.0.1' && mac))
    assert.equal(
      host.ports.map(({ link, bridge }) => `${link} ${bridge}`),
      ['veth1 br0', 'veth2 br0'],
    )
    assert.ok(
      host.forwarding.some(
        ({ mac, link, learned }) => learned && mac === eth0?.mac && link === 'veth1',
      ),
    )
    const rules = host.chains.flatMap(({ backend, table, name, rules: all }) =>
      all.map(({ text, packets }) => `${backend} ${table}/${name} ${text} (${packets})`),
    )
    assert.equal(rules.toSorted(), [
      ...(isTold ? ['iptables-legacy filter/FORWARD -s 10.0.0.0/8 -j DROP (0)'] : []),
      'iptables-nft nat/POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE (1)',
      'iptables-nft nat/PREROUTING -p tcp -m tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:80 (0)',
      'nft lab/way ip saddr 172.18.0.3 counter drop (0)',
    ])
    assert.equal(host.sets[0]?.elements, [{ key: ['tcp', '8080'], data: ['172.18.0.3', '80'] }])
    const connection = host.connections.find(({ protocol }) => protocol === 'icmp')
    assert.is(connection?.reply.source, '198.51.100.1')
    assert.is(connection?.reply.destination, '203.0.113.2')
    assert.is(host.sysctls['net.ipv4.conf.all.forwarding'], '1')
    assert.is(ns1.sysctls['net.ipv4.conf.all.forwarding'], '0')
    sh('ip -6 rule delete from 2001:db8::/32; ip route delete blackhole 10.9.0.0/16')
    endWorld()
  })

  test('netlink and the programs of iproute2, nft and conntrack give one state, on every node', async () => {
    makeWorld()
    sh(`ip link set br0 alias 'a "b" \\c' type bridge stp_state 1 vlan_filtering 1
      ip link set veth1 type bridge_slave hairpin on isolated on learning off flood off neigh_suppress on
      bridge mdb add dev br0 port veth2 grp 239.1.1.1 permanent
      bridge fdb add 02:00:00:00:00:55 dev veth2 master static
      ip link add vx type vxlan id 5 dstport 4789 local 203.0.113.2 remote 203.0.113.9 dev eth0 nolearning
      ip link add p0 type veth peer name p1; ip link set p0 mtu 1400 arp off promisc on group 7 up
      ip address add 10.7.0.1 peer 10.7.0.2 dev p0; ip address add 10.8.0.1/24 brd + dev p1; ip -6 address add fd07::1/64 dev p1
      ip link set p1 up; tc qdisc add dev p1 root tbf rate 1mbit burst 10k latency 10ms
      ip netns exec ns2 ip link add q0 type veth peer name q1 netns ns1
      ip route add blackhole 192.0.2.0/24 table 100; ip route add 10.20.0.0/16 tos 0x10 via 10.8.0.2 mtu 1300 metric 9
      ip route add 10.30.0.0/16 nexthop via 10.8.0.3 weight 2 nexthop via 10.8.0.4; ip -6 route add fd30::/64 via fd07::9
      ip route add 10.40.0.0/16 via inet6 fe80::1 dev p1
      ip rule add not from 10.0.0.0/8 fwmark 1/0xff iif p0 tos 0x10 ipproto tcp dport 80-90 sport 5 uidrange 0-0 lookup 100
      ip rule add to 10.9.9.9 oif p1 blackhole prio 50; ip rule add goto 32766 prio 60
      ip -6 rule add from 2001:db8::/32 lookup main suppress_prefixlength 0
      bridge link set dev veth2 locked on; ip neighbour add proxy 10.8.0.77 dev p1
      ip -n ns1 neighbour add 172.18.0.77 lladdr 02:00:00:00:00:77 dev eth0
      nft 'table netdev lab { chain in { type filter hook ingress device "eth0" priority 0; }; }; table inet lab { set ports { type inet_service; flags interval; elements = { 80, 90-99 } }; chain way { type filter hook forward priority 0; policy drop; tcp dport @ports counter accept comment "counter packets 1 bytes 2"; }; }'
      ip netns exec ns1 ping -qc1 -W1 198.51.100.1
      serve 8080 >/dev/null 2>&1 & echo $! >/run/server`)
    const nodes = findNodes()
    const compared = ({ states, unread }: States) => ({
      unread: unread.map(({ node, what }) => `${node} ${what}`),
      nodes: states.map(({ counters, links, neighbours, connections, listeners, ...state }) => ({
        ...state,
        counters: Object.keys(counters).toSorted(),
        links: links.map(({ statistics, ...link }) => ({
          ...link,
          hasStatistics: statistics !== undefined,
        })),
        // What ages, and what only sock_diag tells.
        neighbours: neighbours.map(({ state: _state, ...neighbour }) => neighbour),
        connections: connections.map(({ state: _state, ...connection }) => connection),
        listeners: listeners.map(
          ({ queued: _queued, limit: _limit, ipv6Only: _ipv6Only, ...listener }) => listener,
        ),
      })),
    })
    const until = performance.now() + 20_000
    const lines = (value: object) => JSON.stringify(value, null, 1).split('\n')
    const only = (a: object, b: object) => lines(a).filter((line) => !lines(b).includes(line))
    for (;;) {
      const direct = compared(await readNodeStates(nodes))
      const asked = compared(await readByPrograms(nodes, allParts))
      const differing = [only(direct, asked), only(asked, direct)]
      // Addresses and neighbours settle in the second after a device came up.
      if (performance.now() < until && differing.flat().length > 0) continue
      assert.equal(differing, [[], []])
      assert.equal(direct, asked)
      break
    }
    const { states } = await readNodeStates(nodes)
    const host = states.find(({ name }) => name === 'host')
    const text = JSON.stringify(host)
    for (const seen of [
      '"stp":true',
      '"hairpin":true',
      '239.1.1.1',
      '"id":5',
      '"tos":16',
      '"mtu":1300',
      'tbf',
      '10.7.0.2',
      'uidrange 0-0',
      '"locked":true',
      '"PROXY"',
      '"kind":"tbf"',
      'suppress_prefixlength 0',
      '"device":"eth0"',
      '90-99',
    ])
      assert.ok(text.includes(seen), seen)
    assert.equal(host?.links.find(({ name }) => name === 'p0')?.peer, { node: 'host', link: 'p1' })
    // The sysctls that came with the devices are those of /proc.
    const sysctls = Object.entries(host?.sysctls ?? {})
    const values = sh(`sysctl -n ${sysctls.map(([name]) => name).join(' ')}`)
      .trim()
      .split('\n')
    assert.equal(
      sysctls.map(([name, value]) => `${name} ${value}`),
      sysctls.map(([name], index) => `${name} ${values[index]?.replaceAll('\t', ' ')}`),
    )
    sh(`kill $(cat /run/server); ip rule del prio 50; ip rule del prio 60; ip rule del ipproto tcp; ip -6 rule del from 2001:db8::/32
      ip route flush table 100; ip link del vx; ip link del p0`)
    endWorld()
  })

  test('listening sockets, by node', async () => {
    sh('serve 8080 >/dev/null 2>&1 & echo $! >/run/server')
    const listens = async () =>
      nodeOf(await takeSnapshot(), 'host').listeners.some(({ port }) => port === 8080)
    const until = performance.now() + 20_000
    while (!(await listens())) {
      assert.ok(performance.now() < until, 'the server is seen')
      await sleep(50)
    }
    assert.equal(nodeOf(await takeSnapshot(), 'outside').listeners, [])
    sh('kill $(cat /run/server)')
  })

  test('pairs with the same indices in other namespaces are not mixed up', async () => {
    sh(`for i in 1 2 3 4; do ip netns add ns$i; done
      ip -n ns1 link add p0 type veth peer name p0 netns ns2
      ip -n ns3 link add p0 type veth peer name p0 netns ns4`)
    const { nodes } = await takeSnapshot()
    const peers = nodes.flatMap(({ name, links }) =>
      links.flatMap((link) =>
        link.name === 'p0' ? `${name} ${link.index} ${link.peer?.node}` : [],
      ),
    )
    const [index] = peers.map((peer) => peer.split(' ')[1])
    assert.equal(peers, [
      `ns1 ${index} ns2`,
      `ns2 ${index} ns1`,
      `ns3 ${index} ns4`,
      `ns4 ${index} ns3`,
    ])
    endWorld()
  })

  test('a namespace that vanishes, or whose name is empty, is told of or left out', async () => {
    sh('ip netns add ns1; ip netns add ns2')
    const nodes = findNodes()
    sh('ip netns delete ns1')
    writeFileSync('/run/netns/nothing', '')
    const snapshot = await takeSnapshot(nodes)
    assert.equal(
      snapshot.nodes.map(({ name }) => name),
      ['host', 'ns2', 'outside'],
    )
    assert.equal(wholly(snapshot), ['ns1'])
    const after = await takeSnapshot()
    assert.is(after.nodes.length, 3)
    assert.equal(wholly(after), ['nothing'])
    sh('rm /run/netns/nothing; ip netns delete ns2')
  })

  test('a program that enters the host while this process reads other nodes is on the host', async () => {
    sh('for i in 1 2 3 4 5 6; do ip netns add n$i; done')
    const nodes = findNodes()
    const [host] = nodes
    const line = 'for i in $(seq 60); do nsenter --net="$0" readlink /proc/self/ns/net; done'
    const entered = run('sh', ['-c', line, host?.netns ?? ''], { input: '' })
    const reading = Symbol('reading')
    const read = async () => {
      await readNodeStates(nodes, ['sysctls', 'counters'])
      return reading
    }
    for (let first: unknown = reading; first === reading;)
      first = await Promise.race([entered, read()])
    assert.equal(new Set((await entered).stdout.split('\n')), new Set([`net:[${host?.inode}]`]))
    sh('for i in 1 2 3 4 5 6; do ip netns delete n$i; done')
  })

  test('nothing changed: the same JSON, apart from what ages', async () => {
    const ageless = ({ nodes }: Snapshot) =>
      JSON.stringify(
        nodes.map(({ neighbours: _neighbours, connections: _connections, ...rest }) => rest),
      )
    // The kernel finishes its addresses a second after a device comes up.
    const until = performance.now() + 20_000
    let [before, after] = ['', ' ']
    while (before !== after && performance.now() < until) {
      before = ageless(await takeSnapshot())
      after = ageless(await takeSnapshot())
    }
    assert.is(before, after)
  })
})
