// Lays out the picture of the page, for wide windows and for phones, in a thread of its own.
import { folded } from '../../observe/topology/fold.ts'
import { layoutApart } from '../../observe/topology/layout-worker.ts'
import { narrowStyle, pageStyle } from '../../observe/topology/shapes.ts'
import type { Topology } from '../../observe/topology/topology.ts'
import type { Picture } from '../moments.ts'

/** @param keep the names of nodes that are drawn singly, however many are alike. */
export async function pictureOf(
  whole: Topology,
  keep: ReadonlySet<string> = new Set(),
): Promise<Picture> {
  const { topology, folds } = folded(whole, keep)
  const [wide, narrow] = await Promise.all([
    layoutApart(topology, pageStyle),
    layoutApart(brief(topology), narrowStyle),
  ])
  return { topology: whole, folds, wide, narrow }
}

/** Without the marks that a narrow picture has no room for. */
function brief({ nodes, ...rest }: Topology): Topology {
  const marked = nodes.map((node) => {
    const marks = node.marks.filter(({ kind }) => kind !== 'route' && kind !== 'forward')
    return Object.assign({}, node, { marks })
  })
  return { ...rest, nodes: marked }
}
