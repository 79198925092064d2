// Tests that a saved world is rebuilt by its script: the kernel has an equal state there, and the same packets arrive.
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { run } from '../../lib/exec/run.ts'
import type { NodeState } from '../../lib/kernel/state/state.ts'
import type { Snapshot } from '../../lib/observe/snapshot/snapshot.ts'
import { sandboxed } from '../helpers/sandboxed.ts'
import { suite } from '../helpers/suite.ts'

type World = {
  readonly saved: string
  readonly state: Snapshot
  readonly answers: readonly boolean[]
}

/** Runs the script in a fresh world. */
async function builtBy(script: string, questions: readonly string[]): Promise<World> {
  const file = join(import.meta.dirname, 'world-script.process.ts')
  const { program, args, env } = sandboxed([process.execPath, file, script, ...questions])
  const words = ['-c', 'exec "$@" 3>&2', 'sh', program, ...args]
  const { stdout } = await run('sh', words, { env, input: '' })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by world-script.process.ts
  return JSON.parse(stdout) as World
}

/** What a script can make: without the kernel's own choices (MACs, indices, handles), ages, and counts. */
function lasting({ nodes }: Snapshot) {
  const macs = new Map(
    nodes.flatMap(({ name, links }) =>
      links.flatMap((link) => (link.mac ? [[link.mac, `${name}/${link.name}`] as const] : [])),
    ),
  )
  const isLasting = (address: string) => !/^(fe80:|ff)/.test(address)
  return nodes.map((node: NodeState) => ({
    name: node.name,
    links: node.links
      .map(({ index: _index, mac: _mac, carrier: _carrier, statistics: _statistics, ...link }) => ({
        ...link,
        addresses: link.addresses
          .filter(({ address }) => isLasting(address))
          .map(({ tentative: _tentative, ...address }) => address),
      }))
      .toSorted(byText),
    routes: node.routes.filter(({ to }) => isLasting(to)).map(({ down: _down, ...route }) => route),
    rules: node.rules,
    neighbours: node.neighbours.filter(({ state }) => /^(PERMANENT|PROXY)$/.test(state)),
    ports: node.ports.map(({ state: _state, ...port }) => port).toSorted(byText),
    forwarding: node.forwarding
      .filter(({ learned, mac }) => !learned && !/^(33:33|01:00:5e)/.test(mac))
      .map((entry) => Object.assign({}, entry, { mac: macs.get(entry.mac) ?? entry.mac }))
      .toSorted(byText),
    chains: node.chains.map((chain) =>
      Object.assign({}, chain, { rules: chain.rules.map(({ text }) => text) }),
    ),
    sets: node.sets,
    listeners: node.listeners,
    sysctls: node.sysctls,
  }))
}

/** Each piece of the one state that the other lacks. */
function differing(one: Snapshot, other: Snapshot): readonly string[] {
  const [lines, others] = [one, other].map(
    (state) =>
      new Set(
        lasting(state).flatMap((node) =>
          Object.entries(node).flatMap(([what, value]) =>
            (Array.isArray(value) ? value : Object.entries(value)).map(
              (item: unknown) => `${node.name} ${what}: ${JSON.stringify(item)}`,
            ),
          ),
        ),
      ),
  )
  return [
    ...[...(lines ?? [])].filter((line) => !others?.has(line)).map((line) => `+ ${line}`),
    ...[...(others ?? [])].filter((line) => !lines?.has(line)).map((line) => `- ${line}`),
  ]
}

function byText(one: object, other: object): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1
}

async function rebuilt(script: string, questions: readonly string[]): Promise<string> {
  const first = await builtBy(`set -e\n${script}`, questions)
  assert.equal(
    first.answers,
    questions.map(() => true),
  )
  const second = await builtBy(first.saved, questions)
  assert.equal(differing(second.state, first.state), [])
  assert.equal(second.answers, first.answers)
  const sorted = (text: string) => text.split('\n').toSorted()
  assert.equal(sorted(second.saved), sorted(first.saved))
  return first.saved
}

