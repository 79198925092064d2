// Gives the learner the tools of every menu: the picture, the changes, a packet's journey, a shell on a node.
import type { Translate } from '../language/translate.ts'
import { difference } from '../observe/difference/difference.ts'
import type { Snapshot } from '../observe/snapshot/snapshot.ts'
import { findNodes } from '../observe/nodes.ts'
import { takeSnapshot } from '../observe/snapshot/take.ts'
import { topologyOf, type Topology, type TopologyNode } from '../observe/topology/topology.ts'
import { namespaceTarget } from '../exec/target.ts'
import { shell } from '../sandbox/shell.ts'
import type { Probe } from '../scenario/probe.ts'
import { pictureLabels } from '../scenario/render/text-page.ts'
import { typedInput, type Asker, type Choice } from './ask/asker.ts'
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

/** The tools have the same keys in every menu. */
export function toolChoices(translate: Translate, hasJourney: boolean): readonly Choice[] {
  return [
    { value: 'picture', key: 'p', label: translate('picture') },
    { value: 'changes', key: 'd', label: translate('changes') },
    ...(hasJourney ? [{ value: 'journey', key: 'j', label: translate('journey') }] : []),
    { value: 'glossary', key: 'g', label: translate('glossary') },
    { value: 'node', key: 'n', label: translate('shell on a node') },
    { value: 'over', key: 'o', label: translate('start over') },
    { value: 'leave', key: 'q', label: translate('leave') },
  ]
}

/** The network as a lesson shows it: without IPv6, and without outside where it plays no part. */
export function lessonTopology(snapshot: Snapshot, hasOutside: boolean): Topology {
  const { version, nodes, cables } = topologyOf(snapshot)
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
        forwards: forwards && name === 'host',
        bridges: bridges.map(without),
        interfaces: interfaces.map(without),
        marks: marks.filter(
          ({ text }) =>
            isIpv4(text.replace('IPv4', '').replace(/:\d+/, '')) &&
            (/^host\d*$/.test(name) || !text.includes('forwards')),
        ),
      })),
    cables: cables.filter(({ ends }) => ends.every(({ node }) => isShown(node))),
  }
}

/** The labels of a picture that an earlier one lacks: names, addresses, marks. A remark in brackets, '(down)', is not a label. */
export function newLabels(picture: string, earlier: string): readonly string[] {
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
export function screenLines(): number {
  return process.stdout.isTTY ? Math.max(process.stdout.rows - 4, 8) : Infinity
}

export async function showInWords({ page, translate }: Looking, topology: Topology) {
  const { describe } = await import('./describe.ts')
  for (const line of describe(topology, translate)) page.prose(line, 2, 4)
}

/** The nodes that an earlier topology does not have in the same state, and the cables between them. */
export function changedPart(now: Topology, earlier: Topology): Topology {
  const old = new Set(earlier.nodes.map((node) => JSON.stringify(node)))
  const nodes = now.nodes.filter((node) => !old.has(JSON.stringify(node)))
  const isShown = (name: string) => nodes.some((node) => node.name === name)
  return {
    ...now,
    nodes,
    cables: now.cables.filter(({ ends }) => ends.every(({ node }) => isShown(node))),
  }
}

export async function showChanges({ page }: Looking, since: Snapshot): Promise<void> {
  const found = difference(since, await takeSnapshot())
  page.gap()
  if (found.changes.length + found.traffic.length === 0)
    page.prose(page.translate('Nothing has changed yet.'))
  page.changes(found)
  page.gap()
}

export async function showJourney({ page }: Looking, probe: Probe): Promise<void> {
  const { followed } = await import('../scenario/followed.ts')
  const { journey, error } = await followed(probe)
  page.journey({ node: probe.node.name, line: probe.line, journey, error })
}

/** Explains the terms of the step. @param text what the learner has read in it, in English */
export async function showGlossary({ page, translate }: Looking, text: string): Promise<void> {
  const { glossary, hooksPicture, isIn } = await import('./glossary.ts')
  const known = glossary.filter((entry) => isIn(entry, text))
  page.gap()
  for (const { term, meaning } of known.length > 0 ? known : glossary)
    page.prose(`${page.chalk.bold(translate(term))}: ${translate(meaning)}`, 2, 4)
  if (known.some(({ term }) => term === 'hook')) page.drawing(hooksPicture)
  page.prose(translate('All terms are in docs/glossary.md.'))
  page.gap()
}

/** Whether the probe sends packets that can be followed. */
export function hasPackets({ line }: Probe): boolean {
  return /^(ping|curl) /.test(line)
}

/** This is not the name of a node. */
const back = '(back)'

/** @param usual the node that Enter chooses, if it exists. */
export async function openNodeShell(
  { asker, page, translate }: Looking,
  usual: string,
): Promise<void> {
  const names = findNodes().map(({ name }) => name)
  const first = names.includes(usual) ? usual : 'host'
  const others = names.filter((name) => name !== first)
  const node = await asker.ask({
    question: translate('A shell on which node?'),
    options: [
      { value: first, key: 'enter', label: first },
      ...others.map((name, index) => ({ value: name, key: String(index + 1), label: name })),
    ],
    tools: [{ value: back, key: 'q', label: translate('back') }],
  })
  if (node === back) return
  page.prose(translate('You are root on {node}. To come back: exit or Ctrl-D.', { node }))
  const typed = asker.shellInput()
  await shell([], {
    enter: node === 'host' ? [] : namespaceTarget(node).enter,
    ...(typed === undefined ? {} : { input: typedInput(typed) }),
  })
}
