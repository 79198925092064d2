// Gives each node of the lab its shell: zx's `$` on the node's target, where the runner decides about every command.
import { setTimeout as sleep } from 'node:timers/promises'
import { $ as zx, ProcessOutput, type ProcessPromise } from 'zx/core'
import { backgroundShell, targetShell } from '../exec/target-shell.ts'
import type { ExecTarget } from '../exec/target.ts'
import { shellQuote } from '../exec/shell-quote.ts'

/** A template tag that runs a line; each value becomes one quoted word. */
export type Shell<Result> = (pieces: TemplateStringsArray, ...values: unknown[]) => Result

/** How a command ended, and what it wrote. */
export type CommandOutput = {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null
  /** Its standard output. */
  readonly stdout: string
  /** Its standard error. */
  readonly stderr: string
}

/** A machine of the lab: `host`, `outside`, a network namespace or a container. */
export type LabNode = {
  /** The name. */
  readonly name: string
  /** Where its commands run. */
  readonly target: ExecTarget
  /** Runs a command that does some of the work. It has a number, and a check must fail when it is left out. */
  readonly $: Shell<Promise<CommandOutput>>
  /** Runs a command that only shows something and changes nothing. */
  readonly show: Shell<Promise<CommandOutput>>
  /** Starts the lab's web server in the background. Its answer names the node and the client's address. */
  readonly serve: (port: number) => Promise<Server>
  /** Runs a command of a probe: it emits no event and never throws. */
  readonly ask: Shell<Promise<CommandOutput>>
  /** Starts a program of a probe in the background: it emits no event. */
  readonly start: Shell<Background>
  /** The line as `$` would run it. */
  readonly line: Shell<string>
  /** Its name. */
  readonly toString: () => string
}

/** The lab's web server, as it runs on a node. */
export type Server = {
  /** The node on which it runs. */
  readonly node: LabNode
  /** The command as a person would type it. */
  readonly line: string
  /** The log of the server so far: one line a request. */
  readonly log: () => string
}

/** A program that runs until it is stopped, or until the scenario ends. */
export type Background = {
  /** What it has written so far. */
  readonly output: () => string
  /** Waits until the output matches. @returns false if the program ends or the time passes without that. */
  readonly hasPrinted: (pattern: RegExp) => Promise<boolean>
  /** Ends it, and waits until it has ended. */
  readonly stop: () => Promise<void>
}

export type LabCommand = Command & (Typed | { readonly typed: false })

/** A person can type this command instead. The scenario itself needs the result of other commands: a server, a call of the library. */
type Typed = {
  readonly typed: true
  readonly target: ExecTarget
}

type Command = {
  readonly node: string
  readonly line: string
  /** Whether it changes the network. */
  readonly works: boolean
  readonly run: () => Promise<CommandOutput>
}

/** Creates a node whose commands go through `run`, which decides whether they run. */
export function labNode(
  name: string,
  target: ExecTarget,
  run: (command: LabCommand) => Promise<CommandOutput>,
): LabNode {
  const base = zx({ quote: shellQuote, prefix: '', nothrow: true, quiet: true, halt: true })
  const shell = base({ spawn: targetShell(target) })
  const longLived = base({ spawn: backgroundShell(target), stdio: ['ignore', 'pipe', 'pipe'] })
  const running =
    (works: boolean): Shell<Promise<CommandOutput>> =>
    (pieces, ...values) => {
      const command = shell(pieces, ...values)
      const line = command.cmd
      return run({ node: name, target, line, works, typed: true, run: () => command.run() })
    }
  const node: LabNode = {
    name,
    target,
    $: running(true),
    show: running(false),
    serve: (port) => serve(node, port, run),
    ask: (pieces, ...values) => shell(pieces, ...values).run(),
    start: (pieces, ...values) => background(longLived(pieces, ...values).run()),
    line: (pieces, ...values) => shell(pieces, ...values).cmd,
    toString: () => name,
  }
  return node
}

async function serve(
  node: LabNode,
  port: number,
  run: (command: LabCommand) => Promise<CommandOutput>,
): Promise<Server> {
  const line = `serve ${port} &`
  let server: Background | undefined
  await run({
    node: node.name,
    line,
    works: true,
    typed: false,
    run: async () => {
      server = node.start`serve ${port}`
      const listens = await server.hasPrinted(/^serving on/m)
      return processOutput(listens ? 0 : 1, server.output())
    },
  })
  return { node, line, log: () => server?.output() ?? '' }
}

/** The result of a command without a program of its own: it was left out, or its program runs in the background. */
export function processOutput(exitCode: number, output = ''): CommandOutput {
  const [stdout, stderr] = exitCode === 0 ? [output, ''] : ['', output]
  return new ProcessOutput(exitCode, null, stdout, stderr, output, '', 0)
}

/** For slow machines, such as emulated ones. A program that cannot start ends at once, so nobody waits that long for it. */
const secondsToStart = 60

function background(process: ProcessPromise): Background {
  let output = ''
  const state = { ended: false }
  const keep = (text: unknown) => (output += String(text))
  process.stdout.on('data', keep)
  process.stderr.on('data', keep)
  const end = process.finally(() => (state.ended = true))
  return {
    output: () => output,
    hasPrinted: async (pattern) => {
      const until = performance.now() + secondsToStart * 1000
      while (!pattern.test(output) && !state.ended && performance.now() < until) await sleep(5)
      return pattern.test(output)
    },
    stop: async () => {
      process.child?.kill('SIGTERM')
      await end
    },
  }
}