suite('saved worlds', (test) => {
  test('a bridge with NAT and a published port', async () => {
    const saved = await rebuilt(
      `ip link add br0 type bridge
      for n in 1 2; do
        ip netns add ns$n
        ip link add veth$n type veth peer name eth0 netns ns$n
        ip link set veth$n master br0 up
        ip -n ns$n address add 172.18.0.$((n + 1))/24 dev eth0
        ip -n ns$n link set eth0 up
        ip -n ns$n link set lo up
        ip -n ns$n route add default via 172.18.0.1 2>/dev/null || true
      done
      ip address add 172.18.0.1/24 dev br0
      ip link set br0 up
      for n in 1 2; do ip -n ns$n route replace default via 172.18.0.1; done
      sysctl -qw net.ipv4.conf.all.forwarding=1
      iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE
      iptables -t nat -N TO-NS1
      iptables -t nat -A PREROUTING -p tcp --dport 80 -m addrtype --dst-type LOCAL -j TO-NS1
      iptables -t nat -A TO-NS1 -p tcp -m comment --comment "the page's port" -j DNAT --to-destination 172.18.0.2:80
      iptables -P FORWARD DROP
      iptables -A FORWARD -i br0 -j ACCEPT
      iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED,DNAT -j ACCEPT
      ip netns exec ns1 serve 80 >/dev/null 2>&1 &`,
      [
        'ip netns exec ns1 ping -c1 -W1 198.51.100.1',
        'ip netns exec ns2 ping -c1 -W1 172.18.0.2',
        "ip netns exec outside curl -sf -m2 http://203.0.113.2/ | grep -q 'hello from ns1'",
      ],
    )
    for (const line of [
      'ip netns add ns1',
      'ip link add veth1 type veth peer name eth0 netns ns1',
      'ip -n ns1 address add 172.18.0.2/24 dev eth0',
      'ip -n ns1 route replace default via 172.18.0.1 dev eth0',
      'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE',
      'ip netns exec ns1 serve 80 >/dev/null 2>&1 &',
    ])
      assert.ok(saved.split('\n').includes(line), `${line} is not in:\n${saved}`)
  })

  test('nftables, tunnels, rules, neighbours, changed cables', async () => {
    await rebuilt(
      `ip netns add a; ip netns add 'b c'
      ip -n a link add up0 type veth peer name "d'0" netns 'b c'
      ip -n a link set up0 mtu 1400 alias 'to b' up
      ip -n 'b c' link set "d'0" up
      ip -n a address add 10.1.0.1/24 dev up0
      ip -n a address add fd00:1::1/64 dev up0
      ip -n 'b c' address add 10.1.0.2/24 dev "d'0"
      ip -n 'b c' address add 10.9.0.2 peer 10.9.0.3/32 dev "d'0"
      ip -n a link add link up0 name up0.7 type macvlan mode private
      ip -n a link set up0.7 up
      ip netns exec a sysctl -qw net.ipv4.conf.up0/7.rp_filter=2 net.ipv4.conf.default.arp_ignore=1
      ip -n a link add dummy0 type veth peer name dummy1
      ip -n a link add br7 type bridge stp_state 1 mcast_snooping 0
      ip -n a link set dummy0 master br7 up
      bridge -n a link set dev dummy0 hairpin on learning off
      bridge -n a fdb add 02:00:00:00:00:77 dev dummy0 master static
      ip -n a link add vx type vxlan id 42 local 10.1.0.1 dstport 4789 nolearning
      bridge -n a fdb append 00:00:00:00:00:00 dev vx dst 10.1.0.2
      ip -n a link set vx up
      ip -n a neighbour add 10.1.0.9 lladdr 02:00:00:00:00:09 dev up0 nud permanent
      ip -n a neighbour add proxy 10.1.0.8 dev up0
      ip -n a route add blackhole 10.66.0.0/16
      ip -n a route add 10.77.0.0/16 via 10.1.0.2 table 100 metric 5 mtu 1300
      ip -n a route add 10.78.0.0/16 nexthop via 10.1.0.2 dev up0 nexthop via 10.1.0.3 dev up0
      ip -n a -6 route add fd00:2::/64 via fd00:1::2
      ip -n a rule add priority 99 from 10.1.0.1 iif lo lookup 100
      ip link add link eth0 name mac0 netns a type macvlan mode bridge
      ip netns exec a nft -f - <<'END'
      table ip mine {
        set wanted { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 192.0.2.1 } }
        map ports { type inet_proto . inet_service : ipv4_addr . inet_service; elements = { tcp . 8080 : 10.1.0.2 . 80 } }
        chain outgoing { type nat hook postrouting priority srcnat; policy accept;
          ip saddr @wanted oifname "up0" counter masquerade comment "out"
        }
        chain incoming { type nat hook prerouting priority dstnat;
          dnat ip to meta l4proto . th dport map @ports
        }
      }
END
      ip6tables -A INPUT -p tcp --dport 22 -j REJECT
      ip netns exec a iptables -A INPUT -m mac --mac-source "$(ip -n 'b c' -br link show "d'0" | awk '{print $3}')" -j ACCEPT
      ip route delete default
      ip address add 203.0.113.77/24 dev eth0
      ip -n outside address delete 198.51.100.1/32 dev lo
      ip -n outside route add 10.1.0.0/24 via 203.0.113.2`,
      ['ip netns exec a ping -c1 -W1 10.1.0.2', 'ip netns exec outside ping -c1 -W1 203.0.113.77'],
    )
  })
})
