// Checks why a node that has an address and heard the question for it does not answer: arp_process and arp_rcv, in their order.
import { message } from '../../../language/message.ts'
import type { Device } from '../node-state.ts'
import type { World } from '../world.ts'
import { holds } from '../question.ts'
import { qdiscLoss } from './counted.ts'
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
    ['rules against its answer', () => answerDropped(world, node, address, asker)],
    [
      message('the filters and the queueing discipline of tc on {name}', { name }),
      () => (device ? qdiscLoss(world, node, name) : null),
    ],
    [
      'duplicate address detection',
      () =>
        own && (own.tentative || own.duplicate)
          ? detection(own.duplicate, address, holder?.name ?? '')
          : null,
    ],
    [
      'arp_ignore',
      () => (address.includes(':') ? null : ignored(world, node, name, address, asker)),
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
          // Where the answer would leave by no cable, the route is at fault.
          remedy:
            filter === 1 && way?.device !== 'lo'
              ? `sysctl -w net.ipv4.conf.${name}.rp_filter=2`
              : null,
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

/** The answer is a packet of its own, and was dropped before it was seen on an interface. */
function answerDropped(
  world: World,
  node: string,
  address: string,
  asker: string,
): Finding | undefined {
  const answer = world.lower.find(
    (each) => each.node === node && each.key.startsWith(`arp answer ${address} ${asker} `),
  )
  return answer && lowerLoss(world, node, answer.key)
}

/** arp_ignore (ip-sysctl.rst), where the larger one of `all` and of the interface counts. */
function ignored(
  world: World,
  node: string,
  name: string,
  address: string,
  asker: string,
): Finding | undefined {
  const of = (scope: string) => world.sysctl(node, `net/ipv4/conf/${scope}/arp_ignore`)
  const value = Math.max(of('all'), of(name))
  const holders = (world.state(node)?.devices ?? []).flatMap((device) =>
    device.addresses.flatMap((own) => (own.address === address ? [{ device, own }] : [])),
  )
  const here = holders.find(({ device }) => device.name === name)
  const values = { value, name, address, asker, owner: holders[0]?.device.name ?? '?' }
  const isForeign = here && !holds(`${address}/${here.own.prefix}`, asker)
  const why =
    value === 8
      ? message('arp_ignore is 8: {name} answers for no address', values)
      : (value === 1 || value === 2) && !here
        ? message(
            'arp_ignore is {value}: {name} does not answer for {address}, which is on {owner}',
            values,
          )
        : value === 2 && isForeign
          ? message(
              'arp_ignore is 2: {name} does not answer {asker}, which is not in the subnet of {address}',
              values,
            )
          : value === 3 && holders.every(({ own }) => own.scope === 'host')
            ? message('arp_ignore is 3: {address} is only for the node itself (scope host)', values)
            : undefined
  if (!why) return undefined
  const setting = `net.ipv4.conf.${of('all') === value ? 'all' : name}.arp_ignore`
  const evidence = `sysctl ${setting} = ${value}`
  return { reason: 'ignored', why, evidence, remedy: `sysctl -w ${setting}=0` }
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
