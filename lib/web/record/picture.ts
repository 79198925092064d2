// Lays out the picture of a page, for wide windows and for phones.
import { layoutOf } from '../../observe/topology/layout.ts'
import { svgStyle } from '../../observe/topology/svg.ts'
import type { Topology } from '../../observe/topology/topology.ts'
import type { Picture } from '../moments.ts'

export async function pictureOf(topology: Topology): Promise<Picture> {
  const [wide, narrow] = await Promise.all([
    layoutOf(topology, svgStyle),
    layoutOf(topology, { ...svgStyle, direction: 'UP' }),
  ])
  return { topology, wide, narrow }
}
