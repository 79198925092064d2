// Opens the containers of this place's state directory, for one command: with --explain it says what it does, with --dry-run instead.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { refreshHosts } from '../../container/names.ts'
import {
  type ContainerStep,
  type Containers,
  type Networks,
  explain,
  openContainers,
  openNetworks,
} from '../../index.ts'
import type { ChangeFlags } from './options.ts'
import { stateDirectory } from './state-directory.ts'

/** `tell` is given a paragraph for each thing that is done, commands under a title. */
export async function useContainers<T>(
  body: (containers: Containers) => Promise<T>,
  { explain: isExplained, dryRun }: ChangeFlags = {},
  tell: (paragraph: string) => void = () => {},
): Promise<T> {
  const directory = stateDirectory()
  await using scratch = new AsyncDisposableStack()
  const copy = dryRun ? await copyOf(directory, scratch) : undefined
  const isTold = isExplained ?? dryRun ?? false
  let isAside = false
  const say = (paragraph: string) =>
    tell(isAside ? paragraph.replaceAll(/^(?=[^#\n])/gm, '#   ') : paragraph)
  const sayStep = ({ title, commands, ...step }: ContainerStep) => {
    isAside = step.isAside ?? isAside
    say([`# ${title}`, ...commands].join('\n'))
  }
  await using networks = await openNetworks({
    ...(copy?.networks ?? { stateDirectory: directory }),
    ...(isTold ? { onPlan: (plan) => say(explain(plan)) } : {}),
  })
  await using containers = await openContainers({
    networks,
    stateDirectory: directory,
    ...copy?.containers,
    // `serve` and its like, and the Node that runs the others.
    tools: [join(import.meta.dirname, '../../sandbox/bin'), dirname(process.execPath)],
    ...(isTold ? { onStep: sayStep } : {}),
  })
  return await body(containers)
}

/** Where everything can be done as if, and nothing is: the state in memory, the files in a directory that is removed. */
async function copyOf(directory: string, scratch: AsyncDisposableStack) {
  const { copyToMemory } = await import('../../store/copy.ts')
  const scratchDirectory = mkdtempSync(join(tmpdir(), 'netdojo-'))
  scratch.defer(() => rmSync(scratchDirectory, { recursive: true }))
  const nothing = { apply: async () => {}, [Symbol.asyncDispose]: async () => {} }
  return {
    networks: { store: await copyToMemory(directory), applier: nothing, assumeNamespaces: true },
    containers: { scratchDirectory },
  }
}

export function tellContainers({ store }: Networks): Promise<void> {
  return refreshHosts(store, (id) => join(stateDirectory(), 'containers', id))
}

const impatient = 3

/** The terminal itself gives Ctrl-C to the container as well; a program that does not listen is ended at the third. */
export function passSignals(send: (signal: NodeJS.Signals) => Promise<void>): Disposable {
  let interrupts = 0
  const interrupted = () => {
    interrupts++
    if (interrupts >= impatient) void send('SIGKILL')
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
