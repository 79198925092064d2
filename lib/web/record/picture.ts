// Lays out the picture of the page, for wide and less wide windows and for phones, in a thread of its own.
import { folded } from '../../observe/topology/fold.ts'
import { layoutApart } from '../../observe/topology/layout-worker.ts'
import { middleStyle, narrowStyle, pageStyle } from '../../observe/topology/shapes.ts'
import type { Topology } from '../../observe/topology/topology.ts'
import type { Picture } from '../moments.ts'

/** @param keep the names of nodes that are drawn singly, however many are alike. */
export async function pictureOf(
  whole: Topology,
  keep: ReadonlySet<string> = new Set(),
): Promise<Picture> {
  const { topology, folds } = folded(whole, keep)
  const brief = briefly(topology)
  const [wide, middle, narrow] = await Promise.all([
    layoutApart(topology, pageStyle),
    layoutApart(brief, middleStyle),
    layoutApart(brief, narrowStyle),
  ])
  return { topology: whole, folds, wide, middle, narrow }
}

/** Without what a narrow picture has no room for: routes, and the lengths of prefixes. */
function briefly({ nodes, ...rest }: Topology): Topology {
  const brieferNodes = nodes.map((node) => ({
    ...node,
    marks: node.marks.filter(({ kind }) => kind !== 'route' && kind !== 'forward'),
    interfaces: node.interfaces.map((link) => ({
      ...link,
      addresses: link.addresses.map((address) => address.replace(/\/\d+$/, '')),
    })),
  }))
  return { ...rest, nodes: brieferNodes }
}
