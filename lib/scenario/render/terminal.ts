// Events as a page that a person reads while it is written: at most 80 columns of our own text, and complete without colour.
import type { ChalkInstance } from 'chalk'
import type { Translate } from '../../language/translate.ts'
import { journeyText } from '../../observe/journey/text.ts'
import { changeLine, type Change } from '../../observe/difference/difference.ts'
import type {
  CallStarted,
  CheckEnded,
  CheckStarted,
  CommandEnded,
  CommandStarted,
  PartStarted,
  JourneyFollowed,
  PacketsSeen,
  NetworkChanged,
  Emit,
  ScenarioEnded,
  ScenarioEvent,
  ScenarioStarted,
  StepStarted,
} from '../events.ts'
import { indented, Lines, width } from './lines.ts'

export type TerminalOptions = {
  readonly write: (text: string) => void
  readonly chalk: ChalkInstance
  /** Also the output of commands that work, and of checks that hold. */
  readonly verbose: boolean
  /** Also what each step changed in the kernel. */
  readonly difference: boolean
  readonly translate: Translate
}

// Command numbers stand in this margin: `--without 7` names the command beside the 7.
const margin = 5

export function terminalRenderer(options: TerminalOptions): Emit {
  const page = new Page(options)
  return (event) => page.render(event)
}

class Page {
  readonly #lines: Lines
  readonly #chalk: ChalkInstance
  readonly #verbose: boolean
  readonly #difference: boolean
  readonly #translate: Translate
  #command: CommandStarted | null = null
  #check: CheckStarted | null = null
  #lastWasCheck = false
  #name = ''
  #other = 'classic'

  constructor({ write, chalk, verbose, difference, translate }: TerminalOptions) {
    this.#lines = new Lines(write, chalk)
    this.#chalk = chalk
    this.#verbose = verbose
    this.#difference = difference
    this.#translate = translate
  }

