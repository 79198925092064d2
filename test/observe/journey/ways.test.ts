// Journeys that end well, against what the kernel did: the hops in their order, the rules as they were typed, and the answer's way back.
import * as assert from 'uvu/assert'
import { removeTraces } from '../../../lib/observe/journey/trace-table.ts'
import { journeyOf, outline, textOf } from '../../helpers/journey.ts'
import { sandboxSuite, sh } from '../../helpers/sandbox.ts'
import { serve } from '../../helpers/talk.ts'

const masquerade = 'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE'
const published =
  'iptables -t nat -A PREROUTING -p tcp -m tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:80'
const hairpin =
  'iptables -t nat -A POSTROUTING -s 172.18.0.2/32 -d 172.18.0.2/32 -p tcp -j MASQUERADE'

sandboxSuite('ways', (test, slow) => {
  sh(`ip netns add ns1
    ip netns add ns2
    ip link add br0 type bridge
    ip link add veth1 master br0 up type veth peer name eth0 netns ns1
    ip link add veth2 master br0 up type veth peer name eth0 netns ns2
    ip link set veth1 type bridge_slave hairpin on
    ip address add 172.18.0.1/24 dev br0
    ip link set br0 up
    for n in 1 2; do
      ip -n ns$n link set lo up
      ip -n ns$n address add 172.18.0.$((n + 1))/24 dev eth0
      ip -n ns$n link set eth0 up
      ip -n ns$n route add default via 172.18.0.1
    done
    sysctl -qw net.ipv4.conf.all.forwarding=1
    ${masquerade}; ${published}; ${hairpin}`)

  test('container to outside with masquerade', async () => {
    // Every neighbour is known, so that nobody asks: that is told too, and would only be so the first time.
    sh('ip netns exec ns1 ping -qc1 198.51.100.1')
    const before = entries('conntrack -L -p icmp --src 172.18.0.2')
    const followed = await journeyOf('ns1', 'ping', '-nc1', '-W1', '198.51.100.1')
    const [conversation] = followed.journey.conversations
    assert.is(followed.journey.outcome, 'answered', textOf(followed))
    assert.equal(outline(conversation?.request.hops), [
      'ns1 sent',
      'ns1 route out',
      'ns1 OUTPUT',
      'ns1 POSTROUTING',
      'ns1 out eth0',
      'host in veth1',
      'host bridge br0 up',
      'host PREROUTING',
      'host route forward',
      'host FORWARD',
      'host POSTROUTING',
      'host conntrack made',
      'host out eth0',
      'outside in wan',
      'outside PREROUTING',
      'outside route local',
      'outside INPUT',
      'outside delivered',
    ])
    const rewriting = hookOf(conversation?.request.hops, 'host', 'postrouting')
    assert.equal(
      rewriting?.rules.map(({ rule }) => rule),
      [masquerade],
    )
    assert.is(rewriting?.before.source, '172.18.0.2')
    assert.is(rewriting?.after?.source, '203.0.113.2')
    assert.is(entries('conntrack -L -p icmp --src 172.18.0.2') - before, 1)
    assert.is(conversation?.answer?.what, 'ICMP echo reply')
    const back = hookOf(conversation?.answer?.hops, 'host', 'prerouting')
    assert.is(back?.before.destination, '203.0.113.2')
    assert.is(back?.after?.destination, '172.18.0.2')
    assert.is(outline(conversation?.answer?.hops).at(-1), 'ns1 delivered')
  })

  test('outside to container with DNAT', async () => {
    await using server = await serve('/run/netns/ns1', 'ns1', 80)
    assert.ok(server.process.pid)
    const followed = await journeyOf('outside', 'curl', '-s', '--http0.9', 'http://203.0.113.2/')
    const [conversation] = followed.journey.conversations
    assert.is(followed.journey.outcome, 'answered', textOf(followed))
    const rewriting = hookOf(conversation?.request.hops, 'host', 'prerouting')
    assert.equal(
      rewriting?.rules.map(({ rule }) => rule),
      [published],
    )
    assert.is(rewriting?.after?.destination, '172.18.0.2')
    const back = hookOf(conversation?.answer?.hops, 'host', 'postrouting')
    assert.is(back?.before.source, '172.18.0.2')
    assert.is(back?.after?.source, '203.0.113.2')
    assert.ok((conversation?.more ?? 0) > 3, 'the rest of the connection is counted')
    const counter = sh('iptables -t nat -nvxL PREROUTING | grep DNAT').trim().split(/\s+/)[0]
    assert.is(counter, '1', 'as the rule itself counts')
  })

  test('container to its own published port: out of the port by which it came', async () => {
    await using server = await serve('/run/netns/ns1', 'ns1', 80)
    assert.ok(server.process.pid)
    sh('ip -n ns1 neighbour flush dev eth0')
    const followed = await journeyOf('ns1', 'curl', '-s', '--http0.9', 'http://203.0.113.2/')
    const [conversation] = followed.journey.conversations
    assert.is(followed.journey.outcome, 'answered', textOf(followed))
    const { hops = [] } = conversation?.request ?? {}
    const nodes = hops.map(({ node }) => node)
    assert.equal([...new Set(nodes)], ['ns1', 'host'])
    assert.is(nodes.at(-1), 'ns1')
    assert.equal(
      hookOf(hops, 'host', 'prerouting')?.rules.map(({ rule }) => rule),
      [published],
    )
    const rewriting = hookOf(hops, 'host', 'postrouting')
    assert.equal(
      rewriting?.rules.map(({ rule }) => rule),
      [hairpin],
    )
    assert.is(rewriting?.after?.source, '172.18.0.1')
    const last = hops.at(-1)
    assert.is(last?.kind === 'delivered' && last.to, 'listener')
    const askedBy = (way = conversation?.request) =>
      way?.hops.filter(({ kind, node }) => kind === 'neighbour' && node === 'ns1').length
    assert.is(askedBy(), 1, 'asked for the first packet')
    assert.is(askedBy(conversation?.answer ?? undefined), 0, 'and known for the next')
    const bridges = hops.filter((hop) => hop.kind === 'bridge')
    assert.equal(
      bridges.map(({ from, to }) => `${from} ${to.join()}`),
      ['veth1 ', 'null veth1'],
    )
  })

  slow(
    'between two namespaces on a bridge: no router, no rule, and what the bridge knows',
    async () => {
      const followed = await journeyOf('ns1', 'ping', '-nc1', '-W1', '172.18.0.3')
      const [conversation] = followed.journey.conversations
      assert.is(followed.journey.outcome, 'answered', textOf(followed))
      const { hops = [] } = conversation?.request ?? {}
      const bridge = hops.find((hop) => hop.kind === 'bridge')
      assert.equal([bridge?.from, bridge?.to, bridge?.how], ['veth1', ['veth2'], 'known'])
      assert.is(
        hops.some((hop) => hop.kind === 'route' && hop.node === 'host'),
        false,
      )
    },
  )

  slow(
    'a frame for an unknown address is flooded, and whoever is not meant ignores it',
    async () => {
      sh(`ip netns add ns3; ip link add veth3 master br0 up type veth peer name eth0 netns ns3
      ip -n ns3 link set eth0 up; ip link set veth1 type bridge_slave hairpin off
      ip netns exec ns2 sysctl -qw net.ipv4.icmp_echo_ignore_all=1
      ip netns exec ns1 ping -qc1 -W0.1 172.18.0.3 || true
      bridge link set dev veth2 learning off
      bridge fdb del $(ip -n ns2 -br link show eth0 | tr -s ' ' | cut -d' ' -f3) dev veth2 master`)
      const followed = await journeyOf('ns1', 'ping', '-nc1', '-W0.2', '172.18.0.3')
      const { hops = [] } = followed.journey.conversations[0]?.request ?? {}
      const bridge = hops.find((hop) => hop.kind === 'bridge')
      assert.is(bridge?.how, 'flooded', textOf(followed))
      assert.equal([...(bridge?.to ?? [])].toSorted(), ['veth2', 'veth3'])
      assert.equal(bridge?.ignoredBy, ['ns3:eth0'])
      assert.is(outline(hops).at(-1), 'ns2 delivered')
    },
  )

  slow('IPv6', async () => {
    const followed = await journeyOf('host', 'ping', '-nc1', '-W1', '2001:db8:113::1')
    const [conversation] = followed.journey.conversations
    assert.is(followed.journey.outcome, 'answered', textOf(followed))
    assert.is(conversation?.request.what, 'ICMPv6 echo request')
    assert.is(conversation?.answer?.what, 'ICMPv6 echo reply')
  })

  slow('two traces at once: each tells its own command', async () => {
    // With a further port, the bridge may have taken another hardware address.
    sh('for n in 1 2; do ip -n ns$n neighbour flush dev eth0; done')
    const [answered, lost] = await Promise.all([
      journeyOf('ns1', 'ping', '-nc1', '-W1', '198.51.100.1'),
      journeyOf('ns2', 'ping', '-nc1', '-W0.4', '172.18.0.77'),
    ])
    assert.is(answered.journey.outcome, 'answered', textOf(answered))
    assert.ok(hookOf(answered.journey.conversations[0]?.request.hops, 'host', 'postrouting'))
    assert.is(lost.journey.drop?.reason, 'no-neighbour', textOf(lost))
    assert.is(lost.journey.conversations.length, 1, textOf(lost))
  })

  test('nothing stays in any firewall, and nothing is to be removed', async () => {
    for (const node of ['', 'ip netns exec ns1', 'ip netns exec outside'])
      assert.not.match(sh(`${node} nft list ruleset`), /netdojo/)
    sh('nft add table inet netdojo_trace; ip netns exec ns1 nft add table inet netdojo_trace')
    await removeTraces()
    for (const node of ['', 'ip netns exec ns1'])
      assert.not.match(sh(`${node} nft list tables`), /netdojo/)
  })
})

function hookOf(hops: Parameters<typeof outline>[0], node: string, name: string) {
  const found = hops?.find((hop) => hop.kind === 'hook' && hop.node === node && hop.hook === name)
  return found?.kind === 'hook' ? found : undefined
}

function entries(line: string): number {
  return sh(`${line} 2>/dev/null`).split('\n').filter(Boolean).length
}
