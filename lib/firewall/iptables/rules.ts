// Expresses networks and published ports as iptables rules; the rules of one network do not depend on the order of another's.
import { existsSync } from 'node:fs'
import { engineInterfaces, linkGroup, type Forward, type NetworkRules } from '../firewall.ts'
import { families, type ChainNames, type Ipv, type Rule } from './chains.ts'

export function networkRules(names: ChainNames, network: NetworkRules): readonly Rule[] {
  return families().flatMap((ipv) =>
    forwardRules(names, network, ipv).concat(leavingRules(names, network, ipv)),
  )
}

export function forwardRule(names: ChainNames, forward: Forward): Rule {
  const { protocol, hostAddress, hostPort, address, port } = forward
  const isSix = address.includes(':')
  const to = hostAddress === undefined ? [] : ['-d', `${hostAddress}/${isSix ? 128 : 32}`]
  const matches = ['-p', protocol, '-m', protocol, '--dport', String(hostPort)]
  const target = isSix ? `[${address}]:${port}` : `${address}:${port}`
  return {
    ipv: isSix ? 6 : 4,
    table: 'nat',
    chain: names.ports,
    words: [...to, ...matches, '-j', 'DNAT', '--to-destination', target],
  }
}

/** See the chain `others` of nftables/table.ts. */
export function guardRules(names: ChainNames, ipv: Ipv): readonly Rule[] {
  const group = `0x${linkGroup.toString(16)}`
  const returns = [
    ['-m', 'devgroup', '--src-group', group],
    ['-m', 'devgroup', '--dst-group', group],
    ...engineInterfaces.flatMap((name) => [
      ['-i', `${name}+`, '!', '-o', `${name}+`],
      ['!', '-i', `${name}+`, '-o', `${name}+`],
    ]),
    // The match loads br_netfilter, so it stands only where that is loaded.
    ...(existsSync('/proc/sys/net/bridge') ? [['-m', 'physdev', '--physdev-is-bridged']] : []),
  ]
  const at = { ipv, table: 'filter', chain: names.others } as const
  return [
    ...returns.map((words) => Object.assign({ words: [...words, '-j', 'RETURN'] }, at)),
    { ...at, words: ['-j', 'DROP'] },
  ]
}

function forwardRules(names: ChainNames, network: NetworkRules, ipv: Ipv): readonly Rule[] {
  const { bridge, internal, internalTraffic } = network
  const rule = (chain: string, ...words: string[]): Rule => ({ ipv, table: 'filter', chain, words })
  return [
    ...sourceRules(names, network, ipv),
    // Packets that leave an internal network are dropped before another network's rules accept them.
    // Of the host's addresses an internal network reaches only those of its own bridge.
    ...(internal ? [rule(names.input, ...toOtherAddresses(bridge, ipv), '-j', 'DROP')] : []),
    ...(internal ? [rule(names.from, '-i', bridge, '!', '-o', bridge, '-j', 'DROP')] : []),
    ...(internalTraffic ? [rule(names.to, '-i', bridge, '-o', bridge, '-j', 'ACCEPT')] : []),
    ...(internal
      ? []
      : [
          rule(names.to, '-o', bridge, ...state('RELATED', 'ESTABLISHED'), '-j', 'ACCEPT'),
          rule(names.to, '-o', bridge, ...state('DNAT'), '-j', 'ACCEPT'),
        ]),
    rule(names.to, '-o', bridge, '-j', 'DROP'),
  ]
}

/** Of IPv6 the match can name only one type (xt_addrtype.c). */
function toOtherAddresses(bridge: string, ipv: Ipv): readonly string[] {
  const notGroups = ipv === 4 ? [] : ['!', '-d', 'ff00::/8']
  const own = ipv === 4 ? 'LOCAL,BROADCAST,MULTICAST' : 'LOCAL'
  const other = ['-m', 'addrtype', '!', '--dst-type', own, '--limit-iface-in']
  return [...notGroups, '-i', bridge, ...other]
}

/** No packet leaves a network with a source outside of its subnets. Within a network iptables cannot check sources. */
function sourceRules(names: ChainNames, network: NetworkRules, ipv: Ipv): readonly Rule[] {
  if (network.anySource) return []
  const own = subnetsOf(network, ipv)
  return own.map((subnet) => ({
    ipv,
    table: 'filter',
    chain: names.from,
    words: ['!', '-s', subnet, '-i', network.bridge, '!', '-o', network.bridge, '-j', 'DROP'],
  }))
}

function subnetsOf({ subnets }: NetworkRules, ipv: Ipv): readonly string[] {
  return subnets.filter((subnet) => subnet.includes(':') === (ipv === 6))
}

/**
 * Rules for packets into a network are inserted at the top, so the last one is matched first; rules for packets out are
 * appended.
 */
function leavingRules(names: ChainNames, network: NetworkRules, ipv: Ipv): readonly Rule[] {
  const { bridge, masquerade, internal } = network
  const own = subnetsOf(network, ipv)
  const at = { ipv, table: 'nat', chain: names.leaving } as const
  return [
    { ...at, first: true, words: ['-o', bridge, '-j', 'RETURN'] },
    // From the host's 127.0.0.1, to which no container can reply.
    ...(ipv === 4
      ? [{ ...at, first: true, words: masquerades('-s', '127.0.0.0/8', '-o', bridge) }]
      : []),
    // A container that connects to a port published by its own network.
    ...own.map((subnet) => {
      const hairpin = ['-s', subnet, '-o', bridge, ...state('DNAT')]
      return Object.assign({ first: true, words: masquerades(...hairpin) }, at)
    }),
    ...(masquerade && !internal
      ? own.map((subnet) => Object.assign({ words: masquerades('-s', subnet) }, at))
      : []),
  ]
}

function state(...states: readonly string[]): readonly string[] {
  return ['-m', 'conntrack', '--ctstate', states.join(',')]
}

function masquerades(...words: readonly string[]): readonly string[] {
  return [...words, '-j', 'MASQUERADE']
}
