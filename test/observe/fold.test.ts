// Tests that a network with many equal ends is laid out in a thread of its own, and that its picture stays small.
import * as assert from 'uvu/assert'
import { folded } from '../../lib/observe/topology/fold.ts'
import type { Topology } from '../../lib/observe/topology/topology.ts'
import { pictureOf } from '../../lib/web/record/picture.ts'
import { suite } from '../helpers/suite.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

function network(count: number): Topology {
  const veth = { kind: 'veth', up: true }
  return {
    version: 1,
    nodes: [
      {
        name: 'host',
        forwards: true,
        bridges: [{ name: 'br0', kind: 'bridge', up: true, addresses: ['172.18.0.1/16'] }],
        interfaces: [
          { ...veth, name: 'eth0', addresses: ['203.0.113.2/24'] },
          ...numbers(count).map((number) =>
            Object.assign({ name: `veth${number}`, addresses: [], bridge: 'br0' }, veth),
          ),
        ],
        marks: [],
      },
      ...numbers(count).map((number) => ({
        name: `ns${number}`,
        forwards: false,
        bridges: [],
        interfaces: [{ ...veth, name: 'eth0', addresses: [`172.18.1.${number}/16`] }],
        // One serves a port, so it is not like the others.
        marks: number === 7 ? [{ kind: 'listen' as const, text: 'serves tcp 80' }] : [],
      })),
      {
        name: 'outside',
        forwards: false,
        bridges: [],
        interfaces: [{ ...veth, name: 'wan', addresses: ['203.0.113.1/24'] }],
        marks: [],
      },
    ],
    cables: [
      {
        ends: [
          { node: 'host', link: 'eth0' },
          { node: 'outside', link: 'wan' },
        ],
        up: true,
      },
      ...numbers(count).map((number) => ({
        ends: [
          { node: 'host', link: `veth${number}` },
          { node: `ns${number}`, link: 'eth0' },
        ] as const,
        up: true,
      })),
    ],
  }
}

suite('folded pictures', (test) => {
  test('a small network is drawn as it is', () => {
    const small = network(12)
    assert.is(folded(small).topology, small)
  })

  test('of 200 equal nodes, the first, the unequal and the wanted ones are drawn singly', () => {
    const { topology, folds } = folded(network(200), new Set(['ns50']))
    assert.equal(
      topology.nodes.map(({ name }) => name),
      ['host', 'ns1', 'ns2', 'ns7', 'ns50', 'outside', 'ns3 to ns200'],
    )
    const [fold] = folds
    assert.is(fold?.members.length, 200 - 4)
    assert.is(fold?.devices['ns150/eth0'], 'ns3 to ns200/eth0')
    assert.is(fold?.devices['host/veth150'], 'host/veth3 to veth200')
    assert.equal(topology.nodes.at(-1)?.interfaces[0]?.addresses, [
      '172.18.1.3/16 … 172.18.1.200/16',
    ])
    // Each cable leads to devices that are in the picture.
    const devices = new Set(
      topology.nodes.flatMap(({ name, interfaces }) =>
        interfaces.map((link) => `${name}/${link.name}`),
      ),
    )
    const ends = topology.cables.flatMap((cable) =>
      cable.ends.map(({ node, link }) => `${node}/${link}`),
    )
    assert.equal(
      ends.filter((end) => !devices.has(end)),
      [],
    )
    assert.is(topology.cables.length, 6)
  })

  test('its picture is laid out without holding up this thread, and fits a screen', async () => {
    let turns = 0
    const timer = setInterval(() => (turns += 1), 1)
    const { wide, narrow, folds } = await pictureOf(network(200))
    clearInterval(timer)
    assert.ok(turns > 0)
    assert.is(folds.length, 1)
    assert.ok(wide.width < 1300 && wide.height < 700, `${wide.width} x ${wide.height}`)
    assert.ok(narrow.width < 1300, `${narrow.width}`)
    for (const { node, router, box, devices } of wide.nodes) {
      // Where a frame has no room beside its texts, a packet stands on its edge.
      const isWithin = (outer: typeof box, beyond = 0) =>
        outer.x - beyond < router.x &&
        router.x < outer.x + outer.width + beyond &&
        outer.y - beyond < router.y &&
        router.y < outer.y + outer.height + beyond
      assert.ok(isWithin(box, 14), `the router of ${node.name} is in its frame or on its edge`)
      assert.not.ok(
        devices.some((device) => isWithin(device.box)),
        `${node.name}: beside devices`,
      )
    }
  })
})
