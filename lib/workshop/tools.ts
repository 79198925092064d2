// Gives the learner the tools of every menu: the picture, the changes, a packet's journey, a shell on a node.
import type { Translate } from '../language/translate.ts'
import { difference } from '../observe/difference/difference.ts'
import type { Snapshot } from '../observe/snapshot/snapshot.ts'
import { findNodes } from '../observe/nodes.ts'
import { takeSnapshot } from '../observe/snapshot/take.ts'
import { namespaceTarget } from '../exec/target.ts'
import { shell } from '../sandbox/shell.ts'
import type { Probe } from '../scenario/probe.ts'
import { typedInput, type Choice } from './ask/asker.ts'
import type { Looking } from './pictures.ts'

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
