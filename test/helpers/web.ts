// Starts `npm run web` and speaks with it as the page does, or opens the page in a real Chromium; everything ends with the test.
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'
import { WebSocket } from 'ws'
import { protocolVersion, type FromPage, type ToPage } from '../../lib/web/protocol.ts'
import type { Moment } from '../../lib/web/moments.ts'
import { newDirectory } from './directory.ts'
import { until } from './until.ts'

const directory = newDirectory()
const newData = () => mkdtempSync(join(directory, 'data-'))

const start = join(import.meta.dirname, '../../lib/cli/start.js')

type Of<Type extends ToPage['type']> = Extract<ToPage, { readonly type: Type }>

/** A running `npm run web`, with a data directory of its own. */
export class Web implements AsyncDisposable {
  readonly process: ChildProcess
  readonly data: string
  readonly marker = `NETDOJO_TEST=${crypto.randomUUID()}`
  output = ''
  errors = ''

  private constructor(
    args: readonly string[],
    data: string,
    env: Readonly<Record<string, string>>,
  ) {
    this.data = data
    const [name = '', value = ''] = this.marker.split('=')
    this.process = spawn(process.execPath, [start, 'web', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, XDG_DATA_HOME: data, ...env, [name]: value },
    })
    this.process.stdout?.on('data', (text: Buffer) => (this.output += text.toString()))
    this.process.stderr?.on('data', (text: Buffer) => (this.errors += text.toString()))
  }

  static async start(
    args: readonly string[] = [],
    { data = newData(), env = {} }: { data?: string; env?: Record<string, string> } = {},
  ): Promise<Web> {
    return Web.#begun(new Web(['--no-browser', ...args], data, env))
  }

  /** @param script a shell's, whose `$1` is the file that a browser would open. */
  static async startWithBrowser(script: string): Promise<Web> {
    const data = newData()
    const browser = join(data, 'browser')
    writeFileSync(browser, `#!/bin/sh\nexec >>"${data}/browser.log" 2>&1\n${script}\n`, {
      mode: 0o755,
    })
    return Web.#begun(new Web([], data, { BROWSER: browser }))
  }

  static async #begun(web: Web): Promise<Web> {
    if (await until(() => web.output.endsWith('\n') || web.process.exitCode !== null, 30)) {
      if (web.output !== '') return web
    }
    await web[Symbol.asyncDispose]()
    throw new Error(`npm run web printed no address: ${web.errors}`)
  }

  get address(): string {
    return this.output.trim()
  }

  get host(): string {
    return new URL(this.address).host
  }

  get token(): string {
    return new URL(this.address).hash.slice(1)
  }

  /** A page that has said hello. */
  async page(): Promise<Page> {
    const page = new Page(this)
    await page.get('welcome')
    return page
  }

  /** What the script instead of a browser has printed. */
  get browserLog(): string {
    const file = join(this.data, 'browser.log')
    return existsSync(file) ? readFileSync(file, 'utf8') : ''
  }

  async ended(seconds = 30): Promise<boolean> {
    return until(() => this.process.exitCode !== null || this.process.signalCode !== null, seconds)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGTERM')
    if (!(await this.ended(10))) this.process.kill('SIGKILL')
  }
}

/** What the page does, without a browser. */
export class Page {
  readonly socket: WebSocket
  readonly received: ToPage[] = []
  closed: { readonly code: number; readonly reason: string } | undefined
  /** The output of each terminal, which is acknowledged at once. */
  readonly terminals = new Map<string, string>()
  acknowledges = true
  #asked = 0

