// Checks why a node that has an address and heard the question for it does not answer: arp_process and arp_rcv, in their order.
import { message } from '../../../language/message.ts'
import type { Device } from '../node-state.ts'
import type { World } from '../world.ts'
import { type Check, type Finding } from './finding.ts'
import { lowerLoss } from './lower.ts'
import { asked } from './route-loss.ts'

/** arp_process and arp_rcv, in the order in which they refuse. */
export function ownerChecks(
  world: World,
  node: string,
  device: Device | undefined,
  address: string,
  asker: string,
  key: string | undefined,
): readonly Check[] {
  const name = device?.name ?? ''
  const sysctl = (option: string) =>
    Math.max(
      world.sysctl(node, `net/ipv4/conf/all/${option}`),
      world.sysctl(node, `net/ipv4/conf/${name}/${option}`),
    )
  const holder = world.addressOn(node, address)
  const own = holder?.addresses.find((each) => each.address === address)
  const arpOff: Finding = {
    reason: 'ignored',
    why: message('ARP is off on {name}', { name }),
    evidence: `ip link show ${name}: NOARP`,
    remedy: `ip link set ${name} arp on`,
  }
  const question = { node, destination: address, source: asker, input: name }
  const back = { node, destination: asker }
  return [
    ['arp off', () => (device && !device.arp ? arpOff : null)],
    ['rules of the family arp (arptables)', () => lowerLoss(world, node, key)],
    [
      'duplicate address detection',
      () =>
        own && (own.tentative || own.duplicate)
          ? detection(own.duplicate, address, holder?.name ?? '')
          : null,
    ],
    [
      'arp_ignore',
      () => {
        const value = sysctl('arp_ignore')
        if (
          address.includes(':') ||
          value === 0 ||
          (value < 8 && holder?.name === name && value === 1)
        )
          return null
        const why = message(
          'arp_ignore is {value}: {name} does not answer for {address}, which is on {name2}',
          { value, name, address, name2: holder?.name ?? message('another interface') },
        )
        const scope = world.sysctl(node, 'net/ipv4/conf/all/arp_ignore') > 0 ? 'all' : name
        const setting = `net.ipv4.conf.${scope}.arp_ignore`
        return {
          reason: 'ignored',
          why,
          evidence: `sysctl ${setting} = ${value}`,
          remedy: `sysctl -w ${setting}=0`,
        }
      },
    ],
    [
      'rp_filter and martians',
      () => {
        if (address.includes(':')) return null
        const answer = world.route(question)
        if (answer?.error === undefined) return null
        const filter = sysctl('rp_filter')
        const way = world.route(back)
        if (world.isOwn(node, asker))
          return {
            reason: 'martian',
            why: message('the question comes from {address}, which {node} has itself', {
              address: asker,
              node,
            }),
            evidence: asked(question, answer),
          }
        if (filter === 0) return null
        return {
          reason: 'reverse-path-filter',
          why: message(
            'rp_filter refuses what comes from {address} by {name}, since an answer would leave by {name2}',
            { address: asker, name, name2: way?.device ?? message('no interface') },
          ),
          evidence: `rp_filter of ${name} is ${filter}; ${asked(question, answer)}`,
          remedy: filter === 1 ? `sysctl -w net.ipv4.conf.${name}.rp_filter=2` : null,
        }
      },
    ],
    [
      'arp_filter',
      () => {
        if (address.includes(':') || sysctl('arp_filter') === 0) return null
        const way = world.route({ node, destination: asker, source: address })
        if (way?.error === undefined && way?.device === name) return null
        return {
          reason: 'ignored',
          why: message(
            'arp_filter is 1: an answer to {address} would leave by {name}, not by {name2}',
            { address: asker, name: way?.device ?? message('no interface'), name2: name },
          ),
          evidence: `sysctl net.ipv4.conf.${name}.arp_filter = 1; ${asked(back, way)}`,
          remedy: `sysctl -w net.ipv4.conf.${name}.arp_filter=0 net.ipv4.conf.all.arp_filter=0`,
        }
      },
    ],
  ]
}

function detection(duplicate: boolean, address: string, name: string): Finding {
  return {
    reason: 'ignored',
    why: duplicate
      ? message(
          'somebody else has {address}, too: duplicate address detection took it out of use',
          { address },
        )
      : message(
          '{address} is not in use yet: the kernel still looks whether anybody else has it (tentative)',
          { address },
        ),
    evidence: `ip address show ${name}: ${address} ${duplicate ? 'dadfailed' : 'tentative'}`,
  }
}
