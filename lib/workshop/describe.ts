// Describes a topology in sentences for screen readers: the same facts as the drawing, one node after the other.
import type { Translate } from '../language/translate.ts'
import { labelInWords } from '../observe/topology/marks.ts'
import type {
  Cable,
  Device,
  Interface,
  Topology,
  TopologyNode,
} from '../observe/topology/topology.ts'

export function describe(
  { nodes, cables, tunnels = [] }: Topology,
  translate: Translate,
): readonly string[] {
  return [
    ...nodes.map((node) => nodeText(node, translate)),
    ...cables.map((cable) =>
      translate(
        cable.up
          ? 'A cable joins {one} and {other}.'
          : 'A cable joins {one} and {other}, but it is down.',
        endsOf(cable),
      ),
    ),
    ...tunnels.map((tunnel) =>
      translate(
        tunnel.up
          ? 'A tunnel joins {one} and {other}.'
          : 'A tunnel joins {one} and {other}, but it is down.',
        endsOf(tunnel),
      ),
    ),
  ]
}

function endsOf({ ends: [one, other] }: Cable) {
  return { one: `${one.node}/${one.link}`, other: `${other.node}/${other.link}` }
}

function nodeText(
  { name, forwards, bridges, interfaces, marks }: TopologyNode,
  translate: Translate,
): string {
  const parts = [
    ...(forwards ? [translate('forwards')] : []),
    ...bridges.map((bridge) => `${translate('bridge')} ${deviceText(bridge, translate)}`),
    ...interfaces.map((device) => deviceText(device, translate)),
    // The first part says it already.
    ...marks
      .filter(({ kind }) => kind !== 'forward')
      .map(({ text }) => labelInWords(text, translate)),
  ]
  const text = parts.reduce(
    (one, other) => (one === '' ? other : translate('{one}; {other}', { one, other })),
    '',
  )
  return translate('{node}: {text}.', { node: name, text: text || translate('nothing but lo') })
}

function deviceText(
  { name, up, addresses, vni, bridge }: Device & Partial<Interface>,
  translate: Translate,
): string {
  return [
    name,
    ...addresses,
    ...(vni === undefined ? [] : [`VNI ${vni}`]),
    ...(up ? [] : [translate('down')]),
    ...(bridge === undefined ? [] : [translate('(port of {bridge})', { bridge })]),
  ].join(' ')
}
