// Shows the network in the workshop: a picture if it fits the screen, and sentences otherwise.
import type { Translate } from '../language/translate.ts'
import type { Snapshot } from '../observe/snapshot/snapshot.ts'
import {
  topologyOf,
  type Cable,
  type Topology,
  type TopologyNode,
} from '../observe/topology/topology.ts'
import { listed, pictureLabels } from '../scenario/render/picture.ts'
import type { Asker } from './ask/asker.ts'
import type { WorkshopPage } from './page.ts'

export type Drawer = (topology: Topology) => Promise<string>

export type Looking = {
  readonly page: WorkshopPage
  readonly asker: Asker
  readonly translate: Translate
  /** Null for screen readers: sentences then describe the network. */
  readonly draw: Drawer | null
  /** Whether the pictures show the node `outside`. */
  readonly hasOutside: boolean
}

/** The network at the beginning of each step, with what is new. */
export class StepPictures {
  readonly #looking: Looking
  #drawn: { readonly picture: string; readonly topology: Topology } | null = null

  constructor(looking: Looking) {
    this.#looking = looking
  }

  /** The picture comes before the explanation, so that a screen of 24 lines shows the explanation and the commands. */
  async draw(now: Snapshot): Promise<void> {
    const { page, draw, hasOutside, translate } = this.#looking
    if (!draw) return
    const topology = lessonTopology(now, hasOutside)
    const picture = await draw(topology)
    const drawn = this.#drawn
    if (picture === drawn?.picture) return
    this.#drawn = { picture, topology }
    const isTall = picture.trimEnd().split('\n').length > screenLines()
    page.gap()
    if (page.fits(picture) && (!drawn || !isTall)) {
      page.prose(translate('The network now:'))
      page.drawing(picture, drawn ? newLabels(picture, drawn.picture) : [])
    } else if (drawn) {
      page.prose(translate('What has changed in the network (p shows all of it):'))
      await showInWords(this.#looking, changedPart(topology, drawn.topology))
    } else {
      page.prose(translate('The network now:'))
      await showInWords(this.#looking, topology)
    }
    const labels = drawn ? newLabels(picture, drawn.picture) : []
    if (labels.length > 0)
      page.prose(translate('New in the network: {words}', { words: listed(labels, translate) }))
  }
}

/** The network as a lesson shows it: without IPv6, and without outside where it plays no part. */
export function lessonTopology(snapshot: Snapshot, hasOutside: boolean): Topology {
  const { version, nodes, cables, tunnels } = topologyOf(snapshot)
  const isShown = (name: string) => hasOutside || name !== 'outside'
  const isIpv4 = (text: string) => !/:|IPv6/.test(text)
  const without = (device: TopologyNode['interfaces'][number]) => ({
    ...device,
    addresses: device.addresses.filter(isIpv4),
  })
  return {
    version,
    nodes: nodes
      .filter(({ name }) => isShown(name))
      .map(({ name, forwards, bridges, interfaces, marks }) => ({
        name,
        // A new namespace copies the forwarding of the machine, which says nothing about the lesson.
        forwards: forwards && isMachine.test(name),
        bridges: bridges.map(without),
        interfaces: interfaces.map(without),
        marks: marks.filter(
          ({ text }) =>
            isIpv4(text.replace('IPv4', '').replace(/:\d+/, '')) &&
            (isMachine.test(name) || !text.includes('forwards')),
        ),
      })),
    cables: cables.filter(({ ends }) => ends.every(({ node }) => isShown(node))),
    ...(tunnels ? { tunnels } : {}),
  }
}

const isMachine = /^host\d*$/

/** The labels of a picture that an earlier one lacks: names, addresses, marks. A remark in brackets, '(down)', is not a label. */
function newLabels(picture: string, earlier: string): readonly string[] {
  const labelsOf = (text: string) =>
    (text.replaceAll(/\(.*?\)/g, '').match(pictureLabels) ?? []).filter((label) =>
      /[\p{L}\p{N}]/u.test(label),
    )
  const known = new Set(labelsOf(earlier))
  return [...new Set(labelsOf(picture))].filter((label) => !known.has(label))
}

export async function showPicture(looking: Looking, snapshot: Snapshot): Promise<void> {
  const { page, draw, asker, translate } = looking
  const topology = lessonTopology(snapshot, looking.hasOutside)
  const picture = draw && (await draw(topology))
  if (picture === null || !page.fits(picture)) return showInWords(looking, topology)
  const lines = picture.trimEnd().split('\n')
  const most = screenLines()
  for (let at = 0; at < lines.length; at += most) {
    page.drawing(lines.slice(at, at + most).join('\n'))
    if (at + most < lines.length)
      await asker.ask({
        question: translate('The picture goes on.'),
        options: [{ value: 'next', key: 'enter', label: translate('go on') }],
        tools: [],
        isPause: true,
      })
  }
}

/** How many lines of a picture fit on the screen with the question below it. */
function screenLines(): number {
  return process.stdout.isTTY ? Math.max(process.stdout.rows - 4, 8) : Infinity
}

async function showInWords({ page, translate }: Looking, topology: Topology) {
  const { describe } = await import('./describe.ts')
  for (const line of describe(topology, translate)) page.prose(line, 2, 4)
}

/** The nodes that an earlier topology does not have in the same state, and the cables between them. */
function changedPart(now: Topology, earlier: Topology): Topology {
  const old = new Set(earlier.nodes.map((node) => JSON.stringify(node)))
  const nodes = now.nodes.filter((node) => !old.has(JSON.stringify(node)))
  const isShown = (name: string) => nodes.some((node) => node.name === name)
  const within = ({ ends }: Cable) => ends.every(({ node }) => isShown(node))
  return {
    ...now,
    nodes,
    cables: now.cables.filter(within),
    ...(now.tunnels ? { tunnels: now.tunnels.filter(within) } : {}),
  }
}
