// `netdojo run …`: Docker's command, with Docker's flags and exit codes, on this machine's own programs unless told otherwise.
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { NetdojoError, NetworkOfContainer, RunContainer } from '../../index.ts'
import { endWith, errorParagraph, usageError } from '../shared/errors.ts'
import { type ChangeFlags, changeCommand, many, pairOf, recordOf } from '../shared/options.ts'
import { isInSandbox } from '../shared/state-directory.ts'
import type { Terminal } from '../shared/terminal.ts'

export function runCommand(terminal: Terminal): Command {
  const command = changeCommand('run', 'Run a program in a container.')
    .usage('[OPTIONS] [ROOTFS|IMAGE.tar] COMMAND [ARG…]')
    .argument('[words...]')
    .option('-i, --interactive', 'keep its standard input open')
    .option('-t, --tty', 'give it a terminal')
    .option('-d, --detach', 'let it run in the background, and print its id')
    .option('--rm', 'keep nothing of it when it has ended')
    .option('--name <name>', 'its name, which others on its networks know it by')
    .option('-p, --publish <ports>', 'publish a port: 8080:80, 127.0.0.1:53:53/udp, 80', many)
    .option('--net <network>', 'plug it into a network; several are allowed, none is `none`', many)
    .addOption(new Option('--network <network>').argParser(many).hideHelp())
    .option('--ip <address>', 'its IPv4 address on the first network')
    .option('--ip6 <address>', 'its IPv6 address there')
    .option('--dns-alias <name>', 'one more name on its networks', many)
    .addOption(new Option('--network-alias <name>').argParser(many).hideHelp())
    .option('--dns <address>', 'a name server for all other names', many)
    .option('-e, --env <variable>', 'NAME=VALUE, or NAME to pass it on', many)
    .option(
      '-v, --volume <volume>',
      'SOURCE:DESTINATION[:ro], a path of the host and one inside',
      many,
    )
    .option('-w, --workdir <directory>', 'where it starts')
    .option('--hostname <name>', 'its host name; its name unless told')
    .option('--entrypoint <program>', "in the place of the image's own")
    .option('-l, --label <label>', 'NAME=VALUE', many)
    .addHelpText('after', after)
    // What stands behind the first word is the container's.
    .passThroughOptions()
  return command.action(async (words: readonly string[], flags: RunFlags) =>
    run(words, flags, terminal),
  )
}

const after = `
The first word is a ROOTFS when it is an existing directory and has a slash in
it, and an IMAGE when its name ends in .tar, .tar.gz or .tgz (docker save, OCI
layout). Otherwise the command begins with it, and is looked for among this
machine's own programs. Whatever the container writes goes with it.

A network may have Docker's long form: --net name=web,ip=10.0.0.9,alias=www.

Examples:
  netdojo run -it -p 80:80 --net testbridge sh
  netdojo run -d --name web --net testbridge serve 80
  netdojo run --rm --net testbridge curl http://web/
  netdojo run --rm ./rootfs /bin/ls /
  netdojo run --rm alpine.tar cat /etc/os-release

Exit codes: the program's own; 125 when the container could not be made, 126
when its program cannot be started, 127 when there is no such program.`

async function run(words: readonly string[], flags: RunFlags, terminal: Terminal): Promise<void> {
  const [{ NetdojoError }, { useContainers }, { passSignals }] = await Promise.all([
    import('../../index.ts'),
    import('../shared/containers.ts'),
    import('../shared/containers.ts'),
  ])
  try {
    refuseNoTerminal(flags)
    // No name server answers in the sandbox's world: a name that is none of a container's fails at once.
    const request = { ...(isInSandbox() ? { nameservers: [] } : {}), ...runRequest(words, flags) }
    const { detach = false, dryRun = false } = flags
    // Standard output is the container's.
    const tell = (text: string) =>
      dryRun ? terminal.write(`${text}\n\n`) : terminal.writeError(`${text}\n\n`)
    const code = await useContainers(
      async (containers) => {
        if (dryRun) {
          await containers.plan(request)
          return 0
        }
        const container = await containers.run(request, { attach: !detach, leave: detach })
        if (detach) {
          terminal.write(`${container.id}\n`)
          return 0
        }
        using _ = passSignals((signal) => containers.signal(container.id, signal))
        return await container.wait()
      },
      flags,
      tell,
    )
    if (code !== 0) endWith(code)
  } catch (error) {
    if (!(error instanceof NetdojoError)) throw error
    terminal.writeError(errorParagraph(error))
    endWith(codeOf(error))
  }

  function refuseNoTerminal({ tty, interactive, detach }: RunFlags): void {
    if (!tty || detach || (process.stdin.isTTY && process.stdout.isTTY)) return
    throw new NetdojoError({
      code: 'usage',
      operation: 'give the container',
      object: 'a terminal',
      reason: 'standard input or output is none',
      advice: [interactive ? 'leave -t away: -i alone works with pipes' : 'leave -t away'],
    })
  }
}

/** As `docker run` tells its own failures from the program's. */
function codeOf({ code }: NetdojoError): number {
  if (code === 'command-missing') return 127
  return code === 'command-unusable' ? 126 : 125
}

type RunFlags = ChangeFlags & {
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

function runRequest(words: readonly string[], flags: RunFlags): RunContainer {
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
