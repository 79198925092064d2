// Events as a page that a person reads while it is written: at most 80 columns of our own text, and complete without colour.
import type { ChalkInstance } from 'chalk'
import type { Translate } from '../../language/translate.ts'
import { wrapped } from '../../language/wrap.ts'
import { journeyText } from '../../observe/journey/text.ts'
import { changeLine, type Change } from '../../observe/difference/difference.ts'
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
  readonly say: Translate
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
  readonly #say: Translate
  #command: CommandStarted | null = null
  #check: CheckStarted | null = null
  #lastWasCheck = false
  #lastWasGap = false
  #name = ''
  #other = 'classic'

  constructor({ write, chalk, verbose, difference, say }: TerminalOptions) {
    this.#write = write
    this.#chalk = chalk
    this.#verbose = verbose
    this.#difference = difference
    this.#say = say
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
    this.#other = dialect === 'ip' ? this.#say('classic') : this.#say('today')
    this.#gap()
    this.#line(`${bold.cyan(name)}  ${bold(this.#say(title))}`)
    this.#line(dim('─'.repeat(width - 2)))
    this.#paragraphs(about, 0)
    this.#gap()
    for (const line of topology.split('\n')) this.#line(cyan(`  ${line}`.trimEnd()))
    if (dialect === 'classic')
      this.#paragraphs(
        this.#say('The commands are those of the older tutorials (--dialect classic).'),
        0,
      )
    if (without !== null)
      this.#line(
        yellow(
          `\n${this.#say('Without command {without}: see which checks notice.', { without })}`,
        ),
      )
  }

  #step({ step, title, text }: StepStarted): void {
    this.#gap()
    this.#line(this.#chalk.bold(`${step}. ${this.#say(title)}`))
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
    this.#hanging(dim(`# ${this.#say(title)}`), margin, margin + 2)
    if (line !== null) this.#line(`${this.#indent(margin)}${green('host$')} ${line}`)
  }

  #commandLine(event: CommandStarted): void {
    const { bold, dim, green, yellow } = this.#chalk
    this.#command = event
    if (this.#lastWasCheck) this.#gap()
    this.#lastWasCheck = false
    const number = dim(String(event.command ?? '').padStart(margin - 2))
    const [first = '', ...rest] = event.line.split('\n')
    const command = event.skipped ? yellow(`${first}   # ${this.#say('left out')}`) : bold(first)
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
      this.#line(
        this.#chalk.red(this.#indent(margin + 2) + this.#say('exit code {exitCode}', { exitCode })),
      )
  }

  #verdict({ holds, observed, output, attempts, milliseconds }: CheckEnded): void {
    const { bold, dim, green, red } = this.#chalk
    const check = this.#check
    if (!check) return
    if (!this.#lastWasCheck) this.#gap()
    this.#lastWasCheck = true
    const seconds = (milliseconds / 1000).toFixed(1)
    const time = milliseconds < 100 ? '' : ` (${seconds} s)`
    const statement = this.#say(check.statement)
    this.#hanging(
      `${holds ? green('✓') : red('✗')} ${holds ? statement : bold.red(statement)}`,
      3,
      5,
    )
    this.#hanging(dim(`${check.node}$ ${check.line}`), margin, margin + 2)
    if (holds) {
      this.#hanging(dim(`→ ${this.#say(observed)}${time}`), margin, margin + 2)
      if (this.#verbose) this.#quote(output, margin + 2)
      return
    }
    const labels = [this.#say('expected'), this.#say('observed')]
    this.#hanging(`${labels[0]}  ${this.#say(check.expected)}`, margin, margin + 10)
    this.#hanging(red(`${labels[1]}  ${this.#say(observed)}`), margin, margin + 10)
    const asked =
      attempts === 1
        ? this.#say('asked once in {seconds} s; it said:', { seconds })
        : this.#say('asked {attempts} times in {seconds} s; it said:', { attempts, seconds })
    this.#hanging(dim(asked), margin, margin)
    this.#quote(output, margin + 2)
  }

  #journey({ node, line, journey, error }: JourneyTold): void {
    const { dim, cyan } = this.#chalk
    this.#gap()
    this.#hanging(`${cyan('⇢')} ${this.#say('The journey of')}  ${dim(`${node}$ ${line}`)}`, 3, 5)
    this.#gap()
    if (journey)
      for (const row of journeyText(journey, this.#chalk, { verdict: false, say: this.#say })
        .trimEnd()
        .split('\n'))
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
      this.#line(`   ${bold(this.#say('What this step changed'))}`)
      for (const change of changes)
        this.#hanging(colors[change.sign](this.#change(change)), margin, margin + 4)
      for (const change of traffic) this.#hanging(dim(this.#change(change)), margin, margin + 4)
    }
    if (picture === null) return
    this.#gap()
    for (const line of picture.trimEnd().split('\n')) this.#line(line)
  }

  #change(change: Change): string {
    return changeLine({ ...change, text: this.#say(change.text) })
  }

  #closing({ at, outcome, checks, failed, commands, error }: ScenarioEnded): void {
    const { bold, dim, green, red } = this.#chalk
    const seconds = (at / 1000).toFixed(1)
    const name = bold(this.#name)
    const sum = dim(`  ${this.#say('{commands} commands, {seconds} s', { commands, seconds })}`)
    this.#gap()
    this.#line(dim('─'.repeat(width - 2)))
    if (outcome === 'broken') {
      this.#line(red(`✗ ${this.#say('{name} could not be run to its end', { name })}`))
      for (const line of (error ?? '').split('\n')) this.#line(line)
    } else if (outcome === 'failed') {
      this.#line(
        red(
          `✗ ${this.#say('{name}: {failed} of {checks} checks failed', { name, failed, checks })}`,
        ) + sum,
      )
    } else {
      this.#line(
        green(`✓ ${this.#say('{name}: all {checks} checks hold', { name, checks })}`) + sum,
      )
    }
    this.#gap()
  }

  #paragraphs(text: string, indent: number): void {
    for (const paragraph of this.#say(text).split('\n\n')) {
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
    const [head = '', ...rest] = wrapped(text, width - others - 1).split('\n')
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
