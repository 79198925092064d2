// Opens the containers of the state directory for one command: --explain also prints what is done, --dry-run prints it and changes nothing.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Containers, ContainerStep } from '../../index.ts'
import { nothing } from './change.ts'
import { clusterOptions } from './cluster.ts'
import type { ChangeFlags } from './options.ts'
import { stateDirectory } from './state-directory.ts'

/** @param print is given one paragraph per step: a title as a comment, and commands. */
export async function useContainers<T>(
  body: (containers: Containers) => Promise<T>,
  { explain: isExplained, dryRun }: ChangeFlags = {},
  print: (paragraph: string) => void = () => {},
): Promise<T> {
  const directory = stateDirectory()
  // Loading the library takes longer than Node's own start, and --help and completion do not need it.
  const [{ openNetworks }, { openContainers }, { explain }] = await Promise.all([
    import('../../network/open-networks.ts'),
    import('../../container/open-containers.ts'),
    import('../../network/plan.ts'),
  ])
  await using scratch = new AsyncDisposableStack()
  const copy = dryRun ? await copyOf(directory, scratch) : undefined
  const isPrinted = isExplained ?? dryRun ?? false
  let inBackground = false
  // Another process runs the commands of these steps, so they are printed as comments.
  const printStep = (text: string) =>
    print(inBackground ? text.replaceAll(/^(?=[^#\n])/gm, '#   ') : text)
  const onStep = ({ title, commands, ...step }: ContainerStep) => {
    inBackground = step.inBackground ?? inBackground
    printStep([`# ${title}`, ...commands].join('\n'))
  }
  await using networks = await openNetworks({
    ...(copy?.networks ?? { stateDirectory: directory, ...(await clusterOptions(directory)) }),
    ...(isPrinted ? { onPlan: (plan) => printStep(explain(plan)) } : {}),
  })
  await using containers = await openContainers({
    networks,
    stateDirectory: directory,
    ...copy?.containers,
    // `serve` and the other programs of the lab, and the Node that runs them.
    tools: [join(import.meta.dirname, '../../sandbox/bin'), dirname(process.execPath)],
    ...(isPrinted ? { onStep } : {}),
  })
  return await body(containers)
}

/** A copy of the state in memory, and a directory for files that is removed afterwards. */
async function copyOf(directory: string, scratch: AsyncDisposableStack) {
  const { copyToMemory } = await import('../../store/copy.ts')
  const scratchDirectory = mkdtempSync(join(tmpdir(), 'netdojo-'))
  scratch.defer(() => rmSync(scratchDirectory, { recursive: true }))
  return {
    networks: { store: await copyToMemory(directory), applier: nothing, assumeNamespaces: true },
    containers: { scratchDirectory },
  }
}

const interruptsBeforeKill = 3

/**
 * Sends our signals to the container while it has our terminal. The terminal itself gives Ctrl-C to the container, too; the
 * third Ctrl-C kills a program that ignores it.
 */
export function passSignals(send: (signal: NodeJS.Signals) => Promise<void>): Disposable {
  let interrupts = 0
  const interrupted = () => {
    interrupts++
    if (interrupts >= interruptsBeforeKill) void send('SIGKILL')
  }
  const terminated = () => void send('SIGTERM')
  const hungUp = () => void send('SIGHUP')
  process.on('SIGINT', interrupted).on('SIGTERM', terminated).on('SIGHUP', hungUp)
  return {
    [Symbol.dispose]: () => {
      process.off('SIGINT', interrupted).off('SIGTERM', terminated).off('SIGHUP', hungUp)
    },
  }
}
