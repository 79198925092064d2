// Writes operations as lines of `ip -batch` and `bridge -batch`, runs neighbouring ones in one process on the host or in a namespace,
// and finds the refused ones in its messages.
import { NetdojoError } from '../../errors.ts'
import { run } from '../../exec/run.ts'
import {
  namedNamespace,
  word,
  type LinkOperation,
  type Operation,
  type RemoteOperation,
} from '../operation.ts'
import { isRuleOfIpv6, type Batch, type Refusal, type RunBatch } from '../plan.ts'

type IpOperation = LinkOperation | RemoteOperation

const ipKinds: ReadonlySet<string> = new Set<IpOperation['kind']>([
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
  'add-vxlan',
  'add-forwarding-entry',
  'replace-forwarding-entry',
  'remove-forwarding-entry',
  'add-neighbour',
  'replace-neighbour',
  'remove-neighbour',
])

export function isLink(operation: Operation): operation is IpOperation {
  return ipKinds.has(operation.kind)
}

/** The program of iproute2 that makes the change. */
export function ipProgram({ kind }: Operation): 'ip' | 'bridge' {
  return kind.endsWith('-forwarding-entry') ? 'bridge' : 'ip'
}

/** The words that a person would type after `ip` or `bridge`. @throws NetdojoError `usage` for a value that is not one word. */
export function ipLine(operation: IpOperation): string {
  return words(operation).map(word).join(' ')
}

