// Events as a page that a person reads while it is written: at most 80 columns of our own text, and complete without colour.
import type { ChalkInstance } from 'chalk'
import wrapAnsi from 'wrap-ansi'
import { journeyText } from '../../observe/journey/text.ts'
import { changeLine } from '../../observe/difference/difference.ts'
import type {
  CallStarted,
  CheckEnded,
  CheckStarted,
  CommandEnded,
  CommandStarted,
  PartStarted,
  JourneyTold,
  PacketsSeen,
  NetworkChanged,
  Reader,
  ScenarioEnded,
  ScenarioEvent,
  ScenarioStarted,
  StepStarted,
} from '../events.ts'

export type TerminalOptions = {
  readonly write: (text: string) => void
  readonly chalk: ChalkInstance
  /** Also the output of commands that work, and of checks that hold. */
  readonly verbose: boolean
  /** Also what each step changed in the kernel. */
  readonly difference: boolean
}

const width = 80
// Command numbers stand in this margin: `--without 7` names the command beside the 7.
const margin = 5

export function terminalReader(options: TerminalOptions): Reader {
  const page = new Page(options)
  return { read: (event) => page.read(event) }
}

class Page {
  readonly #write: (text: string) => void
  readonly #chalk: ChalkInstance
  readonly #verbose: boolean
  readonly #difference: boolean
  #command: CommandStarted | null = null
  #check: CheckStarted | null = null
  #lastWasCheck = false
  #lastWasGap = false
  #name = ''
  #other = 'classic'

  constructor({ write, chalk, verbose, difference }: TerminalOptions) {
    this.#write = write
    this.#chalk = chalk
    this.#verbose = verbose
    this.#difference = difference
  }

  read(event: ScenarioEvent): void {
    switch (event.type) {
      case 'scenario-started':
        return this.#opening(event)
      case 'step-started':
        return this.#step(event)
      case 'call-started':
        return this.#call(event)
      case 'part-started':
        return this.#part(event)
      case 'command-started':
        return this.#commandLine(event)
      case 'command-ended':
        return this.#commandOutput(event)
      case 'check-started':
        this.#check = event
        return
      case 'check-ended':
        return this.#verdict(event)
      case 'journey':
        return this.#journey(event)
      case 'packets':
        return this.#packets(event)
      case 'network-changed':
        return this.#changes(event)
      case 'scenario-ended':
        return this.#closing(event)
    }
  }

