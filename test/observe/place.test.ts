// Tests when ELK runs: a picture in which only texts of the same length have changed is placed without it, and is the right one.
import * as assert from 'uvu/assert'
import { layoutOf } from '../../lib/observe/topology/layout.ts'
import { placer } from '../../lib/observe/topology/place.ts'
import { pageStyle } from '../../lib/observe/topology/shapes.ts'
import { smallTopology, type Topology } from '../../lib/observe/topology/topology.ts'
import { suite } from '../helpers/suite.ts'

/** The small network, whose first interface has this address. */
function withAddress(address: string): Topology {
  const [first, ...others] = smallTopology.nodes
  if (!first) throw new Error('the small network has nodes')
  const [link, ...links] = first.interfaces
  if (!link) throw new Error('its first node has interfaces')
  const interfaces = [{ ...link, addresses: [address] }, ...links]
  return { ...smallTopology, nodes: [{ ...first, interfaces }, ...others] }
}

suite('placement of a picture', (test) => {
  test('ELK does not run when only an address of the same length has changed', async () => {
    const before = await layoutOf(withAddress('192.0.2.1/24'), pageStyle)
    const { placed } = placer
    const after = await layoutOf(withAddress('192.0.2.7/24'), pageStyle)
    assert.is(placer.placed, placed)
    const texts = (layout: typeof after) => JSON.stringify(layout)
    assert.is(texts(after), texts(before).replaceAll('192.0.2.1/24', '192.0.2.7/24'))
    assert.not.equal(after, before)
  })

  test('it runs when a box becomes larger', async () => {
    await layoutOf(withAddress('192.0.2.1/24'), pageStyle)
    const { placed } = placer
    const long = await layoutOf(withAddress('2001:db8:1111:2222:3333::1/64'), pageStyle)
    assert.is(placer.placed, placed + 1)
    assert.ok(JSON.stringify(long).includes('2001:db8'))
  })
})
