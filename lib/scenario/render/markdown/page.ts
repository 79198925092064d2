// Writes the page of a scenario in Markdown from the steady events of one run, and the page that lists them.
import type { Language, Translate } from '../../../language/translate.ts'
import { journeyText, type Paint } from '../../../observe/journey/text.ts'
import type {
  CheckEnded,
  CheckStarted,
  CommandStarted,
  JourneyFollowed,
  NetworkChanged,
  ScenarioEnded,
  ScenarioEvent,
  ScenarioStarted,
} from '../../events.ts'
import { pictured, pictureTag } from './pictures.ts'

export type PageOptions = {
  readonly language: Language
  readonly translate: Translate
  /** The scenarios before and after this one, in teaching order. */
  readonly previous?: string | undefined
  readonly next?: string | undefined
}

export function scenarioPage(events: readonly ScenarioEvent[], options: PageOptions): string {
  return new Page(events, options).text
}

const plain = (text: string) => text
const paint: Paint = {
  bold: plain,
  dim: plain,
  red: plain,
  green: plain,
  cyan: plain,
  yellow: plain,
}
// A longer list is folded.
const shortList = 14

class Page {
  readonly #options: PageOptions
  readonly #translate: Translate
  readonly #pictured: ReadonlySet<NetworkChanged>
  readonly #blocks: string[] = []
  /** Lines of the shell session that is being written. */
  #session: string[] = []
  #check: CheckStarted | undefined
  #name = ''

  constructor(events: readonly ScenarioEvent[], options: PageOptions) {
    this.#options = options
    this.#translate = options.translate
    this.#pictured = new Set(pictured(events))
    for (const event of events) this.#render(event)
  }

  get text(): string {
    return `${this.#blocks.join('\n\n')}\n`
  }

  #render(event: ScenarioEvent): void {
    switch (event.type) {
      case 'scenario-started':
        return this.#opening(event)
      case 'step-started':
        return this.#write(`## ${event.step}. ${this.#prose(event.title)}`, this.#prose(event.text))
      case 'call-started':
        return this.#write(fenced(event.source, 'ts'))
      case 'part-started':
        this.#session.push(`# ${this.#translate(event.title)}`)
        if (event.line !== null) this.#session.push(`host$ ${event.line}`)
        return
      case 'command-started':
        return this.#command(event)
      case 'command-ended':
        if (event.stdout.trim() !== '') this.#session.push(event.stdout.trimEnd())
        return
      case 'check-started':
        this.#check = event
        return
      case 'check-ended':
        return this.#verdict(event)
      case 'journey':
        return this.#journey(event)
      case 'network-changed':
        return this.#changes(event)
      case 'scenario-ended':
        return this.#closing(event)
      case 'packets':
    }
  }

  #opening({ name, title, about, topology }: ScenarioStarted): void {
    this.#name = name
    this.#write(
      notice,
      `# ${this.#prose(title)}`,
      this.#links(),
      this.#prose(about),
      fenced(topology, 'text'),
      this.#translate('Play it yourself:'),
      fenced(`npm run scenario ${name}`, 'sh'),
    )
  }

  #links(): string {
    const { language, previous, next } = this.#options
    return [
      `[${this.#translate('All scenarios')}](README.md)`,
      ...(previous === undefined ? [] : [`← [${previous}](${previous}.md)`]),
      ...(next === undefined ? [] : [`[${next}](${next}.md) →`]),
      languageLink(`${this.#name}.md`, language),
    ].join(' · ')
  }

  #command({ node, line, otherwise }: CommandStarted): void {
    this.#session.push(`${node}$ ${line}`)
    if (otherwise.length === 0) return
    const lines = otherwise.map((other) =>
      other.node === node ? other.line : `${other.node}$ ${other.line}`,
    )
    const commands = lines.join('; ')
    this.#session.push(`   ${this.#translate('(classic: {commands})', { commands })}`)
  }

  #verdict({ observed, holds }: CheckEnded): void {
    const { statement = '', node, line } = this.#check ?? {}
    const answer = `${node}$ ${line}\n→ ${this.#translate(observed)}`
    const item = `- ${holds ? '✓' : '✗'} **${this.#prose(statement)}**\n\n${fenced(answer, 'console')}`
    this.#write(item.replaceAll(/\n(?!\n)/g, '\n  '))
  }

  #journey({ node, line, journey, error }: JourneyFollowed): void {
    const shown = journey
      ? journeyText(journey, paint, { verdict: false, translate: this.#translate })
      : error
    this.#write(
      `⇢ ${this.#translate('The journey of')} \`${node}$ ${line}\``,
      fenced(shown ?? '', 'text'),
    )
  }

  #changes(event: NetworkChanged): void {
    const lines = event.changes.map(
      (change) =>
        `${change.sign === '~' ? '!' : change.sign} ${change.node}: ${this.#translate(change)}`,
    )
    const title = this.#translate('What this step changed')
    const list = fenced(lines.join('\n'), 'diff')
    if (lines.length > shortList)
      this.#write(
        `<details><summary>${title} (${this.#translate('{count} changes', { count: lines.length })})</summary>\n\n${list}\n\n</details>`,
      )
    else if (lines.length > 0) this.#write(this.#translate('What this step changed:'), list)
    if (!this.#pictured.has(event)) return
    const { step } = event
    const words = this.#translate('The network after step {step}', { step })
    this.#write(pictureTag(`${this.#name}-${step}`, words, this.#options.language))
  }

  #closing({ checks, commands }: ScenarioEnded): void {
    const sum = this.#translate('{name}: all {checks} checks hold, {commands} commands.', {
      name: this.#name,
      checks,
      commands,
    })
    this.#write('---', `✓ ${sum}`, this.#links())
  }

  /** Translates a text, and escapes the characters that Markdown would interpret. */
  #prose(text: string): string {
    return this.#translate(text).replaceAll(/[*`<[\]]/g, (mark) => `\\${mark}`)
  }

  #write(...blocks: readonly string[]): void {
    const session = this.#session
    this.#session = []
    if (session.length > 0) this.#blocks.push(fenced(session.join('\n'), 'console'))
    this.#blocks.push(...blocks)
  }
}