  constructor({ host, token }: { readonly host: string; readonly token: string }) {
    this.socket = new WebSocket(`ws://${host}/`, { origin: `http://${host}` })
    this.socket.on('open', () => this.send({ type: 'hello', version: protocolVersion, token }))
    this.socket.on('error', () => {})
    this.socket.on('close', (code, reason) => (this.closed = { code, reason: String(reason) }))
    this.socket.on('message', (data: Buffer) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the server has these types
      const message = JSON.parse(data.toString()) as ToPage
      this.received.push(message)
      if (message.type !== 'terminal-data') return
      const { terminal, data: output } = message
      this.terminals.set(terminal, (this.terminals.get(terminal) ?? '') + output)
      if (this.acknowledges)
        this.send({ type: 'terminal-ack', terminal, characters: output.length })
    })
  }

  send(message: FromPage): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message))
  }

  /** The last message of this kind that fits, once there is one. */
  async get<Type extends ToPage['type']>(
    type: Type,
    fits: (message: Of<Type>) => boolean = () => true,
  ): Promise<Of<Type>> {
    const find = () =>
      this.received.findLast(
        (message): message is Of<Type> =>
          message.type === type &&
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its type was just compared
          fits(message as Of<Type>),
      )
    await until(() => find() !== undefined || this.closed !== undefined, 30)
    const found = find()
    if (found) return found
    const last = this.received.filter((message) => message.type !== 'moment').slice(-4)
    throw new Error(`no ${type} came; the last were ${JSON.stringify(last).slice(0, 1500)}`)
  }

  get moments(): readonly Moment[] {
    return this.received.flatMap((message) => (message.type === 'moment' ? message.moment : []))
  }

  async moment<Kind extends Moment['kind']>(
    kind: Kind,
    fits: (moment: Extract<Moment, { readonly kind: Kind }>) => boolean = () => true,
  ): Promise<Extract<Moment, { readonly kind: Kind }>> {
    type Wanted = Extract<Moment, { readonly kind: Kind }>
    const find = () =>
      this.moments.findLast(
        (moment): moment is Wanted =>
          moment.kind === kind &&
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its kind was just compared
          fits(moment as Wanted),
      )
    await until(() => find() !== undefined || this.closed !== undefined, 30)
    const found = find()
    if (!found) throw new Error(`no moment '${kind}' came`)
    return found
  }

  /** The turn of this kind, and of this command or check. */
  async turn<Kind extends Of<'turn'>['kind']>(
    kind: Kind,
    number?: number,
  ): Promise<Extract<Of<'turn'>, { readonly kind: Kind }>> {
    const found = await this.get('turn', (turn) => {
      const own = 'command' in turn ? turn.command : 'check' in turn ? turn.check : undefined
      return turn.kind === kind && (number === undefined || own === number)
    })
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its kind was just compared
    return found as Extract<Of<'turn'>, { readonly kind: Kind }>
  }

  /** @throws Error with the text of `failed` */
  async ask(
    about: Extract<FromPage, { readonly type: 'ask' }>['about'],
  ): Promise<Of<'reply'>['answer']> {
    const id = (this.#asked += 1)
    this.send({ type: 'ask', id, about })
    await until(
      () =>
        this.received.some(
          (message) => (message.type === 'reply' || message.type === 'failed') && message.id === id,
        ),
      60,
    )
    const reply = this.received.findLast(
      (message) => (message.type === 'reply' || message.type === 'failed') && message.id === id,
    )
    if (reply?.type === 'reply') return reply.answer
    throw new Error(reply?.type === 'failed' ? reply.error : `no reply to ${about.kind}`)
  }

  /** Opens a terminal, and waits for its first prompt. */
  async terminal(terminal: string, node: string): Promise<void> {
    this.send({ type: 'terminal-open', terminal, node, columns: 100, rows: 30 })
    if (!(await this.shows(terminal, node))) throw new Error(`no prompt on ${node}`)
  }

  type(terminal: string, data: string): void {
    this.send({ type: 'terminal-data', terminal, data })
  }

  shows(terminal: string, text: string | RegExp, seconds = 30): Promise<boolean> {
    return until(() => {
      const output = this.terminals.get(terminal) ?? ''
      return typeof text === 'string' ? output.includes(text) : text.test(output)
    }, seconds)
  }

  close(): void {
    this.socket.close()
  }
}

export const chromiumPath = ['chromium', 'chromium-browser', 'google-chrome']
  .flatMap((name) => ['/usr/bin', '/usr/local/bin'].map((directory) => join(directory, name)))
  .find((path) => existsSync(path))

/** The one line of tests that need a browser. */
export const noChromium = 'not run: chromium is not installed (apt install chromium)'

/** A fresh Chromium that fetches nothing by itself. */
export function openChromium(): Promise<Browser> {
  // An ordinary user without a home directory has no place for Chromium's own files.
  const home = newData()
  return chromium.launch({
    executablePath: chromiumPath ?? '',
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, '.config') },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
    ],
  })
}
