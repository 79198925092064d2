// A journey as a page for a terminal: at most 80 columns of our own words, complete without colour, one line a hop.
import { message } from '../../language/message.ts'
import { speakEnglish, type Translate } from '../../language/translate.ts'
import { displayWidth, wrapped } from '../../language/wrap.ts'
import type { Conversation, Drop, Hop, Journey, Way } from './journey.ts'
import { wordsOf, written, type Line } from './words.ts'

/** How to colour: chalk has all of these. */
export type Paint = Readonly<
  Record<'bold' | 'dim' | 'red' | 'green' | 'cyan' | 'yellow', (text: string) => string>
>

const width = 80
/** At least as wide as these; long names widen both columns, and what is left is for the words. */
const [narrowNode, narrowLabel] = [9, 13]
const leastForWords = 30

type Page = {
  readonly paint: Paint
  readonly translate: Translate
  readonly nodeColumn: number
  readonly labelColumn: number
}

/** `verdict: false` leaves out the last line, where others judge. */
export function journeyText(
  journey: Journey,
  paint: Paint,
  { verdict = true, translate = speakEnglish }: { verdict?: boolean; translate?: Translate } = {},
): string {
  const page = { paint, translate, ...columnsOf(journey, translate) }
  const { conversations, outcome, drop, lost } = journey
  const lines = conversations.flatMap((conversation, index) => [
    ...(index > 0 ? [''] : []),
    ...conversationLines(conversation, page),
  ])
  if (conversations.length === 0 && drop) lines.push(...dropLines(drop, '', page))
  if (verdict) lines.push('', `  ${verdictLine(outcome, drop, page)}`)
  if (verdict && journey.disagreement !== null)
    lines.push(...paragraph(translate(journey.disagreement), paint.yellow))
  if (lost.length > 0) {
    const nodes = lost.join(', ')
    const text = translate(
      'more passed than the kernel could tell: hops on {nodes} may be missing',
      {
        nodes,
      },
    )
    lines.push(...paragraph(text, paint.yellow))
  }
  return `${lines.join('\n')}\n`
}

/** The path and the verdict in at most five lines. */
export function briefText(
  journey: Journey,
  paint: Paint,
  translate: Translate = speakEnglish,
): string {
  const { conversations, outcome, drop } = journey
  const main = conversations.find((each) => each.drop === drop) ?? conversations[0]
  const page = { paint, translate, ...columnsOf(journey, translate) }
  const ways = main ? [main.request, ...(main.answer ? [main.answer] : [])] : []
  const lines = [
    ...ways.map(
      (way) => `  ${paint.bold(paint.cyan(way.what))}  ${written(way.packet)}  ${pathOf(way)}`,
    ),
    `  ${verdictLine(outcome, drop, page)}`,
    ...(drop
      ? [`  ${translate('{where}: {why}', { where: message(drop.where), why: drop.why })}`]
      : []),
    ...(drop?.remedy
      ? [paint.bold(`  ${drop.node}# ${drop.remedy}`)]
      : drop && drop.evidence !== ''
        ? [paint.dim(`  ${drop.evidence}`)]
        : []),
    ...(journey.disagreement ? [paint.yellow(`  ${translate(journey.disagreement)}`)] : []),
  ]
  return `${lines.slice(0, 5).join('\n')}\n`
}

/** `ns1 → host → outside` */
function pathOf({ hops, drop }: Way): string {
  const nodes = hops.map(({ node }) => node).filter((node, index, all) => node !== all[index - 1])
  return [...nodes, ...(drop ? ['✗'] : [])].join(' → ')
}

function columnsOf({ conversations }: Journey, translate: Translate) {
  const hops = conversations.flatMap(({ request, answer }) => [
    ...request.hops,
    ...(answer?.hops ?? []),
  ])
  const drops = conversations.flatMap(({ drop }) => (drop ? [drop.node] : []))
  const nodes = [...hops.map(({ node }) => node), ...drops]
  const labels = hops.flatMap((hop) => translate(wordsOf(hop)?.label ?? ''))
  const widest = (words: readonly string[]) =>
    Math.max(0, ...words.map((word) => displayWidth(word))) + 2
  return {
    nodeColumn: Math.max(narrowNode, widest(nodes)),
    labelColumn: Math.max(narrowLabel, widest(labels)),
  }
}

function paragraph(text: string, tone: (text: string) => string): readonly string[] {
  return wrapped(text, width - 4, 0)
    .split('\n')
    .map((line) => tone(`  ${line}`))
}

