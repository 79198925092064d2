// What is drawn is what is in the kernel: every device, cable, address, port of a bridge and published port, in every format; and only that.
import * as assert from 'uvu/assert'
import { takeSnapshot } from '../../lib/observe/snapshot/take.ts'
import { layoutOf } from '../../lib/observe/topology/layout.ts'
import { topologyMermaid } from '../../lib/observe/topology/mermaid.ts'
import { svgStyle, topologySvg } from '../../lib/observe/topology/svg.ts'
import {
  centredStyle,
  sidewaysStyle,
  textStyle,
  topologyText,
} from '../../lib/observe/topology/text.ts'
import { topologyOf, type Topology } from '../../lib/observe/topology/topology.ts'
import { readable } from '../helpers/geometry.ts'
import { endWorld, makeWorld } from '../helpers/small-world.ts'
import { sandboxSuite, sh } from '../helpers/sandbox.ts'

async function topologyNow(): Promise<Topology> {
  return topologyOf(await takeSnapshot())
}

type Drawing = (topology: Topology) => Promise<string>

const formats: Readonly<Record<string, Drawing>> = {
  svg: topologySvg,
  text: (topology) => topologyText(topology, { columns: 80, charset: 'unicode' }),
  ascii: (topology) => topologyText(topology, { columns: 80, charset: 'ascii' }),
  mermaid: async (topology) => topologyMermaid(topology),
  json: async (topology) => JSON.stringify(topology),
}

/** As `ip` says, without our own reading of it. */
function inKernel(): readonly string[] {
  const enter = ['', ...['ns1', 'ns2', 'outside'].map((name) => `ip netns exec ${name} `)]
  const words = enter.map((prefix) =>
    sh(`${prefix}ip -o link show | sed 's/^[0-9]*: //; s/[@:].*//'
      ${prefix}ip -o -4 address show scope global | awk '{print $4}'`),
  )
  return words
    .join('\n')
    .split('\n')
    .filter((word) => word !== '' && word !== 'lo')
}

sandboxSuite('topology', (test, slow) => {
  test('every device, address and mark is in every format', async () => {
    makeWorld()
    sh(
      `nft 'table ip lab { map ports { type inet_proto . inet_service : ipv4_addr . inet_service; elements = { tcp . 8443 : 172.18.0.3 . 443 } }; chain in { type nat hook prerouting priority -90; fib daddr type local dnat ip to meta l4proto . th dport map @ports; udp dport 53 dnat to 172.18.0.2:5353; }; chain out { type nat hook postrouting priority 90; ip saddr 172.19.0.0/16 oifname "eth0" masquerade; }; }'`,
    )
    const topology = await topologyNow()
    const words = [
      ...new Set(inKernel()),
      'tcp 80 to 172.18.0.2:80',
      'tcp 8443 to 172.18.0.3:443',
      'udp 53 to 172.18.0.2:5353',
      'MASQUERADE 172.18.0.0/24 at eth0',
      'MASQUERADE 172.19.0.0/16 at eth0',
      'default via 172.18.0.1',
      'forwards IPv4',
    ]
    assert.ok(words.length >= 15)
    for (const [name, draw] of Object.entries(formats)) {
      const drawing = await draw(topology)
      for (const word of words)
        assert.ok(drawing.includes(word), `${word} is in the ${name}:\n${drawing}`)
    }
  })

  test('cables and bridge ports are those of the kernel', async () => {
    const { nodes, cables } = await topologyNow()
    assert.equal(
      cables
        .map(({ ends }) => ends.map(({ node, link }) => `${node}/${link}`).join(' '))
        .toSorted(),
      ['host/eth0 outside/wan', 'host/veth1 ns1/eth0', 'host/veth2 ns2/eth0'],
    )
    const ports = nodes.flatMap(({ interfaces }) =>
      interfaces.filter(({ bridge }) => bridge === 'br0'),
    )
    assert.equal(
      ports.map(({ name }) => name),
      sh('ls /sys/class/net/br0/brif').trim().split('\n'),
    )
    const { wires } = await layoutOf(await topologyNow(), svgStyle)
    const drawn = (kind: string) => wires.filter((wire) => wire.kind === kind).length
    assert.equal([drawn('cable'), drawn('plug'), drawn('routing')], [3, 2, 1])
    const svg = await topologySvg(await topologyNow())
    assert.is(svg.match(/class="wire cable"/g)?.length, 3)
    assert.is(svg.match(/class="plug"/g)?.length, 6, 'each cable is plugged into two nodes')
    assert.is(topologyMermaid(await topologyNow()).match(/ --- /g)?.length, 5)
  })

  slow('it is readable in each style', async () => {
    const topology = await topologyNow()
    for (const style of [svgStyle, textStyle, centredStyle, sidewaysStyle])
      readable(await layoutOf(topology, style), style)
    const text = await topologyText(topology, { columns: 80, charset: 'unicode' })
    assert.ok(
      text.split('\n').every((line) => line.length <= 80),
      text,
    )
  })

  slow('drawn twice, it is the same', async () => {
    const [first, second] = [await topologyNow(), await topologyNow()]
    for (const [name, draw] of Object.entries(formats))
      assert.is(await draw(first), await draw(second), name)
  })

  for (const [what, line] of [
    ['a device that goes down', 'ip -n ns1 link set eth0 down'],
    ['an address', 'ip address add 10.1.2.3/24 dev br0'],
    ['a port that leaves its bridge', 'ip link set veth2 nomaster'],
    ['forwarding', 'sysctl -qw net.ipv4.conf.all.forwarding=0'],
    ['a rule', 'iptables -t nat -D PREROUTING 1'],
    ['a cable', 'ip link delete veth2'],
  ] as const) {
    const define = what === 'an address' ? test : slow
    define(`the kernel changes, the picture too: ${what}`, async () => {
      const before = await topologyNow()
      sh(line)
      const after = await topologyNow()
      for (const [name, draw] of Object.entries(formats)) {
        // Mermaid has no wire for what is forwarded, but the mark.
        assert.is.not(await draw(before), await draw(after), name)
      }
    })
  }

  test('the end', () => {
    endWorld()
  })
})
