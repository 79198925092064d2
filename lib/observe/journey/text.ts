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
const [nodeColumn, labelColumn] = [9, 13]
const textColumn = 2 + nodeColumn + labelColumn

type Page = { readonly paint: Paint; readonly translate: Translate }

/** `verdict: false` leaves out the last line, where others judge. */
export function journeyText(
  journey: Journey,
  paint: Paint,
  { verdict = true, translate = speakEnglish }: { verdict?: boolean; translate?: Translate } = {},
): string {
  const page = { paint, translate }
  const { conversations, outcome, drop, lost } = journey
  const lines = conversations.flatMap((conversation, index) => [
    ...(index > 0 ? [''] : []),
    ...conversationLines(conversation, page),
  ])
  if (conversations.length === 0 && drop) lines.push(...dropLines(drop, '', page))
  if (verdict) lines.push('', `  ${verdictLine(outcome, drop, page)}`)
  if (lost.length > 0) {
    const nodes = lost.join(', ')
    const text = translate(
      'more passed than the kernel could tell: hops on {nodes} may be missing',
      {
        nodes,
      },
    )
    lines.push(paint.yellow(`  ${text}`))
  }
  return `${lines.join('\n')}\n`
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

function hopLines(hop: Hop, node: string, { paint, translate }: Page): readonly string[] {
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
      paint,
    )
  })
}

function dropLines(drop: Drop, node: string, { paint, translate }: Page): readonly string[] {
  const name = drop.node === node ? '' : drop.node
  const why = translate('{where}: {why}', { where: message(drop.where), why: drop.why })
  const label = `✗ ${translate(labels[drop.reason] ?? 'ends here')}`
  return [
    ...row(name, label, why, paint.red, paint),
    ...(drop.evidence === '' ? [] : row('', '', drop.evidence, paint.dim, paint)),
  ]
}

/** What is not the end of a packet, but of the conversation. */
const labels: Readonly<Partial<Record<Drop['reason'], string>>> = {
  refused: 'refused',
  stranger: 'refused',
  'echo-ignored': 'silence',
  'no-answer': 'silence',
}

function row(
  node: string,
  label: string,
  text: string,
  tone: (text: string) => string,
  paint: Paint,
): readonly string[] {
  // What goes on stands a little to the right.
  const [first = '', ...others] = wrapped(text, width - textColumn, 2).split('\n')
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
