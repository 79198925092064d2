// The program that runs within a sandbox, as its first process: it plays one scenario, opens a shell or a broken network, as the request says.
import { translator, type Translate } from '../language/translate.ts'
import { shell } from '../sandbox/shell.ts'
import type { Emit, ScenarioEnded } from '../scenario/events.ts'
import { play } from '../scenario/play.ts'
import { loadScenario } from './catalogue.ts'
import { exitCodes } from './exit-codes.ts'
import type { PlayRequest, Request } from './request.ts'

const codes: Readonly<Record<ScenarioEnded['outcome'], number>> = {
  held: exitCodes.held,
  failed: exitCodes.checkFailed,
  broken: exitCodes.labBroken,
}

export async function main([text = '']: readonly string[]): Promise<never> {
  // The first process of a PID namespace is immune to signals that it does not handle: pid_namespaces(7).
  process.on('SIGINT', () => process.exit(exitCodes.interrupted))
  process.on('SIGTERM', () => process.exit(exitCodes.interrupted))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by our own other half, see request.ts
  const request = JSON.parse(text) as Request
  const code = await answer(request)
  // Servers of the scenario are still running: they end with this process, and must not be waited for.
  process.exit(code)
}

async function answer(request: Request): Promise<number> {
  switch (request.kind) {
    case 'shell':
      return shell(request.args)
    case 'play':
      return playRequest(request)
    case 'fix':
      return (await import('./fix/inside.ts')).fixInside(request)
    case 'workshop':
      return (await import('./workshop/inside.ts')).workshop(request)
    case 'outline':
      return (await import('./workshop/outline.ts')).outline(request)
  }
}

async function playRequest(request: PlayRequest): Promise<number> {
  const translate = await translator(request.language)
  const [render, observer] = await Promise.all([
    rendererFor(request, translate),
    observerFor(request),
  ])
  let commands = 0
  let opened = false
  const openShell = async () => {
    opened = true
    write(
      `\n${translate('A root shell in the world as it is now; leave it with exit or Ctrl-D.')}\n`,
    )
    await shell()
  }
  const packets = request.capture || request.pcap !== null ? await capturing(request) : undefined
  const outcome = await play(
    await loadScenario(request.scenario),
    {
      dialect: request.dialect,
      without: request.without,
      patience: request.patience,
      stopAtFailure: request.stopAtFailure,
      ...(packets ? { packets } : {}),
      ...(observer ? { observer } : {}),
      ...(request.step ? { beforeStep: (step) => waitForEnter(step, translate) } : {}),
      ...(request.keep ? { onFailure: openShell } : {}),
    },
    (event) => {
      if (event.type === 'scenario-ended') commands = event.commands
      render(event)
    },
  )
  if (request.keep && !opened) await openShell()
  if (request.without !== null && request.without > commands) return exitCodes.usage
  return codes[outcome]
}

async function capturing({ capture, pcap }: PlayRequest) {
  return (await import('./capturing.ts')).capturing(capture, pcap)
}

// The many runs of --all and --ablate read JSON: they do not pay for what only a person looks at.
async function rendererFor(
  { json, color, verbose, difference }: PlayRequest,
  translate: Translate,
): Promise<Emit> {
  if (json) return (event) => write(`${JSON.stringify(event)}\n`)
  const [{ Chalk }, { terminalRenderer }] = await Promise.all([
    import('chalk'),
    import('../scenario/render/terminal.ts'),
  ])
  const chalk = new Chalk({ level: color ? 1 : 0 })
  return terminalRenderer({ write, chalk, verbose, difference, translate })
}

/** Nobody pays for looking at the network who does not want to see it. */
async function observerFor({ difference, topology, columns }: PlayRequest) {
  if (!difference && !topology) return undefined
  const { observer } = await import('../scenario/observer.ts')
  if (!topology) return observer()
  const [{ topologyText }, { usualCharset }] = await Promise.all([
    import('../observe/topology/text.ts'),
    import('../observe/topology/canvas.ts'),
  ])
  return observer((drawn) => topologyText(drawn, { columns, charset: usualCharset() }))
}

function write(output: string): void {
  process.stdout.write(output)
}

/** A terminal gives one line at a time, and only one is taken: what is typed ahead is for the next step, or for the shell. */
function waitForEnter(step: number, translate: Translate): Promise<void> {
  write(`\n${translate('Press Enter for step {step}', { step })} `)
  return new Promise((resolve) => {
    const { stdin } = process
    const leave = () => {
      write('\n')
      process.exit(exitCodes.interrupted)
    }
    stdin.once('end', leave).resume()
    stdin.once('data', () => {
      stdin.pause()
      stdin.off('end', leave)
      resolve()
    })
  })
}
