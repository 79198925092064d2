// A topology in sentences, for who does not see a drawing: the same facts, a node at a time.
import type { Translate } from '../language/translate.ts'
import type { Device, Interface, Topology, TopologyNode } from '../observe/topology/topology.ts'

export function describe({ nodes, cables }: Topology, t: Translate): readonly string[] {
  return [
    ...nodes.map((node) => nodeText(node, t)),
    ...cables.map(({ ends: [one, other], up }) =>
      t(up ? 'A cable joins {one} and {other}.' : 'A cable joins {one} and {other}; it is down.', {
        one: `${one.node}/${one.link}`,
        other: `${other.node}/${other.link}`,
      }),
    ),
  ]
}

function nodeText(
  { name, forwards, bridges, interfaces, marks }: TopologyNode,
  t: Translate,
): string {
  const parts = [
    ...(forwards ? [t('forwards')] : []),
    ...bridges.map((bridge) => `${t('bridge')} ${deviceText(bridge, t)}`),
    ...interfaces.map((device) => deviceText(device, t)),
    ...marks.map(({ text }) => text),
  ]
  return `${name}: ${parts.join('; ') || t('nothing but lo')}.`
}

function deviceText(
  { name, up, addresses, bridge }: Device & Partial<Interface>,
  t: Translate,
): string {
  return [
    name,
    ...addresses,
    ...(up ? [] : [t('not up')]),
    ...(bridge === undefined ? [] : [t('port of {bridge}', { bridge })]),
  ].join(' ')
}