  #opening({ name, title, about, topology, dialect, without }: ScenarioStarted): void {
    const { bold, cyan, dim, yellow } = this.#chalk
    this.#name = name
    this.#other = dialect === 'ip' ? 'classic' : 'today'
    this.#gap()
    this.#line(`${bold.cyan(name)}  ${bold(title)}`)
    this.#line(dim('─'.repeat(width - 2)))
    this.#paragraphs(about, 0)
    this.#gap()
    for (const line of topology.split('\n')) this.#line(cyan(`  ${line}`.trimEnd()))
    if (dialect === 'classic')
      this.#paragraphs('The commands are those of the older tutorials (--dialect classic).', 0)
    if (without !== null)
      this.#line(yellow(`\nWithout command ${without}: see which checks notice.`))
  }

  #step({ step, title, text }: StepStarted): void {
    this.#gap()
    this.#line(this.#chalk.bold(`${step}. ${title}`))
    this.#paragraphs(text, 3)
    this.#gap()
    this.#lastWasCheck = false
  }

  #call({ source }: CallStarted): void {
    const { bold, cyan } = this.#chalk
    this.#gap()
    this.#lastWasCheck = false
    const [first = '', ...rest] = source.split('\n')
    this.#line(`${this.#indent(margin)}${cyan('ts>')} ${bold.cyan(first)}`)
    for (const line of rest) this.#line(bold.cyan(this.#indent(margin + 4) + line))
  }

  #part({ title, line }: PartStarted): void {
    const { dim, green } = this.#chalk
    this.#hanging(dim(`# ${title}`), margin, margin + 2)
    if (line !== null) this.#line(`${this.#indent(margin)}${green('host$')} ${line}`)
  }

  #commandLine(event: CommandStarted): void {
    const { bold, dim, green, yellow } = this.#chalk
    this.#command = event
    if (this.#lastWasCheck) this.#gap()
    this.#lastWasCheck = false
    const number = dim(String(event.command ?? '').padStart(margin - 2))
    const [first = '', ...rest] = event.line.split('\n')
    const command = event.skipped ? yellow(`${first}   # left out`) : bold(first)
    this.#line(`${number}  ${green(`${event.node}$`)} ${command}`)
    for (const line of rest) this.#line(dim(line))
    const otherwise = event.otherwise.map(({ node, line }) =>
      node === event.node ? line : `${node}$ ${line}`,
    )
    if (otherwise.length > 0)
      this.#hanging(dim(`(${this.#other}: ${otherwise.join('; ')})`), margin + 2, margin + 7)
  }

  #commandOutput({ exitCode, stdout, stderr }: CommandEnded): void {
    const shown = this.#command?.command === null || this.#verbose || exitCode !== 0
    if (shown) this.#quote(stdout + stderr, margin + 2)
    if (exitCode !== 0)
      this.#line(this.#chalk.red(`${this.#indent(margin + 2)}exit code ${exitCode}`))
  }

  #verdict({ holds, observed, output, attempts, milliseconds }: CheckEnded): void {
    const { bold, dim, green, red } = this.#chalk
    const check = this.#check
    if (!check) return
    if (!this.#lastWasCheck) this.#gap()
    this.#lastWasCheck = true
    const time = milliseconds < 100 ? '' : ` (${(milliseconds / 1000).toFixed(1)} s)`
    this.#hanging(
      `${holds ? green('✓') : red('✗')} ${holds ? check.statement : bold.red(check.statement)}`,
      3,
      5,
    )
    const asked = `${check.node}$ ${check.line}`
    this.#hanging(dim(asked), margin, margin + 2)
    if (holds) {
      this.#hanging(dim(`→ ${observed}${time}`), margin, margin + 2)
      if (this.#verbose) this.#quote(output, margin + 2)
      return
    }
    this.#hanging(`expected  ${check.expected}`, margin, margin + 10)
    this.#hanging(red(`observed  ${observed}`), margin, margin + 10)
    this.#hanging(
      dim(
        `asked ${attempts === 1 ? 'once' : `${attempts} times`} in ${(milliseconds / 1000).toFixed(1)} s; it said:`,
      ),
      margin,
      margin,
    )
    this.#quote(output, margin + 2)
  }

  #journey({ node, line, journey, error }: JourneyTold): void {
    const { dim, cyan } = this.#chalk
    this.#gap()
    this.#hanging(`${cyan('⇢')} The journey of  ${dim(`${node}$ ${line}`)}`, 3, 5)
    this.#gap()
    if (journey)
      for (const row of journeyText(journey, this.#chalk, { verdict: false }).trimEnd().split('\n'))
        this.#line(row)
    else this.#quote(error ?? '', margin + 2)
    this.#gap()
    this.#lastWasCheck = false
  }

  #packets({ packets }: PacketsSeen): void {
    const { dim, cyan } = this.#chalk
    this.#gap()
    for (const { node, interface: name, direction, after, text } of packets) {
      const time = after.toFixed(2).padStart(7)
      const place = `${node}:${name}`.padEnd(14)
      const arrow = direction === 'in' ? '←' : '→'
      this.#line(`${dim(`${time} ms`)}  ${cyan(place)} ${arrow} ${text}`)
    }
    this.#gap()
    this.#lastWasCheck = false
  }

  #changes({ changes, traffic, picture }: NetworkChanged): void {
    const { bold, dim, green, red, yellow } = this.#chalk
    const colors = { '+': green, '-': red, '~': yellow }
    if (this.#difference && changes.length + traffic.length > 0) {
      this.#gap()
      this.#line(`   ${bold('What this step changed')}`)
      for (const change of changes)
        this.#hanging(colors[change.sign](changeLine(change)), margin, margin + 4)
      for (const change of traffic) this.#hanging(dim(changeLine(change)), margin, margin + 4)
    }
    if (picture === null) return
    this.#gap()
    for (const line of picture.trimEnd().split('\n')) this.#line(line)
  }

  #closing({ at, outcome, checks, failed, commands, error }: ScenarioEnded): void {
    const { bold, dim, green, red } = this.#chalk
    const seconds = `${(at / 1000).toFixed(1)} s`
    this.#gap()
    this.#line(dim('─'.repeat(width - 2)))
    if (outcome === 'broken') {
      this.#line(red(`✗ ${bold(this.#name)} could not be run to its end`))
      for (const line of (error ?? '').split('\n')) this.#line(line)
    } else if (outcome === 'failed') {
      this.#line(
        red(`✗ ${bold(this.#name)}: ${failed} of ${checks} checks failed`) +
          dim(`  ${commands} commands, ${seconds}`),
      )
    } else {
      this.#line(
        green(`✓ ${bold(this.#name)}: all ${checks} checks hold`) +
          dim(`  ${commands} commands, ${seconds}`),
      )
    }
    this.#gap()
  }

  #paragraphs(text: string, indent: number): void {
    for (const paragraph of text.split(/\n\s*\n/)) {
      const flowing = paragraph.replaceAll(/\s+/g, ' ').trim()
      if (flowing === '') continue
      this.#gap()
      this.#hanging(flowing, indent, indent)
    }
  }

  /** Output of a program: as it is, however wide, since it may be copied. */
  #quote(text: string, indent: number): void {
    const lines = text.replace(/\n+$/, '').split('\n')
    if (lines.length === 1 && lines[0] === '') return
    for (const line of lines) this.#line(this.#chalk.dim(this.#indent(indent) + line.trimEnd()))
  }

  #hanging(text: string, first: number, others: number): void {
    const [head = '', ...rest] = wrapAnsi(text, width - others - 1, { trim: true }).split('\n')
    this.#line(this.#indent(first) + head)
    for (const line of rest) this.#line(this.#indent(others) + line)
  }

  #indent(columns: number): string {
    return ' '.repeat(columns)
  }

  #gap(): void {
    if (!this.#lastWasGap) this.#line('')
  }

  #line(text: string): void {
    this.#lastWasGap = text === ''
    this.#write(`${text}\n`)
  }
}
