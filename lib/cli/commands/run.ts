// Runs a program in a new container, with Docker's flags, forms and exit codes; the program is one of this machine unless a root file system is named.
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { NetdojoError } from '../../errors.ts'
import type { ContainerNetworkOptions, RunContainerOptions } from '../../index.ts'
import { passSignals, useContainers } from '../shared/containers.ts'
import { endWith, errorParagraph, quoted, usageError } from '../shared/errors.ts'
import {
  addChangeOptions,
  integerOf,
  many,
  pairOf,
  recordOf,
  type ChangeFlags,
} from '../shared/options.ts'
import { isInSandbox } from '../shared/state-directory.ts'
import type { Terminal } from '../shared/terminal.ts'
import type { CommandFile } from '../shared/command.ts'

type Options = ChangeFlags & {
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
  readonly macAddress?: string
  readonly gwPriority?: string
  readonly addHost?: readonly string[]
  readonly restart?: string
  readonly dnsAlias?: readonly string[]
  readonly networkAlias?: readonly string[]
  readonly env?: readonly string[]
  readonly volume?: readonly string[]
  readonly workdir?: string
  readonly hostname?: string
  readonly entrypoint?: string
  readonly dns?: readonly string[]
  readonly label?: readonly string[]
  readonly logOpt?: readonly string[]
}

export const run: CommandFile = {
  define: (command) => {
    addChangeOptions(command)
      .usage('[OPTIONS] [ROOTFS|IMAGE.tar] COMMAND [ARG…]')
      .argument('[words...]')
      .option('-i, --interactive', 'keep standard input open')
      .option('-t, --tty', 'allocate a terminal')
      .option('-d, --detach', 'run in the background and print the ID')
      .option('--rm', 'remove the container when its program ends')
      .option('--name <name>', 'the name, also its host name on its networks')
      .option('-p, --publish <ports>', 'publish a port: 8080:80, 127.0.0.1:53:53/udp, 80', many)
      .option('--net <network>', 'connect to a network; may be repeated; none: no network', many)
      .addOption(command.createOption('--network <network>').argParser(many).hideHelp())
      .option('--ip <address>', 'the IPv4 address on the first network')
      .option('--ip6 <address>', 'the IPv6 address on the first network')
      .option('--mac-address <mac>', 'the MAC address on the first network')
      .option('--gw-priority <n>', 'of the first network: the highest has the default route')
      .option('--add-host <host>', 'NAME:ADDRESS or NAME:host-gateway for its hosts file', many)
      .option('--restart <policy>', 'only no: see below (default: no)')
      .option('--dns-alias <name>', 'another host name on its networks', many)
      .addOption(command.createOption('--network-alias <name>').argParser(many).hideHelp())
      .option('--dns <address>', 'a name server for all other names', many)
      .option('-e, --env <variable>', 'NAME=VALUE, or NAME for the value from here', many)
      .option(
        '-v, --volume <volume>',
        'SOURCE:DESTINATION[:ro]; SOURCE is a path of the host',
        many,
      )
      .option('-w, --workdir <directory>', 'the working directory')
      .option('--hostname <name>', 'the host name (default: the name)')
      .option('--entrypoint <program>', 'replace the entry point of the image')
      .option('-l, --label <label>', 'NAME=VALUE', many)
      .option('--log-opt <option>', 'limit the log: max-size=10m, max-file=3', many)
      .addHelpText('after', after)
      // The words after the first one belong to the container.
      .passThroughOptions()
  },
  run: async (terminal, words, options: Options) => {
    let code: number
    try {
      code = await runContainer(words, options, terminal)
    } catch (error) {
      if (!(error instanceof NetdojoError)) throw error
      terminal.writeError(errorParagraph(error))
      code = dockerCodeOf(error)
    }
    if (code !== 0) endWith(code)
  },
}

const after = `
The first word is a ROOTFS if it is an existing directory and contains a slash,
and an IMAGE if its name ends in .tar, .tar.gz or .tgz (docker save, OCI
layout). Otherwise it begins the command, which is a program of this machine.
What the container writes is removed together with the container.

A network may have Docker's long form: --net name=web,ip=10.0.0.9,alias=www,
with the fields name, ip, ip6, mac-address, gw-priority and alias.

Of each address family, the default route leads through the network with the
highest gateway priority (0 if none is given), among several through the first;
the ports are published there. Both move when that network is disconnected.

No resident process of netdojo would restart a container, so --restart accepts
only no. A supervisor can: systemd-run -p Restart=always netdojo run …

Examples:
  netdojo run -it -p 80:80 --net testbridge sh
  netdojo run -d --name web --net testbridge serve 80
  netdojo run --rm --net testbridge curl http://web/
  netdojo run --rm ./rootfs /bin/ls /
  netdojo run --rm alpine.tar cat /etc/os-release

Exit codes: the code of the program; 125 if the container could not be created,
126 if its program could not be started, 127 if there is no such program.`

/** @returns the exit code. */
async function runContainer(
  words: readonly string[],
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const { detach = false, dryRun = false } = options
  requireTerminal(options, terminal)
  // No name server answers in a sandbox: other names fail at once.
  const request = { ...(isInSandbox() ? { nameservers: [] } : {}), ...requestOf(words, options) }
  // Standard output belongs to the container.
  const print = (text: string) =>
    dryRun ? terminal.write(`${text}\n\n`) : terminal.writeError(`${text}\n\n`)
  return useContainers(
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
    options,
    print,
  )
}

