// A journey as a page for a terminal: at most 80 columns of our own words, complete without colour, one line a hop.
import type { Conversation, Death, Hop, Journey, Way } from './journey.ts'
import { wordsOf, written, type Line } from './words.ts'

/** How to colour: chalk has all of these. */
export type Paint = Readonly<
  Record<'bold' | 'dim' | 'red' | 'green' | 'cyan' | 'yellow', (text: string) => string>
>

const width = 80
const [nodeColumn, labelColumn] = [9, 13]
const textColumn = 2 + nodeColumn + labelColumn

/** `verdict: false` leaves out the last line, where others judge. */
export function journeyText(journey: Journey, paint: Paint, { verdict = true } = {}): string {
  const { conversations, outcome, death, lost } = journey
  const lines = conversations.flatMap((conversation, index) => [
    ...(index > 0 ? [''] : []),
    ...conversationLines(conversation, paint),
  ])
  if (conversations.length === 0 && death) lines.push(...deathLines(death, '', paint))
  if (verdict) lines.push('', `  ${verdictLine(outcome, death, paint)}`)
  if (lost.length > 0) {
    const text = `more passed than the kernel could tell: hops on ${lost.join(', ')} may be missing`
    lines.push(paint.yellow(`  ${text}`))
  }
  return `${lines.join('\n')}\n`
}

function conversationLines(
  { request, answer, more, death }: Conversation,
  paint: Paint,
): readonly string[] {
  const lines = [...wayLines(request, paint)]
  if (answer) lines.push('', ...wayLines(answer, paint))
  // A refusal is no end of a packet: it is what the answer says.
  if (death && death !== request.death && death !== answer?.death)
    lines.push(...deathLines(death, '', paint))
  if (more > 0)
    lines.push(
      paint.dim(`  … and ${more} more ${more === 1 ? 'packet' : 'packets'} of this conversation`),
    )
  return lines
}

function wayLines(way: Way, paint: Paint): readonly string[] {
  const lines = [`  ${paint.bold(paint.cyan(way.what))}  ${written(way.packet)}`]
  let node = ''
  for (const hop of way.hops) {
    lines.push(...hopLines(hop, hop.node === node ? '' : hop.node, paint))
    node = hop.node
  }
  if (way.death) lines.push(...deathLines(way.death, node, paint))
  return lines
}

function hopLines(hop: Hop, node: string, paint: Paint): readonly string[] {
  const words = wordsOf(hop)
  if (!words) return []
  const arrow = hop.kind === 'leaves' ? '→ ' : hop.kind === 'enters' ? '← ' : ''
  return words.lines.flatMap(({ text, tone }, index) => {
    const head = index === 0 ? [node, words.label] : ['', '']
    return row(head[0] ?? '', head[1] ?? '', arrow + text, toneOf(tone, paint), paint)
  })
}

function deathLines(death: Death, node: string, paint: Paint): readonly string[] {
  const name = death.node === node ? '' : death.node
  const why = `${death.where}: ${death.why}`
  const label = `✗ ${labels[death.cause] ?? 'ends here'}`
  return [
    ...row(name, label, why, paint.red, paint),
    ...(death.evidence === '' ? [] : row('', '', death.evidence, paint.dim, paint)),
  ]
}

/** What is not the end of a packet, but of the conversation. */
const labels: Readonly<Partial<Record<Death['cause'], string>>> = {
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
  const [first = '', ...others] = wrapped(text, width - textColumn)
  const head = `  ${paint.green(node.padEnd(nodeColumn))}`
  const mark = label.startsWith('✗') ? paint.red : paint.dim
  return [
    `${head}${mark(label.padEnd(labelColumn))}${tone(first)}`,
    ...others.map((line) => `${' '.repeat(textColumn)}${tone(line)}`),
  ]
}

function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line)
      // What goes on stands a little to the right.
      line = `  ${word}`
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

function toneOf(tone: Line['tone'], paint: Paint): (text: string) => string {
  if (tone === 'change') return paint.yellow
  if (tone === 'rule') return paint.bold
  return tone === 'aside' ? paint.dim : (text) => text
}

function verdictLine(
  outcome: Journey['outcome'],
  death: Death | null,
  { bold, green, red }: Paint,
): string {
  if (outcome === 'answered') return green(`✓ ${bold('answered')}`)
  const where = death ? ` (${death.cause}, ${death.node})` : ''
  const words = {
    refused: 'refused: it arrived, and the answer is no',
    unanswered: 'it arrived, and nobody answered',
    died: 'it did not come through',
    'not-sent': 'nothing was sent',
  }
  return red(`✗ ${bold(words[outcome])}${where}`)
}
