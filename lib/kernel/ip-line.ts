// An operation of `ip`, as the line of `ip -batch` that a person would type after `ip`.
import type { LinkOperation, Operation } from './operation.ts'
import { word } from './word.ts'

/** @throws NetdojoError `usage` for a value that is not one word. */
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
    case 'remove-route':
      return ['route', 'delete', ...route(operation)]
    case 'announce':
      return ['neighbor', 'replace', operation.neighbour, 'dev', operation.link, 'use']
  }
}

type Kind<K extends LinkOperation['kind']> = Extract<LinkOperation, { kind: K }>

/**
 * `name` and `dev` are said everywhere: without them, `ip` takes an interface called `up` or `br` for an option.
 * MAC and group are given at creation: between two commands the link would be nobody's.
 */
function created({ link, mac, mtu, group }: Kind<'add-bridge' | 'add-veth'>) {
  return ['name', link, 'address', mac, ...(mtu === undefined ? [] : ['mtu', mtu]), 'group', group]
}

/**
 * The peer is made in its namespace: moving it there would wait 15 ms for the kernel's readers (RCU).
 * The kernel refuses `up` for a peer elsewhere: it is raised inside.
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
  // nodad: the address comes from our pool, and checking it for duplicates would keep it unusable for its first second.
  const noCheck = kind === 'add-address' && address.includes(':') ? ['nodad'] : []
  return [address, 'dev', link, ...noCheck]
}

function route({ to, via, link }: Kind<'add-route' | 'remove-route'>) {
  // `default` alone means IPv4; the whole of IPv6 has a name of its own.
  return [to === 'default' && via.includes(':') ? '::/0' : to, 'via', via, 'dev', link]
}

function onOff(on: boolean): string {
  return on ? 'on' : 'off'
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
