// `--in PLACE`: runs a program of ours in the place that was asked for, or in the first that works here.
import { Option } from 'commander'
import { NetdojoError } from '../../errors.ts'
import { isInstalled } from '../../exec/search-path.ts'
import {
  type Inside,
  type LocalBackend,
  type SandboxBackend,
  isSandboxBackend,
  sandboxBackends,
} from '../../sandbox/backend.ts'
import { requireHere } from '../../sandbox/here.ts'

export type PlaceOptions = { readonly in?: SandboxBackend; readonly yes?: true }

export function placeOptions(): Option[] {
  return [
    new Option(
      '--in <place>',
      'where: namespaces of this machine, a container (Docker), a vm (Vagrant), or here (this machine itself, if it is a virtual one); without it, the first that works',
    ).choices(sandboxBackends),
    new Option('--yes', 'with --in here: also if this is no virtual machine'),
  ]
}

export type RemoteBackend = Exclude<SandboxBackend, LocalBackend>

/**
 * Calls `run` when the place is on this machine; to a container or virtual machine, sends the whole program instead, to run
 * there in namespaces.
 * @param words the program's name and its arguments, as they were typed.
 * @returns the exit code.
 */
export function inPlace(
  options: PlaceOptions,
  words: readonly [string, ...string[]],
  run: (place: LocalBackend) => Promise<number>,
): Promise<number> {
  return inPlaceBy(options, run, (place) => send(place, words))
}

/** The same for who does not send the whole program. */
export async function inPlaceBy(
  { in: asked, yes }: PlaceOptions,
  run: (place: LocalBackend) => Promise<number>,
  runFar: (place: RemoteBackend) => Promise<number>,
): Promise<number> {
  if (asked === 'here') requireHere(yes ?? false)
  if (asked === 'here' || asked === 'namespaces') return run(asked)
  if (asked !== undefined) return runFar(asked)
  if (process.platform !== 'linux') return runFar(await other('this is not Linux'))
  try {
    // To try is the only sure way to know whether it works, and costs nothing where it does.
    return await run('namespaces')
  } catch (error) {
    if (!(error instanceof NetdojoError) || !withoutNamespaces.has(error.code)) throw error
    return runFar(await other(error.reason.split('\n')[0] ?? '', error))
  }
}

const withoutNamespaces: ReadonlySet<string> = new Set(['sandbox-refused', 'program-missing'])

/** Which of the other two there is; when there is none, what kept us from the first is the error. */
async function other(reason: string, error = noPlace(reason)): Promise<RemoteBackend> {
  const place = (await engineAnswers()) ? 'container' : isInstalled('vagrant') ? 'vm' : undefined
  if (place === undefined) throw error
  say(`in a ${place === 'vm' ? 'virtual machine' : place}: ${reason} (--in chooses another place)`)
  return place
}

async function engineAnswers(): Promise<boolean> {
  const { connectToEngine } = await import('../../sandbox/container/engine.ts')
  return connectToEngine().then(
    () => true,
    () => false,
  )
}

async function send(place: RemoteBackend, words: readonly [string, ...string[]]): Promise<number> {
  const inside: Inside = ['lib/cli/start.js', ...elsewhere(words)]
  if (place === 'container')
    return (await import('../../sandbox/container/run.ts')).runInContainer(inside, say)
  return (await import('../../sandbox/vm/run.ts')).runInVm(inside, say)
}

/** The same words, for namespaces there. */
function elsewhere([program, ...args]: readonly [string, ...string[]]): string[] {
  return [program, '--in', 'namespaces', ...takePlace(args).rest]
}

/** Takes `--in PLACE` and `--yes` out of words that nothing else has parsed. @throws NetdojoError `usage` */
export function takePlace(args: readonly string[]): {
  readonly options: PlaceOptions
  readonly rest: readonly string[]
} {
  const rest: string[] = []
  const options: { in?: SandboxBackend; yes?: true } = {}
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? ''
    if (word === '--yes') options.yes = true
    else if (word === '--in') options.in = named(args[(index += 1)])
    else if (word.startsWith('--in=')) options.in = named(word.slice(5))
    else rest.push(word)
    // What follows is somebody else's: the commands of `npm run shell -- -c 'COMMANDS'`.
    if (word === '-c') rest.push(...args.slice((index += 1), index + 1))
  }
  return { options, rest }
}

function named(name = ''): SandboxBackend {
  if (isSandboxBackend(name)) return name
  throw new NetdojoError({
    code: 'usage',
    operation: 'find',
    object: `the place '${name}'`,
    reason: `--in takes one of ${sandboxBackends.join(', ')}`,
  })
}

function noPlace(reason: string): NetdojoError {
  return new NetdojoError({
    code: 'sandbox-refused',
    operation: 'start',
    object: 'a sandbox',
    reason: `${reason}, no container engine answers, and there is no Vagrant`,
    advice: [
      'install Docker Desktop, or Docker and start it: docker info must answer',
      'or install Vagrant and VirtualBox',
    ],
  })
}

export function say(text: string): void {
  process.stderr.write(`netdojo: ${text}\n`)
}