  render(event: ScenarioEvent): void {
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
    this.#other = dialect === 'ip' ? this.#translate('classic') : this.#translate('today')
    this.#lines.gap()
    this.#lines.line(`${bold.cyan(name)}  ${bold(this.#translate(title))}`)
    this.#lines.line(dim('─'.repeat(width - 2)))
    this.#lines.paragraphs(this.#translate(about), 0)
    this.#lines.gap()
    for (const line of topology.split('\n')) this.#lines.line(cyan(`  ${line}`.trimEnd()))
    if (dialect === 'classic')
      this.#lines.paragraphs(
        this.#translate('The commands are those of the older tutorials (--dialect classic).'),
        0,
      )
    if (without !== null)
      this.#lines.line(
        yellow(
          `\n${this.#translate('Without command {without}: see which checks notice.', { without })}`,
        ),
      )
  }

  #step({ step, title, text }: StepStarted): void {
    this.#lines.gap()
    this.#lines.line(this.#chalk.bold(`${step}. ${this.#translate(title)}`))
    this.#lines.paragraphs(this.#translate(text), 3)
    this.#lines.gap()
    this.#lastWasCheck = false
  }

  #call({ source }: CallStarted): void {
    const { bold, cyan } = this.#chalk
    this.#lines.gap()
    this.#lastWasCheck = false
    const [first = '', ...rest] = source.split('\n')
    this.#lines.line(`${indented(margin)}${cyan('ts>')} ${bold.cyan(first)}`)
    for (const line of rest) this.#lines.line(bold.cyan(indented(margin + 4) + line))
  }

  #part({ title, line }: PartStarted): void {
    const { dim, green } = this.#chalk
    this.#lines.hanging(dim(`# ${this.#translate(title)}`), margin, margin + 2)
    if (line !== null) this.#lines.line(`${indented(margin)}${green('host$')} ${line}`)
  }

  #commandLine(event: CommandStarted): void {
    const { bold, dim, green, yellow } = this.#chalk
    this.#command = event
    if (this.#lastWasCheck) this.#lines.gap()
    this.#lastWasCheck = false
    const number = dim(String(event.command ?? '').padStart(margin - 2))
    const [first = '', ...rest] = event.line.split('\n')
    const command = event.skipped
      ? yellow(`${first}   # ${this.#translate('left out')}`)
      : bold(first)
    this.#lines.line(`${number}  ${green(`${event.node}$`)} ${command}`)
    for (const line of rest) this.#lines.line(dim(line))
    const otherwise = event.otherwise.map(({ node, line }) =>
      node === event.node ? line : `${node}$ ${line}`,
    )
    if (otherwise.length > 0)
      this.#lines.hanging(dim(`(${this.#other}: ${otherwise.join('; ')})`), margin + 2, margin + 7)
  }

  #commandOutput({ exitCode, stdout, stderr }: CommandEnded): void {
    const shown = this.#command?.command === null || this.#verbose || exitCode !== 0
    if (shown) this.#lines.quote(stdout + stderr, margin + 2)
    if (exitCode !== 0)
      this.#lines.line(
        this.#chalk.red(
          indented(margin + 2) + this.#translate('exit code {exitCode}', { exitCode }),
        ),
      )
  }

  #verdict({ holds, observed, output, attempts, milliseconds }: CheckEnded): void {
    const { bold, dim, green, red } = this.#chalk
    const check = this.#check
    if (!check) return
    if (!this.#lastWasCheck) this.#lines.gap()
    this.#lastWasCheck = true
    const seconds = (milliseconds / 1000).toFixed(1)
    const time = milliseconds < 100 ? '' : ` (${seconds} s)`
    const statement = this.#translate(check.statement)
    this.#lines.hanging(
      `${holds ? green('✓') : red('✗')} ${holds ? statement : bold.red(statement)}`,
      3,
      5,
    )
    this.#lines.hanging(dim(`${check.node}$ ${check.line}`), margin, margin + 2)
    if (holds) {
      this.#lines.hanging(dim(`→ ${this.#translate(observed)}${time}`), margin, margin + 2)
      if (this.#verbose) this.#lines.quote(output, margin + 2)
      return
    }
    const labels = [this.#translate('expected'), this.#translate('observed')]
    this.#lines.hanging(`${labels[0]}  ${this.#translate(check.expected)}`, margin, margin + 10)
    this.#lines.hanging(red(`${labels[1]}  ${this.#translate(observed)}`), margin, margin + 10)
    const asked =
      attempts === 1
        ? this.#translate('asked once in {seconds} s; it said:', { seconds })
        : this.#translate('asked {attempts} times in {seconds} s; it said:', { attempts, seconds })
    this.#lines.hanging(dim(asked), margin, margin)
    this.#lines.quote(output, margin + 2)
  }

  #journey({ node, line, journey, error }: JourneyFollowed): void {
    const { dim, cyan } = this.#chalk
    this.#lines.gap()
    this.#lines.hanging(
      `${cyan('⇢')} ${this.#translate('The journey of')}  ${dim(`${node}$ ${line}`)}`,
      3,
      5,
    )
    this.#lines.gap()
    if (journey)
      for (const row of journeyText(journey, this.#chalk, {
        verdict: false,
        translate: this.#translate,
      })
        .trimEnd()
        .split('\n'))
        this.#lines.line(row)
    else this.#lines.quote(error ?? '', margin + 2)
    this.#lines.gap()
    this.#lastWasCheck = false
  }

  #packets({ packets }: PacketsSeen): void {
    const { dim, cyan } = this.#chalk
    this.#lines.gap()
    for (const { node, interface: name, direction, after, text } of packets) {
      const time = after.toFixed(2).padStart(7)
      const place = `${node}:${name}`.padEnd(14)
      const arrow = direction === 'in' ? '←' : '→'
      this.#lines.line(`${dim(`${time} ms`)}  ${cyan(place)} ${arrow} ${text}`)
    }
    this.#lines.gap()
    this.#lastWasCheck = false
  }

  #changes({ changes, traffic, picture }: NetworkChanged): void {
    const { bold, dim, green, red, yellow } = this.#chalk
    const colors = { '+': green, '-': red, '~': yellow }
    if (this.#difference && changes.length + traffic.length > 0) {
      this.#lines.gap()
      this.#lines.line(`   ${bold(this.#translate('What this step changed'))}`)
      for (const change of changes)
        this.#lines.hanging(colors[change.sign](this.#change(change)), margin, margin + 4)
      for (const change of traffic)
        this.#lines.hanging(dim(this.#change(change)), margin, margin + 4)
    }
    if (picture === null) return
    this.#lines.gap()
    for (const line of picture.trimEnd().split('\n')) this.#lines.line(line)
  }

  #change(change: Change): string {
    return changeLine({ ...change, text: this.#translate(change) })
  }

  #closing({ at, outcome, checks, failed, commands, error }: ScenarioEnded): void {
    const { bold, dim, green, red } = this.#chalk
    const seconds = (at / 1000).toFixed(1)
    const name = bold(this.#name)
    const sum = dim(
      `  ${this.#translate('{commands} commands, {seconds} s', { commands, seconds })}`,
    )
    this.#lines.gap()
    this.#lines.line(dim('─'.repeat(width - 2)))
    if (outcome === 'broken') {
      this.#lines.line(red(`✗ ${this.#translate('{name} could not be run to its end', { name })}`))
      for (const line of (error ?? '').split('\n')) this.#lines.line(line)
    } else if (outcome === 'failed') {
      this.#lines.line(
        red(
          `✗ ${this.#translate('{name}: {failed} of {checks} checks failed', { name, failed, checks })}`,
        ) + sum,
      )
    } else {
      this.#lines.line(
        green(`✓ ${this.#translate('{name}: all {checks} checks hold', { name, checks })}`) + sum,
      )
    }
    this.#lines.gap()
  }
}
