// Prints the records of containers and networks as JSON, and the published ports of a container in Docker's form.
import { NetdojoError } from '../../errors.ts'
import type { ContainerRecord } from '../../index.ts'
import { endWith, errorParagraph, exitCodeOf, quoted, usageError } from '../shared/errors.ts'
import { stateDirectory } from '../shared/state-directory.ts'
import { compare, hostOf } from '../shared/port-texts.ts'
import type { CommandFile } from '../shared/command.ts'

/** Prints all that it finds, then an error for each word that names nothing. */
export const inspect: CommandFile = {
  define: (command) => {
    command
      .argument('<container...>', 'containers or networks: names, IDs, or the beginnings of IDs')
      .addHelpText('after', '\nExamples:\n  netdojo inspect web\n  netdojo inspect web testbridge')
  },
  run: async (terminal, words) => {
    const [{ knownRecords }, { findNetwork }] = await Promise.all([
      import('../shared/cluster.ts'),
      import('../shared/find.ts'),
    ])
    const containers = await allContainers()
    const { networks, endpoints, unanswered } = await knownRecords()
    // A container needs no etcd, but a network may be missing without it.
    const isOfNetworks = words.some((word) => !findContainer(containers, word))
    const errors: NetdojoError[] = unanswered && isOfNetworks ? [unanswered] : []
    const found = words.flatMap((word): readonly object[] => {
      try {
        const container = findContainer(containers, word)
        if (container) return [container]
        const network = findNetwork(networks, word)
        const own = endpoints.filter((endpoint) => endpoint.network === network.name)
        return [{ ...network, endpoints: own }]
      } catch (error) {
        if (!(error instanceof NetdojoError)) throw error
        errors.push(error.code === 'network-missing' ? nothing(word) : error)
        return []
      }
    })
    terminal.write(`${JSON.stringify(found, undefined, 4)}\n`)
    for (const error of errors) terminal.writeError(errorParagraph(error))
    if (errors[0]) endWith(exitCodeOf(errors[0]))
  },
}

export const port: CommandFile = {
  define: (command) => {
    command
      .argument('<container>', 'a name, an ID, or the beginning of an ID')
      .argument('[port]', 'a port of the container: 80 or 53/udp (default: all)')
      .addHelpText('after', '\nExamples:\n  netdojo port web\n  netdojo port web 80/tcp')
  },
  run: async (terminal, [name = '', wanted]) => {
    const container = findContainer(await allContainers(), name)
    if (!container) throw nothing(name, 'container')
    const ports = container.ports.toSorted(
      (a, b) => a.port - b.port || a.protocol.localeCompare(b.protocol) || compare(a, b),
    )
    if (wanted === undefined)
      return terminal.write(
        ports
          .map((each) => `${each.port}/${each.protocol} -> ${hostOf(each)}:${each.hostPort}\n`)
          .join(''),
      )
    if (!/^\d{1,5}(\/(tcp|udp|sctp))?$/.test(wanted))
      throw usageError(`the port must be PORT or PORT/PROTOCOL, not ${quoted(wanted)}`)
    const [number, protocol = 'tcp'] = wanted.split('/')
    const found = ports.filter((each) => each.port === Number(number) && each.protocol === protocol)
    if (found.length === 0) throw notPublished(container, `${number}/${protocol}`)
    return terminal.write(found.map((each) => `${hostOf(each)}:${each.hostPort}\n`).join(''))
  },
}

/** The records as they are now; if the owner of a container has died, that container is finished first. */
async function allContainers(): Promise<readonly ContainerRecord[]> {
  const { readContainers } = await import('../../container/read-containers.ts')
  const containers = await readContainers(stateDirectory())
  if (containers) return containers
  const { useContainers } = await import('../shared/containers.ts')
  return useContainers((all) => all.list())
}

/** @throws NetdojoError `container-missing` when several ids begin with the word */
function findContainer(
  containers: readonly ContainerRecord[],
  word: string,
): ContainerRecord | undefined {
  const named = containers.find(({ name, id }) => name === word || id === word)
  if (named || word === '') return named
  const begun = containers.filter(({ id }) => id.startsWith(word))
  if (begun.length < 2) return begun[0]
  throw new NetdojoError({
    code: 'container-missing',
    operation: 'find the container',
    object: quoted(word),
    reason: `${begun.length} containers have an id that begins with ${quoted(word)}`,
    advice: [`give more of the id: ${begun.map(({ id, name }) => `${id} (${name})`).join(', ')}`],
  })
}

function nothing(word: string, kind = 'container or network'): NetdojoError {
  return new NetdojoError({
    code: 'container-missing',
    operation: 'find',
    object: quoted(word),
    reason: `no ${kind} has this name, or an id that begins with it`,
    advice: ['netdojo ps -a lists the containers, netdojo network ls the networks'],
  })
}

function notPublished({ name, status }: ContainerRecord, port: string): NetdojoError {
  return new NetdojoError({
    code: 'port-unusable',
    operation: 'show',
    object: `the port ${port} of the container ${name}`,
    reason: status === 'running' ? 'it is not published' : 'the container is not running',
    advice: [`netdojo port ${name} shows the published ports`],
  })
}