function requireTerminal({ tty, interactive, detach }: Options, terminal: Terminal): void {
  if (!tty || detach || (terminal.inputIsTerminal && terminal.outputIsTerminal)) return
  throw usageError(
    '-t needs a terminal on both standard input and output',
    interactive ? 'leave -t away: -i alone works with pipes' : 'leave -t away',
  )
}

/** The exit codes of `docker run` for its own failures. */
function dockerCodeOf({ code }: NetdojoError): number {
  if (code === 'command-missing') return 127
  return code === 'command-unusable' ? 126 : 125
}

function requestOf(words: readonly string[], options: Options): RunContainerOptions {
  const { root, command } = split(words)
  const { name, workdir, hostname, entrypoint, dns, net = [], network = [] } = options
  const networks = [...net, ...network].filter((name) => name !== 'none')
  if (networks.length === 0) refuseWithoutNetwork(options)
  refuseRestart(options.restart)
  return {
    command,
    ...(root === undefined ? {} : { root }),
    networks: networks.map((text, index) => networkOf(text, index === 0 ? options : {})),
    ports: options.publish ?? [],
    aliases: [...(options.dnsAlias ?? []), ...(options.networkAlias ?? [])],
    env: Object.fromEntries((options.env ?? []).flatMap(variableOf)),
    volumes: (options.volume ?? []).map(volumeOf),
    extraHosts: options.addHost ?? [],
    labels: recordOf('--label', options.label),
    ...(name === undefined ? {} : { name }),
    ...(workdir === undefined ? {} : { workingDirectory: workdir }),
    ...(hostname === undefined ? {} : { hostname }),
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(dns === undefined ? {} : { nameservers: dns }),
    ...(options.logOpt ? { logOptions: recordOf('--log-opt', options.logOpt) } : {}),
    autoRemove: options.rm ?? false,
    terminal: options.tty ?? false,
    interactive: options.interactive ?? false,
  }
}

/** Unambiguous: a directory cannot be started, and no program has a name like `….tar`. */
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

/** Options of an address on a network: without a network they would have no effect. */
function refuseWithoutNetwork({ ip, ip6, macAddress, gwPriority }: Options): void {
  const all = { ip, ip6, 'mac-address': macAddress, 'gw-priority': gwPriority }
  const given = Object.entries(all).find(([, value]) => value !== undefined)
  if (!given) return
  throw usageError(
    `--${given[0]} must come with a network, and the container is on none`,
    'name a network: --net NETWORK',
  )
}

function refuseRestart(policy: string | undefined): void {
  if (policy === undefined || policy === 'no') return
  if (!/^(always|unless-stopped|on-failure(:\d+)?)$/.test(policy))
    throw usageError(
      `--restart must be no, and ${quoted(policy)} is not one of Docker's policies either`,
    )
  throw usageError(
    `--restart must be no, not ${quoted(policy)}: no resident process of netdojo would restart the container`,
    'let a supervisor restart it: systemd-run -p Restart=always netdojo run …',
    'or start it again by hand: netdojo start CONTAINER',
  )
}

const networkFields = ['name', 'ip', 'ip6', 'mac-address', 'gw-priority', 'alias']

/** Reads `NAME`, or Docker's long form `name=NAME,ip=ADDRESS,alias=NAME`. `--ip` and its like are for the first network. */
function networkOf(text: string, first: Options): ContainerNetworkOptions {
  const fields = text.includes('=')
    ? text.split(',').map((part) => pairOf('a field of --net', part))
    : [['name', text] as const]
  const unknown = fields.find(([field]) => !networkFields.includes(field))
  if (unknown)
    throw usageError(
      `a field of --net must be one of ${networkFields.join(', ')}, not ${quoted(unknown[0])}`,
    )
  const one = (field: string) => fields.find(([name]) => name === field)?.[1]
  const address = one('ip') ?? first.ip
  const address6 = one('ip6') ?? first.ip6
  const mac = one('mac-address') ?? first.macAddress
  const priority = one('gw-priority') ?? first.gwPriority
  return {
    name: one('name') ?? '',
    ...(address === undefined ? {} : { address }),
    ...(address6 === undefined ? {} : { address6 }),
    ...(mac === undefined ? {} : { mac }),
    ...(priority === undefined ? {} : { gatewayPriority: integerOf('--gw-priority', priority) }),
    aliases: fields.filter(([field]) => field === 'alias').map(([, name]) => name),
  }
}

/** A name alone takes the value from our own environment, and is left out if the environment lacks it. */
function variableOf(text: string): readonly (readonly [string, string])[] {
  if (text.includes('=')) return [pairOf('--env', text)]
  const value = process.env[text]
  return value === undefined ? [] : [[text, value]]
}

function volumeOf(text: string): string {
  const [source = '', ...rest] = text.split(':')
  if (source.includes('/')) return [resolve(source), ...rest].join(':')
  throw usageError(
    `the SOURCE of --volume must be a path with a slash, not ${quoted(source)}`,
    `there are no named volumes; a path in this directory is ./${source || 'NAME'}`,
  )
}
