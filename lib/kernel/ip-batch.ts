// Runs a batch of `ip` lines in one process, which enters the namespace first when the batch is about one.
import { feed } from '../exec/feed.ts'
import type { RunBatch } from './batch-applier.ts'
import type { Batch } from './batch.ts'
import { namedNamespace } from './command.ts'
import { ipLine } from './ip-line.ts'
import type { LinkOperation, Operation, SysctlOperation } from './operation.ts'
import type { Refusal } from './refusal.ts'
import { word } from './word.ts'

/**
 * Sets the switches that it gets as arguments and becomes `ip`, in the one process that enters the namespace.
 * A switch that this kernel does not have (no IPv6) has nothing to switch.
 */
const setSwitches =
  'for pair; do [ ! -e "/proc/sys/${pair%%=*}" ] || echo "${pair#*=}" >"/proc/sys/${pair%%=*}" || exit 1; done'

export const ipBatch: RunBatch = async ({ netns, operations }, { signal, tolerant }) => {
  const switches = operations.filter((operation) => operation.kind === 'set-sysctl')
  const lines = operations.filter(isLink)
  const batch = [...(tolerant ? ['-force'] : []), '-batch', '-']
  const [program = '', ...args] = commandLine(netns, switches, batch)
  const input = lines.map((operation) => `${ipLine(operation)}\n`).join('')
  const { exitCode, stderr } = await feed(program, args, input, signal)
  return exitCode === 0 ? [] : ipRefusals(lines.length > 0 ? lines : operations, stderr)
}

function commandLine(
  netns: Batch['netns'],
  switches: readonly SysctlOperation[],
  batch: readonly string[],
): readonly string[] {
  if (netns === undefined) return ['ip', ...batch]
  const name = namedNamespace.exec(netns)?.[1]
  // The shortest way in, for a namespace that `ip netns` knows, when there is only work for `ip`.
  if (name !== undefined && switches.length === 0) return ['ip', '-n', word(name), ...batch]
  const enter = ['nsenter', `--net=${word(netns)}`]
  if (switches.length === 0) return [...enter, 'ip', ...batch]
  const pairs = switches.map(({ key, value }) => `${word(key)}=${word(value)}`)
  return [...enter, 'sh', '-c', `${setSwitches}; exec ip ${batch.join(' ')}`, 'sh', ...pairs]
}

export function isLink(operation: Operation): operation is LinkOperation {
  return ipKinds.has(operation.kind)
}

const ipKinds: ReadonlySet<string> = new Set<LinkOperation['kind']>([
  'add-bridge',
  'add-veth',
  'set-link',
  'remove-link',
  'add-address',
  'remove-address',
  'add-route',
  'remove-route',
  'announce',
])

/** `ip` says what is wrong and then `Command failed -:LINE`; words without such an end are about the start of it all. */
function ipRefusals(operations: readonly Operation[], stderr: string): readonly Refusal[] {
  const refusals: Refusal[] = []
  let message: string[] = []
  for (const line of stderr.split('\n')) {
    const failedLine = /^Command failed -:(\d+)/.exec(line)?.[1]
    const operation = operations[Number(failedLine) - 1]
    if (operation === undefined) message.push(line)
    else {
      refusals.push({ operation, message: message.join('\n') })
      message = []
    }
  }
  const said = message.join('\n')
  const operation = operationOf(operations, said)
  if (refusals.length === 0 && operation !== undefined) refusals.push({ operation, message: said })
  return refusals
}

/** At an argument that it cannot read, `ip` ends at once without a line number, but quotes the argument. */
function operationOf(operations: readonly Operation[], said: string): Operation | undefined {
  const argument = /argument "([^"]*)" is wrong/.exec(said)?.[1]
  const isAbout = (operation: Operation) =>
    argument !== undefined && isLink(operation) && ipLine(operation).split(' ').includes(argument)
  return operations.find(isAbout) ?? operations[0]
}
