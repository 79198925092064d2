// Generates networks of many shapes with fast-check, to draw them; a kernel could have each of them.
import * as fc from 'fast-check'
import type { Topology } from '../../lib/observe/topology/topology.ts'

/** A host with bridges and namespaces: some on a bridge, some connected to each other; marks and addresses of all lengths. */
export const someNetworks: fc.Arbitrary<Topology> = fc
  .record({
    bridges: fc.integer({ min: 0, max: 2 }),
    leaves: fc.array(
      fc.record({
        bridge: fc.nat(2),
        addresses: fc.array(fc.constantFrom('10.0.0.2/24', '2001:db8:1234:5678::abcd/64'), {
          maxLength: 2,
        }),
        marks: fc.array(
          fc.constantFrom('serves tcp 80', 'default via 2001:db8:1234:5678::1 metric 12'),
          { maxLength: 3 },
        ),
        up: fc.boolean(),
      }),
      { maxLength: 6 },
    ),
    hasOutside: fc.boolean(),
    forwards: fc.boolean(),
    pairs: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ bridges, leaves, hasOutside, forwards, pairs }): Topology => {
    const port = (index: number, bridge: number) => ({
      name: `veth${index}`,
      kind: 'veth',
      up: true,
      addresses: [],
      ...(bridge < bridges ? { bridge: `br${bridge}` } : {}),
    })
    const eth0 = { name: 'eth0', kind: 'veth', up: true, addresses: ['203.0.113.2/24'] }
    const plain = { forwards: false, bridges: [] }
    return {
      version: 1,
      nodes: [
        {
          name: 'host',
          forwards,
          bridges: Array.from({ length: bridges }, (_, index) => ({
            name: `br${index}`,
            kind: 'bridge',
            up: true,
            addresses: ['172.18.0.1/24'],
          })),
          interfaces: [
            ...(hasOutside ? [eth0] : []),
            ...leaves.map(({ bridge }, index) => port(index, bridge)),
          ],
          marks: [{ kind: 'translate', text: 'MASQUERADE 172.18.0.0/24 at eth0' }],
        },
        ...leaves.map(({ addresses, marks, up }, index) => ({
          ...plain,
          name: `ns${index}`,
          interfaces: [{ name: 'eth0', kind: 'veth', up, addresses }],
          marks: marks.map((text) => ({ kind: 'route' as const, text })),
        })),
        ...Array.from({ length: pairs * 2 }, (_, index) => ({
          ...plain,
          name: `pair${index}`,
          interfaces: [{ name: 'p0', kind: 'veth', up: true, addresses: [] }],
          marks: [],
        })),
        ...(hasOutside
          ? [{ ...plain, name: 'outside', interfaces: [{ ...eth0, name: 'wan' }], marks: [] }]
          : []),
      ],
      cables: [
        ...leaves.map(({ up }, index) =>
          cable(['host', `veth${index}`], [`ns${index}`, 'eth0'], up),
        ),
        ...Array.from({ length: pairs }, (_, index) =>
          cable([`pair${index * 2}`, 'p0'], [`pair${index * 2 + 1}`, 'p0'], true),
        ),
        ...(hasOutside ? [cable(['host', 'eth0'], ['outside', 'wan'], true)] : []),
      ],
    }
  })

function cable(a: readonly [string, string], b: readonly [string, string], up: boolean) {
  return {
    ends: [
      { node: a[0], link: a[1] },
      { node: b[0], link: b[1] },
    ] as const,
    up,
  }
}