/** Writes the list of the scenarios, in teaching order. */
export function contentsPage(
  rows: readonly string[],
  { language, translate }: { readonly language: Language; readonly translate: Translate },
): string {
  return `${[
    notice,
    `# ${translate('The scenarios')}`,
    languageLink('README.md', language),
    translate(`
  Each page is one run of a scenario on the real kernel: the commands as they were typed, what they showed, the checks
  with the kernel's answers, what each step changed, and the network as it was then. In teaching order:`),
    [
      `| ${translate('name')} | ${translate('what it is about')} | ${translate('steps')} | ${translate('checks')} |`,
      '| --- | --- | ---: | ---: |',
      ...rows,
    ].join('\n'),
    translate(`
  What is another one in each run is the same here: MAC addresses are from the range for documentation (00:00:5e:00:53:xx),
  clients' ports count from 40001, ids are made up, and times are left out.`),
  ].join('\n\n')}\n`
}

/** The line of a scenario in the table of `contentsPage`. */
export function contentsRow(
  name: string,
  events: readonly ScenarioEvent[],
  translate: Translate,
): string {
  const title = events.find((event) => event.type === 'scenario-started')?.title ?? ''
  const steps = events.filter(({ type }) => type === 'step-started').length
  const checks = events.filter(({ type }) => type === 'check-ended').length
  return `| [${name}](${name}.md) | ${translate(title)} | ${steps} | ${checks} |`
}

const notice =
  '<!-- Written by `npm run docs` from a real run. Do not edit it: the next run writes it anew. -->'

/** Writes a block of code with a fence that is longer than every fence in it. */
export function fenced(text: string, kind: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([marks]) => marks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${kind}\n${text.replace(/\n+$/, '')}\n${fence}`
}

/** Links the same page in the other language. The Chinese pages are in a folder below the English ones. */
function languageLink(file: string, language: Language): string {
  return language === 'en' ? `[中文](zh/${file})` : `[English](../${file})`
}
