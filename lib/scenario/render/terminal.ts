// Renders the events of a scenario as a page that a person reads while it is written.
import type {
  CheckEnded,
  CheckStarted,
  CommandEnded,
  CommandStarted,
  Dialect,
  Emit,
  NetworkChanged,
  PacketsSeen,
  ScenarioEnded,
  ScenarioEvent,
  ScenarioStarted,
} from '../events.ts'
import { TextPage, type PageOptions } from './text-page.ts'

export type TerminalOptions = PageOptions & {
  /** Also the output of commands that work, and of checks that hold. */
  readonly verbose: boolean
  /** Also what each step changed in the kernel. */
  readonly difference: boolean
}

export function terminalRenderer(options: TerminalOptions): Emit {
  const renderer = new Renderer(options)
  return (event) => renderer.render(event)
}

class Renderer {
  readonly #page: TextPage
  readonly #options: TerminalOptions
  #command: CommandStarted | null = null
  #check: CheckStarted | null = null
  #lastWasCheck = false
  #name = ''
  #without: number | null = null
  #dialect: Dialect = 'ip'
  #firstFailed = ''

  constructor(options: TerminalOptions) {
    this.#page = new TextPage(options)
    this.#options = options
  }

  render(event: ScenarioEvent): void {
    const page = this.#page
    if (event.type !== 'check-started' && event.type !== 'check-ended') this.#endChecks(event)
    switch (event.type) {
      case 'scenario-started':
        return this.#opening(event)
      case 'step-started':
        return page.step(event.step, event.title, event.text)
      case 'call-started':
        return page.call(event.source)
      case 'part-started':
        return page.part(event.title, event.line)
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
        return page.journey(event)
      case 'packets':
        return this.#packets(event)
      case 'network-changed':
        return this.#changes(event)
      case 'scenario-ended':
        return this.#closing(event)
    }
  }

  #opening({ name, title, about, topology, dialect, without }: ScenarioStarted): void {
    const { chalk, translate } = this.#page
    this.#name = name
    this.#without = without
    this.#dialect = dialect
    this.#page.opening(name, title)
    this.#page.paragraphs(translate(about), 0)
    this.#page.drawing(topology)
    if (dialect === 'classic')
      this.#page.prose(
        translate('The commands are those of the older tutorials (--dialect classic).'),
        0,
      )
    if (without !== null)
      this.#page.prose(
        chalk.yellow(
          translate('This run leaves out command {without}: see which checks fail.', { without }),
        ),
        0,
      )
  }

  /** Checks that follow each other stay together; a gap separates them from the next command. */
  #endChecks({ type }: ScenarioEvent): void {
    if (this.#lastWasCheck && type === 'command-started') this.#page.gap()
    this.#lastWasCheck = false
  }

  #commandLine(event: CommandStarted): void {
    const { chalk, translate } = this.#page
    this.#command = event
    const { node, line, command, skipped } = event
    const note = skipped ? chalk.yellow(`   # ${translate('left out')}`) : ''
    this.#page.command(node, line, command, note)
    this.#page.otherwise(event, this.#dialect)
  }

  #commandOutput({ exitCode, stdout, stderr }: CommandEnded): void {
    const { chalk, translate } = this.#page
    if (this.#command?.command === null || this.#options.verbose || exitCode !== 0)
      this.#page.output(stdout + stderr)
    if (exitCode !== 0)
      this.#page.prose(chalk.red(translate('exit code {exitCode}', { exitCode })), 7)
  }

  #verdict({ holds, observed, output, attempts, milliseconds }: CheckEnded): void {
    const page = this.#page
    const { chalk, translate } = page
    const check = this.#check
    if (!check) return
    if (!this.#lastWasCheck) page.gap()
    this.#lastWasCheck = true
    const seconds = (milliseconds / 1000).toFixed(1)
    page.check({ ...check, holds })
    if (holds) {
      page.observed(observed, milliseconds < 100 ? '' : ` (${seconds} s)`)
      if (this.#options.verbose) page.output(output)
      return
    }
    this.#firstFailed ||= check.statement
    page.failure(check.expected, observed)
    const asked =
      attempts === 1
        ? translate('Asked once in {seconds} s. The command printed:', { seconds })
        : translate('Asked {attempts} times in {seconds} s. The last time, the command printed:', {
            attempts,
            seconds,
          })
    if (output.trim() === '') return
    page.prose(chalk.dim(asked), 5)
    page.output(output)
  }

  #packets({ packets }: PacketsSeen): void {
    const { dim, cyan } = this.#page.chalk
    this.#page.gap()
    for (const { node, interface: name, direction, after, text } of packets) {
      const time = dim(`${after.toFixed(2).padStart(7)} ms`)
      const arrow = direction === 'in' ? '←' : '→'
      this.#page.line(`${time}  ${cyan(`${node}:${name}`.padEnd(14))} ${arrow} ${text}`)
    }
    this.#page.gap()
  }

  #changes(event: NetworkChanged): void {
    const page = this.#page
    const { changes, traffic, picture } = event
    if (this.#options.difference && changes.length + traffic.length > 0) {
      page.gap()
      page.prose(page.chalk.bold(page.translate('What this step changed')), 3)
      page.changes(event)
    }
    if (picture === null) return
    page.gap()
    for (const line of picture.trimEnd().split('\n')) page.line(line)
  }

  #closing({ at, outcome, checks, failed, commands, error }: ScenarioEnded): void {
    const page = this.#page
    const { chalk, translate } = page
    const { dim, green, red } = chalk
    const seconds = (at / 1000).toFixed(1)
    const name = chalk.bold(this.#name)
    const sum = dim(`  ${translate('{commands} commands, {seconds} s', { commands, seconds })}`)
    page.gap()
    page.rule()
    if (outcome === 'held') page.prose(green(`✓ ${this.#held(name, checks)}`) + sum, 0, 2)
    else if (outcome === 'failed')
      page.prose(red(`✗ ${this.#failed(name, failed, checks)}`) + sum, 0, 2)
    else {
      page.line(red(`✗ ${translate('{name} could not be run to its end', { name })}`))
      for (const line of (error ?? '').split('\n')) page.line(line)
    }
    page.gap()
  }

  #held(name: string, checks: number): string {
    const { translate } = this.#page
    const without = this.#without
    return without === null
      ? translate('{name}: all {checks} checks hold', { name, checks })
      : translate('{name}: all {checks} checks hold without command {without}', {
          name,
          checks,
          without,
        })
  }

  #failed(name: string, failed: number, checks: number): string {
    const { translate } = this.#page
    const without = this.#without
    return without === null
      ? translate('{name}: {failed} of {checks} checks fail', { name, failed, checks })
      : translate(
          "Without command {without}, {failed} of {checks} checks fail: it is what '{statement}' needs",
          { without, failed, checks, statement: translate(this.#firstFailed) },
        )
  }
}
