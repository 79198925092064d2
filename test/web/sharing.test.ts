// Tests that equal values of a stream are stored once, and that readers get back what was written.
import * as assert from 'uvu/assert'
import type { Moment, Part, Recording, Shared } from '../../lib/web/moments.ts'
import { Reader, Writer } from '../../lib/web/sharing.ts'
import { suite } from '../helpers/suite.ts'

const node = (name: string, port: number) => ({
  name,
  links: [
    { name: 'eth0', mac: '02:00:00:00:00:01', addresses: ['172.18.0.2/24', '2001:db8::2/64'] },
  ],
  listeners: [
    {
      protocol: 'tcp',
      address: '0.0.0.0',
      port,
      text: 'a listener with a long text, so that it is shared',
    },
  ],
})

suite('sharing', (test) => {
  const sent = () => {
    const parts: Part[] = []
    return { parts, writer: new Writer((part) => parts.push(part)) }
  }

  test('a reader gets back each value, also after the stream was a file', () => {
    const { parts, writer } = sent()
    const values = [
      { nodes: [node('ns1', 80), node('ns2', 81)], unread: [] },
      { nodes: [node('ns1', 80)], unread: [{ node: 'ns2' }], missing: undefined },
      { nodes: [], deep: [[[node('ns3', 80)]]], none: null },
    ]
    const shared: Shared<object>[] = values.map((value) => writer.share(value))
    const moments: Moment[] = parts.map((part) => Object.assign({ at: 0 }, part))
    const recording: Recording = { netdojo: 'recording', version: 1, moments }
    const reader = new Reader()
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written in the line before
    const read = JSON.parse(JSON.stringify(recording)) as Recording
    for (const moment of read.moments) if (moment.kind === 'part') reader.add(moment)
    assert.equal(
      shared.map((each) => reader.read(each)),
      JSON.parse(JSON.stringify(values)),
    )
  })

  test('what is equal is stored once, and is the same object for a reader', () => {
    const { parts, writer } = sent()
    const [one, two] = [node('ns1', 80), node('ns2', 80)]
    const before = writer.share({ nodes: [one, two] })
    const after = writer.share({ nodes: [one, node('ns2', 81)] })
    // A listener, the list of it, ns2, the list of nodes, and the whole.
    assert.is(parts.at(-1)?.values.length, 5)
    assert.is(parts.length, 2)
    const reader = new Reader()
    for (const part of parts) reader.add(part)
    assert.is(reader.read(before).nodes[0], reader.read(after).nodes[0])
    assert.is.not(reader.read(before).nodes[1], reader.read(after).nodes[1])
    assert.is(writer.share({ nodes: [one, two] }).part, before.part)
  })
})
