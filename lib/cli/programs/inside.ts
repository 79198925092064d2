// The program that runs within a sandbox, as its first process: it plays one scenario, opens a shell or a broken network, as the request says.
import { type Translate, translator } from '../../language/translate.ts'
import { shell } from '../../sandbox/shell.ts'
import type { Emit, PacketsSeen, ScenarioEnded } from '../../scenario/events.ts'
import { play } from '../../scenario/play.ts'
import { exitCodes } from '../shared/errors.ts'
import { processTerminal } from '../shared/terminal.ts'
import { loadScenario } from './catalogue.ts'
import {
  playAlone,
  type OutlineRequest,
  type PlayRequest,
  type Request,
  type WorkshopRequest,
} from './request.ts'

const codes: Readonly<Record<ScenarioEnded['outcome'], number>> = {
  held: exitCodes.held,
  failed: exitCodes.checkFailed,
  broken: exitCodes.labBroken,
}

export async function main([text = '']: readonly string[]): Promise<never> {
  // The first process of a PID namespace is immune to signals that it does not handle: pid_namespaces(7).
  process.on('SIGINT', () => process.exit(exitCodes.interrupted))
  process.on('SIGTERM', () => process.exit(exitCodes.interrupted))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- insideCommand in request.ts wrote it
  const request = text.startsWith('{') ? (JSON.parse(text) as Request) : playAlone(text)
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
      return workshop(request)
    case 'outline':
      return outline(request)
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

// The many runs of --all and --ablate read JSON: they do not pay for what only a person looks at.
async function rendererFor(
  { json, color, verbose, difference }: PlayRequest,
  translate: Translate,
): Promise<Emit> {
  if (json) return (event) => write(`${JSON.stringify(event)}\n`)
  const [{ Chalk }, { terminalRenderer }] = await Promise.all([
    import('chalk'),
    import('../../scenario/render/terminal.ts'),
  ])
  const chalk = new Chalk({ level: color ? 1 : 0 })
  return terminalRenderer({ write, chalk, verbose, difference, translate })
}

/** Nobody pays for looking at the network who does not want to see it. */
async function observerFor({ difference, topology, columns }: PlayRequest) {
  if (!difference && !topology) return undefined
  const { observer } = await import('../../scenario/observer.ts')
  if (!topology) return observer()
  const [{ topologyText }, { usualCharset }] = await Promise.all([
    import('../../observe/topology/text.ts'),
    import('../../observe/topology/canvas.ts'),
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

type Packets = () => Promise<PacketsSeen['packets']>

/** @returns what gives the packets since the last time; it lists none when only the file is wanted. */
async function capturing({ capture, pcap }: PlayRequest): Promise<Packets> {
  const [{ Decoder }, { Recorder }, { openPcap }] = await Promise.all([
    import('../../observe/capture/decoder.ts'),
    import('../../observe/capture/recorder.ts'),
    import('../shared/pcap-file.ts'),
  ])
  const file = pcap === null ? undefined : openPcap(pcap, processTerminal())
  const recorder = await Recorder.start()
  const decoder = new Decoder()
  return async () => {
    const frames = await recorder.take()
    for (const frame of frames) file?.writer.frame(frame)
    // A namespace that the command has made is heard from here on; nothing has been sent there yet but by the kernel itself.
    await recorder.refresh()
    if (!capture) return []
    const first = frames[0]?.at ?? 0n
    return Promise.all(
      frames.map(async (frame) => {
        const { node, interface: name, direction, at } = frame
        const after = Number(at - first) / 1e6
        return { node, interface: name, direction, after, text: await decoder.decode(frame) }
      }),
    )
  }
}

/** The steps before are begun with, before all is loaded that speaks with the learner. */
async function workshop(request: WorkshopRequest): Promise<number> {
  const { lookAhead } = await import('../../workshop/look-ahead.ts')
  const scenario = await loadScenario(request.scenario)
  const ahead = await lookAhead(scenario, request.from, request.dialect)
  const { learn } = await import('./workshop/learner.ts')
  return learn(request, scenario, ahead)
}

/** Within a second sandbox: plays a scenario ahead of the learner, and prints what it does and what becomes of it, a line of JSON at a time. */
async function outline({ scenario, from, dialect }: OutlineRequest): Promise<number> {
  const [{ takeSnapshot }, { recordOutline }] = await Promise.all([
    import('../../observe/snapshot/take.ts'),
    import('../../workshop/outline.ts'),
  ])
  const { guide, record } = recordOutline(from, takeSnapshot, (line) =>
    write(`${JSON.stringify(line)}\n`),
  )
  const outcome = await play(
    await loadScenario(scenario),
    { dialect, without: null, patience: 0, guide },
    record,
  )
  return outcome === 'broken' ? exitCodes.labBroken : exitCodes.held
}
