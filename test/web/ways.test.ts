// The envelope's way over the picture: it goes on where it was, ends where the hop happens, runs on the picture's wires, and never stops
// over the text of a device.
import * as assert from 'uvu/assert'
import type { Journey, Way } from '../../lib/observe/journey/journey.ts'
import { layoutOf, type Layout, type Point } from '../../lib/observe/topology/layout.ts'
import { lengthOfLine, pieceOf, pointAt } from '../../lib/observe/topology/lines.ts'
import { narrowStyle, pageStyle } from '../../lib/observe/topology/shapes.ts'
import { topologyOf } from '../../lib/observe/topology/topology.ts'
import { ways, type Stop } from '../../lib/web/ways.ts'
import { suite } from '../helpers/suite.ts'
import { caseNames, caseOf } from '../helpers/page-cases.ts'

const styles = { wide: pageStyle, narrow: narrowStyle }

suite('ways', (test) => {
  for (const name of caseNames)
    for (const [width, style] of Object.entries(styles))
      test(`${name}, ${width}: each way is whole, and no stop covers a text`, async () => {
        const { after, journey } = caseOf(name)
        const layout = await layoutOf(topologyOf(after), style)
        for (const way of waysOf(journey)) {
          const { stops, end, copies } = ways(layout, way)
          assert.is(stops.length, way.hops.length)
          assert.is(end !== null, way.drop !== null)
          joined(end ? [...stops, end] : stops)
          for (const stop of stops) {
            free(layout, stop)
            for (const id of stop.wires)
              assert.ok(
                layout.wires.some((wire) => wire.id === id),
                id,
              )
          }
          assert.is(copies.length, way.copies.length)
        }
      })

  test('a packet crosses each veth pair on its wire, and is in the node that the hop names', async () => {
    const { after, journey } = caseOf('dnat')
    const layout = await layoutOf(topologyOf(after), pageStyle)
    const request = journey.conversations[0]?.request
    if (!request) throw new Error('no request')
    const { stops } = ways(layout, request)
    const passed = stops.filter((_, index) => request.hops[index]?.kind === 'enters')
    assert.equal(
      passed.map(({ wires, device }) => [device].concat(wires)),
      [
        ['host/eth0', 'cable host/eth0 outside/wan'],
        ['ns1/eth0', 'cable ns1/eth0 host/veth1'],
      ],
    )
    for (const [index, hop] of request.hops.entries()) {
      const stop = stops[index]
      const box = layout.nodes.find(({ node }) => node.name === hop.node)?.box
      if (!stop || !box || hop.kind === 'leaves' || hop.kind === 'enters') continue
      assert.ok(stop.at.x >= box.x && stop.at.x <= box.x + box.width, `${hop.kind} in ${hop.node}`)
    }
  })

  test('without forwarding the packet ends between the two devices, where no line is drawn', async () => {
    const { after, journey } = caseOf('forwarding-off')
    const layout = await layoutOf(topologyOf(after), pageStyle)
    const request = journey.conversations[0]?.request
    const end = request && ways(layout, request).end
    const device = (id: string) =>
      layout.nodes.flatMap(({ devices }) => devices).find((each) => each.id === id)?.box
    const [bridge, outer] = [device('host/br0'), device('host/eth0')]
    if (!end || !bridge || !outer) throw new Error('no end')
    assert.ok(end.at.x > bridge.x + bridge.width && end.at.x < outer.x, JSON.stringify(end.at))
    assert.ok(layout.wires.every(({ kind }) => kind !== 'routing'))
  })

  test('lines are measured along their corners, and cut in both directions', () => {
    const line = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 10 },
    ]
    assert.is(lengthOfLine(line), 20)
    assert.equal(pointAt(line, 15), { x: 10, y: 5 })
    assert.equal(pointAt(line, 99), { x: 10, y: 10 })
    assert.equal(pieceOf(line, 5, 15), [
      { x: 5, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 5 },
    ])
    assert.equal(pieceOf(line, 15, 5), [
      { x: 10, y: 5 },
      { x: 10, y: 0 },
      { x: 5, y: 0 },
    ])
  })
})

function waysOf({ conversations }: Journey): readonly Way[] {
  return conversations.flatMap(({ request, answer, others }) => [
    request,
    ...(answer ? [answer] : []),
    ...others,
  ])
}

function joined(stops: readonly Stop[]): void {
  for (const [index, { at, path }] of stops.entries()) {
    const before = stops[index - 1]
    same(path.at(-1), at)
    if (before) same(path[0], before.at)
  }
}

function same(one: Point | undefined, other: Point): void {
  assert.ok(
    one && Math.hypot(one.x - other.x, one.y - other.y) < 0.01,
    JSON.stringify([one, other]),
  )
}

/** An envelope of 30 x 20 may touch the border of a device, and nothing of its text. */
function free(layout: Layout, { at, node, device }: Stop): void {
  for (const { devices } of layout.nodes)
    for (const { box, id, contents } of devices) {
      const [left, right] = [box.x + 6, box.x + box.width - 6]
      const middle = box.y + box.height / 2
      const [top, bottom] = [middle - contents.height / 2 + 4, middle + contents.height / 2 - 4]
      const covers = at.x + 15 > left && at.x - 15 < right && at.y + 10 > top && at.y - 10 < bottom
      assert.not.ok(covers, `the stop at ${device ?? node} covers ${id}`)
    }
}
