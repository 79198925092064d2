// Writes `ip` operations as lines of `ip -batch`, runs them in one process on the host or in a namespace, and finds the refused
// ones in its messages.
import { run } from '../../exec/run.ts'
import { namedNamespace, word, type LinkOperation, type Operation } from '../operation.ts'
import { isRuleOfIpv6, type Batch, type Refusal, type RunBatch } from '../plan.ts'

const ipKinds: ReadonlySet<string> = new Set<LinkOperation['kind']>([
  'add-bridge',
  'add-veth',
  'set-link',
  'remove-link',
  'add-address',
  'remove-address',
  'add-route',
  'replace-route',
  'remove-route',
  'add-policy-rule',
  'remove-policy-rule',
  'announce',
])

export function isLink(operation: Operation): operation is LinkOperation {
  return ipKinds.has(operation.kind)
}

/** The words that a person would type after `ip`. @throws NetdojoError `usage` for a value that is not one word. */
export function ipLine(operation: LinkOperation): string {
  return words(operation).map(word).join(' ')
}

function words(operation: LinkOperation): readonly (string | number)[] {
  switch (operation.kind) {
    case 'add-bridge':
      return ['link', 'add', ...created(operation), 'type', 'bridge']
    case 'add-veth':
      return ['link', 'add', ...created(operation), ...veth(operation)]
    case 'set-link':
      return ['link', 'set', 'dev', operation.link, ...settings(operation)]
    case 'remove-link':
      return ['link', 'delete', 'dev', operation.link]
    case 'add-address':
      return ['address', 'add', ...address(operation)]
    case 'remove-address':
      return ['address', 'delete', ...address(operation)]
    case 'add-route':
      return ['route', 'add', ...route(operation)]
    case 'replace-route':
      return ['route', 'replace', ...route(operation)]
    case 'remove-route':
      return ['route', 'delete', ...route(operation)]
    case 'add-policy-rule':
      return ['rule', 'add', ...policyRule(operation)]
    case 'remove-policy-rule':
      return ['rule', 'delete', ...policyRule(operation)]
    case 'announce':
      return ['neighbor', 'replace', operation.neighbour, 'dev', operation.link, 'use']
  }
}

type Kind<K extends LinkOperation['kind']> = Extract<LinkOperation, { kind: K }>

/**
 * `name` and `dev` always stand before an interface's name: `ip` reads an interface called `up` or `br` as an option otherwise.
 * MAC and group are given at creation, so that the link is recognisable from its first moment.
 */
function created({ link, mac, mtu, group }: Kind<'add-bridge' | 'add-veth'>) {
  return ['name', link, 'address', mac, ...(mtu === undefined ? [] : ['mtu', mtu]), 'group', group]
}

/**
 * Creates the peer in its namespace: moving it there would wait 15 ms for the kernel's readers (RCU).
 * The kernel refuses `up` for a peer in another namespace, so a later operation sets it up there.
 */
function veth({ bridge, peer, mtu }: Kind<'add-veth'>) {
  const mtuWords = mtu === undefined ? [] : ['mtu', mtu]
  const end = ['peer', 'name', peer.link, 'address', peer.mac, ...mtuWords, 'netns', peer.netns]
  return ['master', bridge, 'type', 'veth', ...end]
}

function settings({ alias, linkLocal, up, port }: Kind<'set-link'>) {
  return [
    ...(alias === undefined ? [] : ['alias', alias]),
    ...(linkLocal === false ? ['addrgenmode', 'none'] : []),
    ...(up ? ['up'] : []),
    ...(port ? ['type', 'bridge_slave', 'hairpin', onOff(port.hairpin)] : []),
    ...(port ? ['isolated', onOff(port.isolated)] : []),
  ]
}

function address({ kind, address, link }: Kind<'add-address' | 'remove-address'>) {
  // nodad: the pool gives each address once, and a check for duplicates would make the address unusable for its first second.
  const noCheck = kind === 'add-address' && address.includes(':') ? ['nodad'] : []
  return [address, 'dev', link, ...noCheck]
}

