// Pictures of any network: nothing overlaps, every word fits its box, and the text is made of whole characters that meet.
import { charactersOf } from '../../lib/observe/topology/characters.ts'
import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { layoutOf } from '../../lib/observe/topology/layout.ts'
import { middleStyle, narrowStyle, pageStyle } from '../../lib/observe/topology/shapes.ts'
import { svgStyle, topologySvg } from '../../lib/observe/topology/svg.ts'
import {
  centredStyle,
  sidewaysStyle,
  textStyle,
  topologyText,
} from '../../lib/observe/topology/text.ts'
import { someNetworks } from '../helpers/some-networks.ts'
import type { Topology } from '../../lib/observe/topology/topology.ts'
import { readable } from '../helpers/geometry.ts'
import { slow } from '../helpers/long.ts'
import { suite } from '../helpers/suite.ts'

const styles = {
  svg: svgStyle,
  page: pageStyle,
  middle: middleStyle,
  narrow: narrowStyle,
  text: textStyle,
  centred: centredStyle,
  sideways: sidewaysStyle,
}

suite('layout', (test) => {
  for (const [name, style] of Object.entries(styles))
    test(
      `${name}: nothing overlaps and all words fit, whatever the network`,
      async () => {
        await fc.assert(
          fc.asyncProperty(someNetworks, async (topology) =>
            readable(await layoutOf(topology, style), style),
          ),
          { numRuns: slow ? 10 : 4 },
        )
      },
      { seconds: 240 },
    )

  test('the assertion notices an overlap, and a word that is too long', async () => {
    const layout = await layoutOf(strange, svgStyle)
    const twice = { ...layout, nodes: layout.nodes.concat(layout.nodes) }
    assert.match(
      complaint(() => readable(twice, svgStyle)),
      /overlap/,
    )
    assert.match(
      complaint(() => readable(layout, { ...svgStyle, character: 20 })),
      /fit/,
    )
  })

  test(
    'text: every line that leaves a character arrives in the next one',
    async () => {
      await fc.assert(
        fc.asyncProperty(someNetworks, async (topology) => {
          joined(await topologyText(topology, { columns: 80, charset: 'unicode' }))
        }),
        { numRuns: slow ? 6 : 3 },
      )
    },
    { seconds: 240 },
  )

  test('ASCII is ASCII, whatever the names are', async () => {
    const text = await topologyText(strange, { columns: 80, charset: 'ascii' })
    assert.match(text, /^[\x20-\x7E\n]+$/)
  })

  test('wires do not cross where names and plugs have different orders', async () => {
    const { nodes } = await layoutOf(swapped, svgStyle)
    const heightOf = (name: string) => nodes.find(({ node }) => node.name === name)?.box.y ?? NaN
    const plugs = nodes.find(({ node }) => node.name === 'host')?.devices ?? []
    const plugOf = (name: string) => plugs.find((it) => it.contents.name === name)?.box.y ?? NaN
    assert.is(heightOf('client') > heightOf('web'), plugOf('second') > plugOf('first'))
  })

  test('a picture of one theme has its colours, and asks nobody', async () => {
    const [both, light, dark] = await Promise.all([
      topologySvg(strange),
      topologySvg(strange, 'light'),
      topologySvg(strange, 'dark'),
    ])
    assert.match(both, /prefers-color-scheme: dark/)
    assert.not.ok(light.includes('prefers-color-scheme') || dark.includes('prefers-color-scheme'))
    assert.match(dark, /\.page \{ fill: #0d1117 \}/)
    assert.not.match(light, /#0d1117/)
  })

  test('names that are markup stay names', async () => {
    const svg = await topologySvg(strange)
    assert.not.ok(svg.includes('<script') || svg.includes('\u0007'))
    assert.match(svg, /&#60;script&#62;/)
  })
})

/** uvu's own `throws` lets assertions pass through. */
function complaint(body: () => void): string {
  try {
    body()
  } catch (error) {
    return String(error)
  }
  return ''
}

const strange: Topology = {
  version: 1,
  nodes: [
    {
      name: '<script>é\u0007"',
      forwards: false,
      bridges: [],
      interfaces: [{ name: 'e&<h', up: false, addresses: [] }],
      marks: [{ kind: 'route', text: 'default via 10.0.0.1 → x' }],
    },
  ],
  cables: [],
}

const end = (link: string) => ({ name: link, up: true, addresses: [] })
const leaf = (name: string) => ({
  name,
  forwards: false,
  bridges: [],
  interfaces: [end('eth0')],
  marks: [],
})
/** `client` comes before `web`, and is plugged in after it. */
const swapped: Topology = {
  version: 1,
  nodes: [
    {
      name: 'host',
      forwards: false,
      bridges: [end('br0')],
      interfaces: [
        { ...end('first'), bridge: 'br0' },
        { ...end('second'), bridge: 'br0' },
        end('eth0'),
      ],
      marks: [],
    },
    { ...leaf('outside'), interfaces: [end('wan')] },
    leaf('client'),
    leaf('web'),
  ],
  cables: [
    ['host/eth0', 'outside/wan'],
    ['host/first', 'web/eth0'],
    ['host/second', 'client/eth0'],
  ].map((ends) => {
    const [one, other] = ends.map((text) => text.split('/'))
    return {
      ends: [
        { node: one?.[0] ?? '', link: one?.[1] ?? '' },
        { node: other?.[0] ?? '', link: other?.[1] ?? '' },
      ],
      up: true,
    }
  }),
}

/** Characters that have a line to the right, or down; the neighbour there must have one back. */
const rights = '─╭╰┌└├┬┴┼═╔╚╠╤╧╟┄╦╩╬╫╪'
const lefts = '─╮╯┐┘┤┬┴┼═╗╝╣╤╧╢┄╦╩╬╫╪'
const downs = '│╭╮┌┐├┤┬┼║╔╗╤╟╢┆╦╬╫╪'
const ups = '│╰╯└┘├┤┴┼║╚╝╧╟╢┆╩╬╫╪'

function joined(text: string): void {
  const rows = text.split('\n').map(charactersOf)
  const at = (x: number, y: number) => rows[y]?.[x] ?? ' '
  for (const [y, row] of rows.entries())
    for (const [x, character] of row.entries()) {
      const where = `${character} at ${x}, ${y} of\n${text}`
      if (rights.includes(character)) assert.ok(lefts.includes(at(x + 1, y)), where)
      if (downs.includes(character)) assert.ok(ups.includes(at(x, y + 1)), where)
      if (lefts.includes(character)) assert.ok(rights.includes(at(x - 1, y)), where)
      if (ups.includes(character)) assert.ok(downs.includes(at(x, y - 1)), where)
    }
}
