// Opens the lab in a browser for `npm run web`: a server on 127.0.0.1, and one world at a time in a sandbox.
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { Command, InvalidArgumentError } from 'commander'
import { onAbandoned } from '../../../exec/abandoned.ts'
import {
  chooseLanguage,
  languages,
  translator,
  type Language,
} from '../../../language/translate.ts'
import { enterChannelled } from '../../../sandbox/enter.ts'
import type { LocalBackend } from '../../../sandbox/backend.ts'
import type { Dialect } from '../../../scenario/events.ts'
import { openBrowser } from '../../../web/server/browser.ts'
import { bundle, pageDirectory } from '../../../web/server/bundle.ts'
import { newToken } from '../../../web/server/guard.ts'
import { Lab, type LabOptions } from '../../../web/server/lab.ts'
import { serve, type PageFile } from '../../../web/server/serve.ts'
import type { Opened } from '../../../web/protocol.ts'
import { addBackendOptions, inBackendBy, type BackendOptions } from '../../shared/backend.ts'
import { exitCodes, usageError } from '../../shared/errors.ts'
import type { Terminal } from '../../shared/terminal.ts'
import { brokenNames, chapters, loadBroken, loadScenario, scenarioNames } from '../catalogue.ts'
import { refuseOptionsOfNpm, runCommandLine } from '../command-line.ts'
import { insideCommand } from '../request.ts'
import { startThere } from './there.ts'

type Options = BackendOptions & {
  readonly browser: boolean
  readonly port?: number
  readonly grace: number
  readonly dialect: Dialect
  readonly lang?: Language
}

export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  refuseOptionsOfNpm('web', args)
  return runCommandLine<Options>({
    program: command(),
    // `npm run web -- fix 3`: one argument for the parser.
    args: joined(args),
    terminal,
    act: (name, options) => act(name, options, terminal),
    after: (translate) =>
      translate(
        'The page needs the address with its token, which only you see. Exit codes: 0 the page was closed, 2 wrong usage, 3 the lab could not run.',
      ),
  })
}

function joined(args: readonly string[]): readonly string[] {
  const at = args.findIndex(
    (word, index) => word === 'fix' && /^[\w-]+$/.test(args[index + 1] ?? ''),
  )
  if (at < 0) return args
  return [...args.slice(0, at), `fix ${args[at + 1]}`, ...args.slice(at + 2)]
}

function command(): Command {
  const program = new Command('npm run web --')
    .description('The lab in a browser: lessons, broken networks, and a free world.')
    .argument(
      '[name]',
      'the name of a scenario, `fix` and the number of a broken network, or `free`; without it, choose in the page',
    )
  program
    .option('--no-browser', 'only print the address')
    .option('--port <number>', 'the port on 127.0.0.1; without it, a free one', portOf)
    .option(
      '--grace <seconds>',
      'how many seconds the lab goes on after the page was closed',
      secondsOf,
      60,
    )
    .addOption(
      program
        .createOption('--dialect <dialect>', "today's commands or those of the older tutorials")
        .choices(['ip', 'classic'])
        .default('ip'),
    )
    .addOption(
      program
        .createOption('--lang <language>', 'the language; without it, the language of LANG')
        .choices(languages),
    )
  return addBackendOptions(program)
}

async function act(
  name: string | undefined,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const opened = await openedBy(name, options.dialect)
  return inBackendBy(
    options,
    terminal,
    (backend) => open(opened, options, terminal, backend, localStart(backend)),
    (backend) => open(opened, options, terminal, backend, startThere(backend, terminal)),
  )
}

/** @throws NetdojoError `usage` for an unknown name. */
async function openedBy(name: string | undefined, dialect: Dialect): Promise<Opened | null> {
  if (name === undefined) return null
  if (name === 'free') return { kind: 'free', world: null }
  const [, network] = /^fix (.*)$/.exec(name) ?? []
  if (network !== undefined) return { kind: 'fix', name: (await loadBroken(network)).name }
  if (name === 'fix')
    throw usageError(
      'fix must be followed by the number of a broken network',
      'npm run web -- fix 1',
    )
  await loadScenario(name)
  return { kind: 'lesson', name, from: null, dialect }
}

function localStart(backend: LocalBackend): LabOptions['start'] {
  return async (world) => enterChannelled(insideCommand({ kind: 'web', world }), backend)
}

/** Serves until Ctrl-C, or until the page was closed. */
async function open(
  opened: Opened | null,
  options: Options,
  terminal: Terminal,
  backend: string,
  start: LabOptions['start'],
): Promise<number> {
  const translate = await translator(chooseLanguage(options.lang))
  const token = newToken()
  const ended = Promise.withResolvers<number>()
  // The page is built while the world is.
  const building = bundle()
  building.catch(() => {})
  const lab = new Lab({
    backend,
    start,
    lessons,
    broken,
    opened,
    grace: options.grace * 1000,
    onAbandoned: () => {
      terminal.writeError(`netdojo: ${translate('The page was closed: the lab has ended.')}\n`)
      ended.resolve(exitCodes.held)
    },
  })
  const stopWatching = onAbandoned(() => ended.resolve(exitCodes.held))
  let removeFile = () => {}
  try {
    const server = await serve({
      token,
      port: options.port ?? 0,
      file: (path) => fileOf(path, building),
      onPage: (page) => {
        removeFile()
        return lab.connect(page)
      },
    })
    try {
      const address = `http://127.0.0.1:${server.port}/#${token}`
      terminal.write(`${address}\n`)
      terminal.writeError(
        `netdojo: ${translate('This is the address of the page; it holds a secret. Ctrl-C ends the lab.')}\n`,
      )
      if (options.browser) removeFile = openBrowser(address, server.port)
      return await ended.promise
    } finally {
      removeFile()
      server.close()
    }
  } finally {
    stopWatching()
    lab.close()
  }
}

async function fileOf(
  path: string,
  building: ReturnType<typeof bundle>,
): Promise<PageFile | undefined> {
  switch (path) {
    case '/':
      return {
        type: 'text/html; charset=utf-8',
        body: readFileSync(join(pageDirectory, 'index.html'), 'utf8'),
      }
    case '/page.js':
      return { type: 'text/javascript; charset=utf-8', body: (await building).script }
    case '/page.css':
      return { type: 'text/css; charset=utf-8', body: (await building).style }
  }
  return undefined
}

async function lessons() {
  const loaded = await Promise.all(scenarioNames.map(loadScenario))
  return loaded.map(({ name, title }) => ({ name, title, chapter: chapters[name] ?? null }))
}

async function broken() {
  const loaded = await Promise.all(brokenNames.map(loadBroken))
  return loaded.map(({ name, title, difficulty }) => ({ name, title, difficulty }))
}

function portOf(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port < 65_536) return port
  throw new InvalidArgumentError('must be a port from 0 to 65535')
}

function secondsOf(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  throw new InvalidArgumentError('must be a number of seconds')
}