function conversationLines(
  { request, answer, more, drop }: Conversation,
  page: Page,
): readonly string[] {
  const lines = [...wayLines(request, page)]
  if (answer) lines.push('', ...wayLines(answer, page))
  // A refusal is no end of a packet: it is what the answer says.
  if (drop && drop !== request.drop && drop !== answer?.drop)
    lines.push(...dropLines(drop, '', page))
  if (more > 0) lines.push(page.paint.dim(`  ${moreLine(more, page.translate)}`))
  return lines
}

function moreLine(count: number, translate: Translate): string {
  return count === 1
    ? translate('… and {count} more packet of this conversation', { count })
    : translate('… and {count} more packets of this conversation', { count })
}

function wayLines(way: Way, page: Page): readonly string[] {
  const { paint } = page
  const lines = [`  ${paint.bold(paint.cyan(way.what))}  ${written(way.packet)}`]
  let node = ''
  for (const hop of way.hops) {
    lines.push(...hopLines(hop, hop.node === node ? '' : hop.node, page))
    node = hop.node
  }
  if (way.drop) lines.push(...dropLines(way.drop, node, page))
  return lines
}

function hopLines(hop: Hop, node: string, page: Page): readonly string[] {
  const { paint, translate } = page
  const words = wordsOf(hop)
  if (!words) return []
  const arrow = hop.kind === 'leaves' ? '→ ' : hop.kind === 'enters' ? '← ' : ''
  return words.lines.flatMap((line, index) => {
    const head = index === 0 ? [node, translate(words.label)] : ['', '']
    return row(
      head[0] ?? '',
      head[1] ?? '',
      arrow + translate(line),
      toneOf(line.tone, paint),
      page,
    )
  })
}

function dropLines(drop: Drop, node: string, page: Page): readonly string[] {
  const { paint, translate } = page
  const name = drop.node === node ? '' : drop.node
  const why = translate('{where}: {why}', { where: message(drop.where), why: drop.why })
  const label = `✗ ${translate(labels[drop.reason] ?? 'ends here')}`
  const checked = drop.checked.map((each) => translate(each)).join('; ')
  return [
    ...row(name, label, why, paint.red, page),
    ...(drop.evidence === '' ? [] : row('', '', drop.evidence, paint.dim, page)),
    ...(checked === '' ? [] : row('', translate('checked'), checked, paint.dim, page)),
    ...(drop.remedy === null
      ? []
      : row('', translate('mend'), `${drop.node}# ${drop.remedy}`, paint.bold, page)),
  ]
}

/** What is not the end of a packet, but of the conversation. */
const labels: Readonly<Partial<Record<Drop['reason'], string>>> = {
  refused: 'refused',
  'other-address': 'ignored',
  'echo-ignored': 'silence',
  ignored: 'silence',
  backlog: 'silence',
  'no-answer': 'silence',
}

function row(
  node: string,
  label: string,
  text: string,
  tone: (text: string) => string,
  { paint, nodeColumn, labelColumn }: Page,
): readonly string[] {
  const textColumn = 2 + nodeColumn + labelColumn
  // What goes on stands a little to the right.
  const [first = '', ...others] = wrapped(
    text,
    Math.max(leastForWords, width - textColumn),
    2,
  ).split('\n')
  const head = `  ${paint.green(padded(node, nodeColumn))}`
  const mark = label.startsWith('✗') ? paint.red : paint.dim
  return [
    `${head}${mark(padded(label, labelColumn))}${tone(first)}`,
    ...others.map((line) => `${' '.repeat(textColumn)}${tone(line)}`),
  ]
}

/** A Chinese character takes two columns, and a long name all of its column and more. */
function padded(words: string, columns: number): string {
  return words + ' '.repeat(Math.max(1, columns - displayWidth(words)))
}

function toneOf(tone: Line['tone'], paint: Paint): (text: string) => string {
  if (tone === 'change') return paint.yellow
  if (tone === 'rule') return paint.bold
  return tone === 'aside' ? paint.dim : (text) => text
}

function verdictLine(
  outcome: Journey['outcome'],
  drop: Drop | null,
  { paint: { bold, green, red }, translate }: Page,
): string {
  if (outcome === 'answered') return green(`✓ ${bold(translate('answered'))}`)
  const where = drop ? ` (${drop.reason}, ${drop.node})` : ''
  const words = {
    refused: translate('refused: it arrived, and the answer is no'),
    unanswered: translate('it arrived, and nobody answered'),
    dropped: translate('it did not come through'),
    'not-sent': translate('nothing was sent'),
  }
  return red(`✗ ${bold(words[outcome])}${where}`)
}
