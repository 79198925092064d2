// The words of `netdojo run` as a request: Docker's flags and forms, and which word is a root file system.
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { NetdojoError, type NetworkOfContainer, type RunContainer } from '../../index.ts'

export type RunFlags = {
  readonly interactive?: true
  readonly tty?: true
  readonly detach?: true
  readonly rm?: true
  readonly name?: string
  readonly publish?: readonly string[]
  readonly net?: readonly string[]
  readonly network?: readonly string[]
  readonly ip?: string
  readonly ip6?: string
  readonly dnsAlias?: readonly string[]
  readonly networkAlias?: readonly string[]
  readonly env?: readonly string[]
  readonly volume?: readonly string[]
  readonly workdir?: string
  readonly hostname?: string
  readonly entrypoint?: string
  readonly dns?: readonly string[]
  readonly label?: readonly string[]
  readonly explain?: true
  readonly dryRun?: true
}

export function runRequest(words: readonly string[], flags: RunFlags): RunContainer {
  const { root, command } = split(words)
  const networks = [...(flags.net ?? []), ...(flags.network ?? [])].filter(
    (name) => name !== 'none',
  )
  return {
    command,
    ...(root === undefined ? {} : { root }),
    networks: networks.map((text, index) => networkOf(text, index === 0 ? flags : {})),
    ports: flags.publish ?? [],
    aliases: [...(flags.dnsAlias ?? []), ...(flags.networkAlias ?? [])],
    env: Object.fromEntries((flags.env ?? []).flatMap(variable)),
    volumes: (flags.volume ?? []).map(absolute),
    labels: Object.fromEntries((flags.label ?? []).map(pair)),
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...(flags.workdir === undefined ? {} : { workingDirectory: flags.workdir }),
    ...(flags.hostname === undefined ? {} : { hostname: flags.hostname }),
    ...(flags.entrypoint === undefined ? {} : { entrypoint: flags.entrypoint }),
    ...(flags.dns === undefined ? {} : { nameservers: flags.dns }),
    autoRemove: flags.rm ?? false,
    terminal: flags.tty ?? false,
    interactive: flags.interactive ?? false,
  }
}

/** A directory cannot be started, and no program is called `….tar`: so nothing is guessed. */
function split(words: readonly string[]): {
  readonly root?: string
  readonly command: readonly string[]
} {
  const [first = '', ...rest] = words
  const isArchive = /\.(tar|tar\.gz|tgz)$/.test(first)
  const isDirectory =
    first.includes('/') && statSync(first, { throwIfNoEntry: false })?.isDirectory() === true
  return isArchive || isDirectory ? { root: resolve(first), command: rest } : { command: words }
}

/** `NAME`, or Docker's long form: `name=NAME,ip=ADDRESS,ip6=ADDRESS,alias=NAME`. `--ip` is for the first. */
function networkOf(text: string, { ip, ip6 }: Pick<RunFlags, 'ip' | 'ip6'>): NetworkOfContainer {
  const fields = text.includes('=') ? text.split(',').map(pair) : [['name', text] as const]
  const unknown = fields.find(([field]) => !['name', 'ip', 'ip6', 'alias'].includes(field))
  if (unknown)
    throw misuse(
      'network',
      text,
      `it has no field ${JSON.stringify(unknown[0])}: they are name, ip, ip6 and alias`,
    )
  const one = (field: string) => fields.find(([name]) => name === field)?.[1]
  const [address, address6] = [one('ip') ?? ip, one('ip6') ?? ip6]
  return {
    name: one('name') ?? '',
    ...(address === undefined ? {} : { address }),
    ...(address6 === undefined ? {} : { address6 }),
    aliases: fields.filter(([field]) => field === 'alias').map(([, name]) => name),
  }
}

/** A name alone takes the value from our own environment, and is left out when it is not there. */
function variable(text: string): readonly (readonly [string, string])[] {
  if (text.includes('=')) return [pair(text)]
  const value = process.env[text]
  return value === undefined ? [] : [[text, value]]
}

function pair(text: string): readonly [string, string] {
  const [name = '', ...rest] = text.split('=')
  return [name, rest.join('=')]
}

function absolute(text: string): string {
  const [source = '', ...rest] = text.split(':')
  if (!source.includes('/'))
    throw misuse('volume', text, 'there are no named volumes: give the path of a file or directory')
  return [resolve(source), ...rest].join(':')
}

function misuse(what: string, text: string, reason: string): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: `use the ${what}`,
    object: JSON.stringify(text),
    reason,
  })
}