function route({ to, via, link }: Kind<'add-route' | 'replace-route' | 'remove-route'>) {
  // `default` alone means IPv4.
  return [to === 'default' && via.includes(':') ? '::/0' : to, 'via', via, 'dev', link]
}

function policyRule({ to, priority }: Kind<'add-policy-rule' | 'remove-policy-rule'>) {
  return ['to', to, 'lookup', 'main', 'priority', priority]
}

function onOff(on: boolean): string {
  return on ? 'on' : 'off'
}

export const runIp: RunBatch = async (batch, { signal, tolerant }) => {
  const lines = batch.operations.filter(isLink).map((operation) => `${ipLine(operation)}\n`)
  const [program, ...args] = ipCommand(batch, tolerant ?? false)
  const options = { input: lines.join(''), signal, stdout: false, allowFailure: true } as const
  const { exitCode, stderr } = await run(program, args, options)
  return exitCode === 0 ? [] : ipRefusals(batch.operations, stderr)
}

type CommandLine = readonly [program: string, ...args: string[]]

function ipCommand({ netns, operations }: Batch, tolerant: boolean): CommandLine {
  const batch = [...(tolerant ? ['-force'] : []), '-batch', '-']
  if (netns === undefined)
    return isRuleOfIpv6(operations[0]) ? ['ip', '-6', ...batch] : ['ip', ...batch]
  if (operations.some(({ kind }) => kind === 'set-sysctl'))
    return ['nsenter', `--net=${word(netns)}`, ...afterSysctls(operations, batch)]
  const name = namedNamespace(netns)
  // `ip -n` is one process; nsenter would be a second one.
  return name === undefined
    ? ['nsenter', `--net=${word(netns)}`, 'ip', ...batch]
    : ['ip', '-n', word(name), ...batch]
}

/** Sets the sysctls in its arguments, skips those that this kernel lacks, and becomes `ip`: one process enters the namespace. */
const setSysctls =
  'for pair; do [ ! -e "/proc/sys/${pair%%=*}" ] || echo "${pair#*=}" >"/proc/sys/${pair%%=*}" || exit 1; done'

function afterSysctls(operations: readonly Operation[], batch: readonly string[]) {
  const pairs = operations
    .filter((operation) => operation.kind === 'set-sysctl')
    .map(({ key, value }) => `${word(key)}=${word(value)}`)
  return ['sh', '-c', `${setSysctls}; exec ip ${batch.join(' ')}`, 'sh', ...pairs]
}

/** `ip -batch` prints what is wrong, and then `Command failed FILE:LINE`. */
function ipRefusals(operations: readonly Operation[], stderr: string): readonly Refusal[] {
  const refusals: Refusal[] = []
  const asked = operations.some(isLink) ? operations.filter(isLink) : operations
  let message: string[] = []
  for (const line of stderr.split('\n')) {
    const [, number] = /^Command failed -:(\d+)/.exec(line) ?? []
    const operation = asked[Number(number) - 1]
    if (operation === undefined) message.push(line)
    else {
      refusals.push({ operation, message: message.join('\n'), program: 'ip' })
      message = []
    }
  }
  const rest = message
    .filter((line) => line !== '' && !line.startsWith('Command failed'))
    .join('\n')
  const operation = operationOf(asked, rest)
  if (refusals.length === 0 && operation !== undefined && rest !== '')
    refusals.push({ operation, message: rest, program: 'ip' })
  return refusals
}

/** At an argument that it cannot read, `ip` stops without a line number, but quotes the argument. */
function operationOf(operations: readonly Operation[], message: string): Operation | undefined {
  const argument = /argument "([^"]*)" is wrong/.exec(message)?.[1]
  const hasArgument = (operation: Operation) =>
    argument !== undefined && isLink(operation) && ipLine(operation).split(' ').includes(argument)
  return operations.find(hasArgument) ?? operations.at(-1)
}
