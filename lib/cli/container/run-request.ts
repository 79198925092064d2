// The words of `netdojo run` as a request: Docker's flags and forms, and which word is a root file system.
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { NetworkOfContainer, RunContainer } from '../../index.ts'
import type { ChangeFlags } from '../options.ts'
import { pairOf, recordOf } from '../pairs.ts'
import { usageError } from '../usage-error.ts'

export type RunFlags = ChangeFlags & {
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
    labels: recordOf('a label', flags.label),
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
  const fields = text.includes('=')
    ? text.split(',').map((part) => pairOf('a field of a network', part))
    : [['name', text] as const]
  const unknown = fields.find(([field]) => !['name', 'ip', 'ip6', 'alias'].includes(field))
  if (unknown) throw usageError('use as a network', text, 'its fields are name, ip, ip6 and alias')
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
  if (text.includes('=')) return [pairOf('a variable', text)]
  const value = process.env[text]
  return value === undefined ? [] : [[text, value]]
}

function absolute(text: string): string {
  const [source = '', ...rest] = text.split(':')
  if (!source.includes('/'))
    throw usageError(
      'use as a volume',
      text,
      'there are no named volumes: give the path of a file or directory',
    )
  return [resolve(source), ...rest].join(':')
}
