// Runs the terminals of the page: a bash on a pty for each, which waits when the page has not shown its output yet. Each tells which
// commands were typed in it.
import { run } from '../../exec/run.ts'
import { namespaceTarget } from '../../exec/target.ts'
import { shellCommand } from '../../sandbox/shell.ts'
import { on } from '../../workshop/watched-shell.ts'
import type { IPty, spawn } from '@lydell/node-pty'
import type { TerminalInput } from '../protocol.ts'
import type { FromInside } from './messages.ts'

/** In characters. The pty waits above the first number, and goes on below the second. */
const [most, enough] = [256 * 1024, 128 * 1024]
/** In milliseconds: `ping -f` writes ten thousand times a second. */
const gather = 8

/** A shell tells its last command and exit code by an escape sequence of its own, which terminals ignore. */
const [told, toldEnd] = ['\u001b]7531;', '\u0007']
const longestTold = 4096
const tell = `
netdojo_tell() {
  local code=$? last=
  last=$(HISTTIMEFORMAT= builtin history 1)
  [ "$last" = "\${netdojo_last-$last}" ] || printf '\\e]7531;%s;%s\\a' "$code" "\${last//[$'\\001'-$'\\037']/ }"
  netdojo_last=$last
}
PROMPT_COMMAND=netdojo_tell
[ -n "\${NO_COLOR:-}" ] || PS1="\\[\\e[1m\\]$node#\\[\\e[0m\\] "
`

export type TerminalsOptions = {
  readonly send: (message: FromInside) => void
  /** Called when a command has ended that somebody typed on this node. */
  readonly onTyped: (typed: TypedLine) => void
}

export type TypedLine = { readonly node: string; readonly line: string; readonly exitCode: number }

type Pty = { readonly spawn: typeof spawn }

type Terminal = {
  readonly pty: IPty
  /** Characters that the page has not shown yet. */
  waiting: number
  isPaused: boolean
  output: string
  /** The begin of a sequence whose end has not come yet. */
  part: string
  timer: NodeJS.Timeout | undefined
}

export class Terminals {
  readonly #options: TerminalsOptions
  readonly #open = new Map<string, Terminal>()
  #ready: Promise<Pty> | undefined

  constructor(options: TerminalsOptions) {
    this.#options = options
  }

  receive(message: TerminalInput): void {
    const { terminal } = message
    if (message.type === 'terminal-open') return void this.#start(message)
    const known = this.#open.get(terminal)
    if (!known) return
    switch (message.type) {
      case 'terminal-data':
        return known.pty.write(message.data)
      case 'terminal-ack':
        known.waiting = Math.max(0, known.waiting - message.characters)
        return this.#flow(known)
      case 'terminal-resize':
        return known.pty.resize(sizeOf(message.columns), sizeOf(message.rows))
      case 'terminal-close':
        return known.pty.kill('SIGHUP')
    }
  }

  async #start(asked: Extract<TerminalInput, { readonly type: 'terminal-open' }>): Promise<void> {
    const { send } = this.#options
    const { terminal, node, columns, rows } = asked
    try {
      this.#ready ??= loadPty()
      const { spawn: start } = await this.#ready
      const enter = node === 'host' ? [] : namespaceTarget(node).enter
      const { program, args, env } = shellCommand([], { enter, start: `\n${on()}\n${tell}` })
      const pty = start(program, args, {
        name: 'xterm-256color',
        cols: sizeOf(columns),
        rows: sizeOf(rows),
        env: { ...process.env, ...env, COLORTERM: 'truecolor' },
      })
      const started: Terminal = {
        pty,
        waiting: 0,
        isPaused: false,
        output: '',
        part: '',
        timer: undefined,
      }
      this.#open.set(terminal, started)
      send({ type: 'terminal-opened', terminal, node })
      pty.onData((data) => this.#gather(terminal, node, started, data))
      pty.onExit(({ exitCode }) => {
        this.#pass(terminal, node, started)
        this.#open.delete(terminal)
        send({ type: 'terminal-ended', terminal, code: exitCode })
      })
    } catch (error) {
      send({ type: 'terminal-ended', terminal, code: null })
      const reason = error instanceof Error ? error.message : String(error)
      send({ type: 'notice', text: `cannot open a terminal on ${node}: ${reason}` })
    }
  }

  #gather(terminal: string, node: string, started: Terminal, data: string): void {
    started.output += data
    started.waiting += data.length
    this.#flow(started)
    if (started.output.length > most / 4) return this.#pass(terminal, node, started)
    started.timer ??= setTimeout(() => this.#pass(terminal, node, started), gather)
  }

  #pass(terminal: string, node: string, started: Terminal): void {
    clearTimeout(started.timer)
    started.timer = undefined
    const data = started.output
    started.output = ''
    if (data === '') return
    this.#options.send({ type: 'terminal-data', terminal, data })
    const [, ...sequences] = (started.part + data).split(told)
    started.part = ''
    for (const sequence of sequences) {
      const end = sequence.indexOf(toldEnd)
      // Only the last one can go on in the next data.
      if (end < 0 && sequence.length < longestTold) started.part = told + sequence
      const [, code, last = ''] = /^(\d+);\s*\d+\*?\s+(.*)$/.exec(sequence.slice(0, end)) ?? []
      const line = last.trim()
      if (end >= 0 && line !== '') this.#options.onTyped({ node, line, exitCode: Number(code) })
    }
  }

  #flow(started: Terminal): void {
    if (!started.isPaused && started.waiting > most) {
      started.isPaused = true
      started.pty.pause()
    } else if (started.isPaused && started.waiting < enough) {
      started.isPaused = false
      started.pty.resume()
    }
  }
}

function sizeOf(cells: number): number {
  return Number.isInteger(cells) ? Math.min(Math.max(cells, 2), 1000) : 80
}

/** Where `npm install --global` puts it in the image of the container sandbox, for packages that come from another system. */
const ofImage = '/usr/local/lib/node_modules/@lydell/node-pty/index.js'

/** In a user namespace, the owner of the machine's own ptys would be nobody. Where the mount is refused, those must do. */
async function loadPty(): Promise<Pty> {
  const options = ['-t', 'devpts', '-o', 'newinstance,ptmxmode=0666', 'netdojo', '/dev/pts']
  const mounted = run('mount', options, { input: '', allowFailure: true })
  try {
    const loaded = await import('@lydell/node-pty')
    await mounted
    return loaded
  } catch (error) {
    const found: { default: Pty } | undefined = await import(ofImage).catch(() => undefined)
    if (found) return found.default
    throw error
  }
}