function words(operation: IpOperation): readonly (string | number)[] {
  switch (operation.kind) {
    case 'add-bridge':
      return ['link', 'add', ...created(operation), 'type', 'bridge']
    case 'add-veth':
      return ['link', 'add', ...created(operation), ...veth(operation)]
    case 'add-vxlan':
      return ['link', 'add', ...created(operation), ...vxlan(operation)]
    case 'add-forwarding-entry':
      return ['fdb', 'add', ...forwardingEntry(operation), stateOf(operation)]
    case 'replace-forwarding-entry':
      return ['fdb', 'replace', ...forwardingEntry(operation), stateOf(operation)]
    case 'remove-forwarding-entry':
      return ['fdb', 'delete', ...forwardingEntry(operation)]
    case 'add-neighbour':
      return ['neighbor', 'add', ...neighbour(operation)]
    case 'replace-neighbour':
      return ['neighbor', 'replace', ...neighbour(operation)]
    case 'remove-neighbour':
      return ['neighbor', 'delete', operation.address, 'dev', operation.link]
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

type Kind<K extends IpOperation['kind']> = Extract<IpOperation, { kind: K }>

/**
 * `name` and `dev` always stand before an interface's name: `ip` reads an interface called `up` or `br` as an option otherwise.
 * MAC and group are given at creation, so that the link is recognisable from its first moment.
 */
function created({ link, mac, mtu, group }: Kind<'add-bridge' | 'add-veth' | 'add-vxlan'>) {
  return ['name', link, 'address', mac, ...(mtu === undefined ? [] : ['mtu', mtu]), 'group', group]
}

/**
 * Creates the peer in its namespace: moving it there would wait 15 ms for the kernel's readers (RCU).
 * The kernel refuses `up` for a peer in another namespace, so a later operation sets it up there.
 */
function veth({ bridge, peer, mtu, group }: Kind<'add-veth'>) {
  const mtuWords = mtu === undefined ? [] : ['mtu', mtu]
  const where = peer.netns === undefined ? ['group', group] : ['netns', peer.netns]
  const end = ['peer', 'name', peer.link, 'address', peer.mac, ...mtuWords, ...where]
  return ['master', bridge, 'type', 'veth', ...end]
}

/** Without `nolearning`, a forged packet could move the MAC of an endpoint to another host. */
function vxlan({ bridge, vni, port, local, device, proxy }: Kind<'add-vxlan'>) {
  const id = ['type', 'vxlan', 'id', within(vni, 'the VNI', 0xff_ff_ff)]
  const udp = ['dstport', within(port, 'the UDP port of a VXLAN device', 65_535), 'local', local]
  return [
    ...(bridge === undefined ? [] : ['master', bridge]),
    ...id,
    ...udp,
    ...(device === undefined ? [] : ['dev', device]),
    'nolearning',
    ...(proxy ? ['proxy'] : []),
  ]
}

/** A netlink message has room for larger numbers, which the kernel would cut off. */
function within(value: number, name: string, last: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= last) return value
  throw new NetdojoError({
    code: 'usage',
    operation: 'use',
    object: name,
    reason: `it must be a whole number from 1 to ${last}, not ${value}`,
  })
}

type ForwardingEntry = Extract<RemoteOperation, { destination?: string }>

/** `self` is the table of the device, `master` that of its bridge. */
function forwardingEntry({ mac, link, destination }: ForwardingEntry) {
  return destination === undefined
    ? [mac, 'dev', link, 'master']
    : [mac, 'dev', link, 'dst', destination, 'self']
}

/** A bridge takes the frames to a permanent entry for itself. */
function stateOf({ destination }: ForwardingEntry) {
  return destination === undefined ? 'static' : 'permanent'
}

function neighbour({ address, mac, link }: Extract<RemoteOperation, { address: string }>) {
  return [address, 'lladdr', mac, 'dev', link, 'nud', 'permanent']
}

function settings({ alias, linkLocal, up, port }: Kind<'set-link'>) {
  return [
    ...(alias === undefined ? [] : ['alias', alias]),
    ...(linkLocal === false ? ['addrgenmode', 'none'] : []),
    ...(up ? ['up'] : []),
    ...(port ? ['type', 'bridge_slave', 'hairpin', onOff(port.hairpin)] : []),
    ...(port ? ['isolated', onOff(port.isolated)] : []),
    ...(port?.learning === undefined ? [] : ['learning', onOff(port.learning)]),
    ...(port?.neighbourSuppression === undefined
      ? []
      : ['neigh_suppress', onOff(port.neighbourSuppression)]),
  ]
}

function address({ kind, address, link }: Kind<'add-address' | 'remove-address'>) {
  // nodad: the pool gives each address once, and a check for duplicates would make the address unusable for its first second.
  const noCheck = kind === 'add-address' && address.includes(':') ? ['nodad'] : []
  return [address, 'dev', link, ...noCheck]
}

function route({ to, via, link, onlink }: Kind<'add-route' | 'replace-route' | 'remove-route'>) {
  return [
    // `default` alone means IPv4.
    to === 'default' && via?.includes(':') ? '::/0' : to,
    ...(via === undefined ? [] : ['via', via]),
    'dev',
    link,
    ...(onlink ? ['onlink'] : []),
  ]
}

function policyRule({ to, priority }: Kind<'add-policy-rule' | 'remove-policy-rule'>) {
  return ['to', to, 'lookup', 'main', 'priority', priority]
}

function onOff(on: boolean): string {
  return on ? 'on' : 'off'
}

export const runIp: RunBatch = async (batch, options) => {
  const refusals: Refusal[] = []
  for (const part of partsOf(batch)) {
    refusals.push(...(await runPart(part, options)))
    if (refusals.length > 0 && !options.tolerant) break
  }
  return refusals
}

/**
 * The neighbouring operations that one process can apply. After a refused `ip neighbor`, `ip` exits without a line number, even with
 * `-force` (ipneigh_modify in ip/ipneigh.c): each of these gets a process of its own.
 */
function partsOf({ tool, netns, operations }: Batch): readonly Batch[] {
  const parts: (Batch & { readonly operations: Operation[] })[] = []
  for (const operation of operations) {
    const last = parts.at(-1)?.operations
    if (last?.[0] && !isAlone(operation) && !isAlone(last[0]) && sameProgram(last[0], operation))
      last.push(operation)
    else parts.push({ tool, netns, operations: [operation] })
  }
  return parts
}

function isAlone({ kind }: Operation): boolean {
  return kind.endsWith('-neighbour')
}

function sameProgram(one: Operation, other: Operation): boolean {
  return ipProgram(one) === ipProgram(other)
}

const runPart: RunBatch = async (batch, { signal, tolerant }) => {
  const lines = batch.operations.filter(isLink).map((operation) => `${ipLine(operation)}\n`)
  const [program, ...args] = ipCommand(batch, tolerant ?? false)
  const options = { input: lines.join(''), signal, stdout: false, allowFailure: true } as const
  const { exitCode, stderr } = await run(program, args, options)
  return exitCode === 0 ? [] : ipRefusals(batch.operations, stderr)
}

type CommandLine = readonly [program: string, ...args: string[]]

function ipCommand({ netns, operations }: Batch, tolerant: boolean): CommandLine {
  const batch = [...(tolerant ? ['-force'] : []), '-batch', '-']
  const program = operations[0] ? ipProgram(operations[0]) : 'ip'
  if (netns === undefined)
    return isRuleOfIpv6(operations[0]) ? ['ip', '-6', ...batch] : [program, ...batch]
  if (operations.some(({ kind }) => kind === 'set-sysctl'))
    return ['nsenter', `--net=${word(netns)}`, ...afterSysctls(operations, batch)]
  const name = namedNamespace(netns)
  // `ip -n` is one process; nsenter would be a second one.
  return name === undefined
    ? ['nsenter', `--net=${word(netns)}`, program, ...batch]
    : [program, '-n', word(name), ...batch]
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

/** `ip -batch` and `bridge -batch` print what is wrong, and then `Command failed FILE:LINE`. */
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
