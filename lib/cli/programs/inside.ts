// Answers a request as the first process of a sandbox: it plays a scenario, opens a shell or a broken network, or goes through a workshop.
import { type Translate, translator } from '../../language/translate.ts'
import { shell } from '../../sandbox/shell.ts'
import type { Emit, PacketsSeen, ScenarioEnded } from '../../scenario/events.ts'
import { addMachines } from '../../scenario/machines.ts'
import { play } from '../../scenario/play.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { exitCodes } from '../shared/errors.ts'
import type { Terminal } from '../shared/terminal.ts'
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

export async function main([text = '']: readonly string[], terminal: Terminal): Promise<never> {
  // The first process of a PID namespace is immune to signals that it does not handle: pid_namespaces(7).
  process.on('SIGINT', () => process.exit(exitCodes.interrupted))
  process.on('SIGTERM', () => process.exit(exitCodes.interrupted))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- insideCommand in request.ts wrote it
  const request = text.startsWith('{') ? (JSON.parse(text) as Request) : playAlone(text, terminal)
  const code = await answer(request, terminal)
  // A slow reader of a pipe has not taken all output yet.
  await new Promise((resolve) => process.stdout.write('', resolve))
  // The servers of the scenario still run, and end with this process.
  process.exit(code)
}

async function answer(request: Request, terminal: Terminal): Promise<number> {
  switch (request.kind) {
    case 'shell':
      if (request.machines > 1) await addMachines(request.machines)
      return shell(request.args)
    case 'play':
      return playRequest(request, terminal)
    case 'fix':
      return (await import('./fix/inside.ts')).fixInside(request, terminal)
    case 'workshop':
      return workshop(request, terminal)
    case 'outline':
      return outline(request, terminal)
    case 'web':
      return (await import('./web/inside.ts')).webInside(request)
    case 'web-without': {
      const { playWithout } = await import('../../web/inside/without.ts')
      const tried = await playWithout(await loadScenario(request.scenario), request)
      terminal.write(`${JSON.stringify(tried)}\n`)
      return exitCodes.held
    }
  }
}

async function playRequest(request: PlayRequest, terminal: Terminal): Promise<number> {
  const translate = await translator(request.language)
  const [render, observer] = await Promise.all([
    rendererFor(request, translate, terminal),
    observerFor(request),
  ])
  let commands = 0
  let opened = false
  const openShell = async () => {
    opened = true
    terminal.write(
      `\n${translate("You are root on host, in the network as it is now. Leave the shell with 'exit'.")}\n`,
    )
    await shell()
  }
  const packets =
    request.capture || request.pcap !== null ? await capturing(request, terminal) : undefined
  const scenario = await loadScenario(request.scenario)
  const recording = request.record === null ? undefined : await recorded(request.record, scenario)
  const outcome = await play(
    scenario,
    {
      dialect: request.dialect,
      without: request.without,
      patience: request.patience,
      stopAtFailure: request.stopAtFailure,
      ...(packets ? { packets } : {}),
      ...(observer ? { observer } : {}),
      ...(request.step ? { beforeStep: (step) => waitForEnter(step, translate, terminal) } : {}),
      ...(request.keep ? { onFailure: openShell } : {}),
      ...(recording ? { guide: recording.guide } : {}),
    },
    (event) => {
      if (event.type === 'scenario-ended') commands = event.commands
      recording?.emit(event)
      render(event)
    },
  )
  await recording?.save()
  if (request.keep && !opened) await openShell()
  if (request.without !== null && request.without > commands) return exitCodes.usage
  return codes[outcome]
}

/** The runs of --all and --ablate read JSON, so they load no renderer for a person. */
async function rendererFor(
  { json, color, verbose, difference }: PlayRequest,
  translate: Translate,
  { write }: Terminal,
): Promise<Emit> {
  if (json) return (event) => write(`${JSON.stringify(event)}\n`)
  const [{ Chalk }, { terminalRenderer }] = await Promise.all([
    import('chalk'),
    import('../../scenario/render/terminal.ts'),
  ])
  const chalk = new Chalk({ level: color ? 1 : 0 })
  return terminalRenderer({ write, chalk, verbose, difference, translate })
}

/** Reads the kernel after each step, if the request shows changes or pictures. */
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

/** Reads only one line. Lines that were typed ahead belong to the next step, or to the shell. */
function waitForEnter(step: number, translate: Translate, { write }: Terminal): Promise<void> {
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

async function recorded(file: string, scenario: Scenario) {
  const [{ record }, { recordingFile }] = await Promise.all([
    import('../../web/record/record.ts'),
    import('../shared/recording-file.ts'),
  ])
  const save = recordingFile(file)
  const { guide, emit, ended } = record(scenario)
  return { guide, emit, save: async () => save(await ended()) }
}

type Packets = () => Promise<PacketsSeen['packets']>

/** @returns a function that returns the packets since its last call, or no packets if the request only writes the file. */
async function capturing({ capture, pcap }: PlayRequest, terminal: Terminal): Promise<Packets> {
  const [{ Decoder }, { Recorder }, { openPcap }] = await Promise.all([
    import('../../observe/capture/decoder.ts'),
    import('../../observe/capture/recorder.ts'),
    import('../shared/pcap-file.ts'),
  ])
  const file = pcap === null ? undefined : openPcap(pcap, terminal)
  const recorder = await Recorder.start()
  const decoder = new Decoder()
  return async () => {
    const frames = await recorder.take()
    for (const frame of frames) file?.writer.frame(frame)
    // From here on, new namespaces of the command are captured, too. Before this point, only the kernel itself sends packets there.
    recorder.refresh()
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

/** Starts to apply the earlier steps before the modules for the dialogue are loaded. */
async function workshop(request: WorkshopRequest, terminal: Terminal): Promise<number> {
  const { lookAhead } = await import('../../workshop/look-ahead.ts')
  const scenario = await loadScenario(request.scenario)
  const ahead = await lookAhead(scenario, request.from, request.dialect)
  const { learn } = await import('./workshop/learner.ts')
  return learn(request, scenario, ahead, terminal)
}

/** In a second sandbox: plays a scenario ahead of the learner, and prints its commands and states, one line of JSON each. */
async function outline(
  { scenario, from, dialect, isEach }: OutlineRequest,
  { write }: Terminal,
): Promise<number> {
  const [{ takeWorld }, { recordOutline }, loaded] = await Promise.all([
    import('../../workshop/world.ts'),
    import('../../workshop/outline.ts'),
    loadScenario(scenario),
  ])
  const { guide, record } = recordOutline(
    from,
    () => takeWorld(loaded.state),
    (line) => write(`${JSON.stringify(line)}\n`),
    isEach,
  )
  const outcome = await play(loaded, { dialect, without: null, patience: 0, guide }, record)
  return outcome === 'broken' ? exitCodes.labBroken : exitCodes.held
}
