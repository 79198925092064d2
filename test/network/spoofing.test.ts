// Checks that frames leave a container only with its own addresses as their source; each attack succeeds on a network that allows it.
import * as assert from 'uvu/assert'
import { openNetworks, type Network } from '../../lib/index.ts'
import { newDirectory } from '../helpers/directory.ts'
import { advertisement, arp, digits, ethernet, probe6, sendFrame, udp4 } from '../helpers/frames.ts'
import { until } from '../helpers/until.ts'
import { networkSuite } from '../helpers/networks.ts'
import { sh } from '../helpers/sandbox.ts'
import { ask, namespace, pings, serve } from '../helpers/talk.ts'

const everyone = 'ff:ff:ff:ff:ff:ff'
const other = '02:00:00:00:00:99'
const [net, net6] = ['10.81.0', 'fd81::']
const [mine, victims] = [`${net}.2`, `${net}.3`]

networkSuite('spoofing', (test) => {
  for (const loose of [false, true])
    test(`${loose ? 'with' : 'without'} any-source, frames with another source ${loose ? 'arrive' : 'are dropped'}, and its own arrive`, async () => {
      await using opened = await open(loose)
      const { attacker, victim, macs } = opened
      const [own = '', gateway = ''] = macs
      const frames: Readonly<Record<string, readonly [frame: string, match: string]>> = {
        'an IPv4 address of the network': [
          ethernet(everyone, own, '0800', udp4(`${net}.9`, victims)),
          `ip saddr ${net}.9`,
        ],
        'an IPv4 address of elsewhere': [
          ethernet(everyone, own, '0800', udp4('8.8.8.8', victims)),
          'ip saddr 8.8.8.8',
        ],
        'a MAC address': [
          ethernet(everyone, other, '0800', udp4(mine, victims)),
          `ether saddr ${other}`,
        ],
        'an ARP announcement of the gateway': [
          ethernet(
            everyone,
            own,
            '0806',
            arp(2, { mac: own, address: `${net}.1` }, { mac: everyone, address: `${net}.1` }),
          ),
          `arp saddr ip ${net}.1 arp operation reply`,
        ],
        'an ARP message with another MAC in it': [
          ethernet(
            everyone,
            own,
            '0806',
            arp(1, { mac: other, address: mine }, { mac: everyone, address: victims }),
          ),
          `arp saddr ether ${other}`,
        ],
        'an ARP announcement behind a tag of VLAN 0': [
          ethernet(
            everyone,
            own,
            '8100',
            `00000806${arp(2, { mac: own, address: `${net}.8` }, { mac: everyone, address: `${net}.8` })}`,
          ),
          `ether saddr ${own} ether type 8021q`,
        ],
        'a neighbour advertisement of the gateway': [
          ethernet(
            '33:33:00:00:00:01',
            own,
            '86dd',
            advertisement(`${net6}2`, 'ff02::1', `${net6}1`, own),
          ),
          `ip6 saddr ${net6}2 icmpv6 type nd-neighbor-advert @th,64,128 0x${digits(`${net6}1`)}`,
        ],
        'an IPv6 address': [
          ethernet(
            '33:33:00:00:00:01',
            own,
            '86dd',
            advertisement(`${net6}1`, 'ff02::1', `${net6}1`, own),
          ),
          `ip6 saddr ${net6}1 icmpv6 type nd-neighbor-advert`,
        ],
        'a link-local address': [
          ethernet(
            '33:33:00:00:00:01',
            own,
            '86dd',
            advertisement('fe80::77', 'ff02::1', 'fe80::77', own),
          ),
          'ip6 saddr fe80::77',
        ],
        'a probe for the address of another': [
          ethernet('33:33:00:00:00:01', own, '86dd', probe6(`${net6}3`)),
          `ip6 saddr :: @th,64,128 0x${digits(`${net6}3`)}`,
        ],
      }
      const allowed: typeof frames = {
        'a packet of its own': [
          ethernet(everyone, own, '0800', udp4(mine, victims)),
          `ether saddr ${own} ip saddr ${mine}`,
        ],
        'an ARP probe': [
          ethernet(
            everyone,
            own,
            '0806',
            arp(1, { mac: own, address: '0.0.0.0' }, { mac: everyone, address: mine }),
          ),
          'arp saddr ip 0.0.0.0',
        ],
        'an announcement of its own': [
          ethernet(
            '33:33:00:00:00:01',
            own,
            '86dd',
            advertisement(`${net6}2`, 'ff02::1', `${net6}2`, own),
          ),
          `ip6 saddr ${net6}2 @th,64,128 0x${digits(`${net6}2`)}`,
        ],
      }
      const arrived = (all: typeof frames) => {
        watch(victim, all)
        for (const [frame] of Object.values(all)) sendFrame(attacker, frame)
        return seen(victim, all)
      }
      assert.equal(arrived(frames), loose ? Object.keys(frames) : [])
      assert.equal(arrived(allowed), Object.keys(allowed))
      // What the poison is for: the victim sends to the attacker what is meant for the gateway.
      const neighbour = sh(`ip -n victim neighbour show ${net}.1`)
      assert.is(neighbour.includes(own), loose, neighbour)
      assert.is(neighbour.includes(gateway), !loose, neighbour)
    })

  test('no spoofed source leaves for the Internet, and IPv4 and IPv6 work', async () => {
    await using opened = await open(false)
    const { attacker, victim, macs } = opened
    const [own = '', gateway = ''] = macs
    const outside = '/run/netns/outside'
    const all = { x: ['', 'ip saddr 192.0.2.66'] as const }
    const arrives = () => {
      watch(outside, all, 'wan')
      sendFrame(attacker, ethernet(gateway, own, '0800', udp4('192.0.2.66', '198.51.100.1')))
      return seen(outside, all)
    }
    assert.equal(arrives(), [])
    assert.ok(pings(attacker, '198.51.100.1'))
    assert.ok(pings(attacker, victims))
    assert.ok(pings(attacker, `${net6}3`))
    assert.ok(pings(victim, `${net6}1`))
    const addresses = () =>
      sh('for n in attacker victim; do ip -n $n -6 address show dev eth0; done')
    assert.ok(await until(() => !/dadfailed|tentative/.test(addresses()), 5), addresses())
    const [linkLocal = ''] =
      /fe80::[0-9a-f:]+/.exec(sh('ip -n victim -6 address show dev eth0')) ?? []
    assert.ok(pings(attacker, `${linkLocal}%eth0`), 'by its link-local address')
    // The same with the rules removed.
    sh('nft flush chain bridge netdojo sources')
    assert.equal(arrives(), ['x'])
    assert.equal((await opened.networks.reconcile()).repaired, [
      'Restore the firewall from the records',
    ])
    assert.equal(arrives(), [])
  })

  for (const firewall of ['nftables', 'iptables'] as const)
    test(`${firewall}, internal: of the host’s addresses only those of its own bridge answer`, async () => {
      await using stack = new AsyncDisposableStack()
      const networks = stack.use(await openNetworks({ stateDirectory: newDirectory(), firewall }))
      const subnets = { subnet: `${net}.0/24`, subnet6: `${net6}/64` }
      const internal = await networks.create({ name: 'in', ...subnets, internal: true })
      const other = await networks.create({ name: 'web', subnet: '10.82.0.0/24' })
      const [inner, web] = [namespace('inner'), namespace('web')]
      await internal.connect({ netns: inner })
      await other.connect({ netns: web, ports: ['8080:80'] })
      stack.use(await serve(undefined, 'host', 7000))
      stack.use(await serve(web, 'web', 80))
      // As root of its namespace it can add the route that it was not given.
      sh(`ip -n inner route add default via ${net}.1; ip -n inner route add default via ${net6}1`)
      const host = [ask(inner, `${net}.1`, 7000), ask(inner, `${net6}1`, 7000)]
      assert.equal(host, [`host sees ${mine}`, `host sees ${net6}2`])
      const answers = () => [
        ask(inner, '203.0.113.2', 7000),
        ask(inner, '2001:db8:113::2', 7000),
        ask(inner, '10.82.0.1', 7000),
        ask(inner, '203.0.113.2', 8080),
        ask(inner, `${net}.1`, 8080),
      ]
      assert.equal(answers(), [undefined, undefined, undefined, undefined, undefined])
      if (firewall === 'iptables') sh('iptables -F INPUT; ip6tables -F INPUT')
      else sh('nft flush chain inet netdojo input')
      assert.equal(answers(), [
        `host sees ${mine}`,
        `host sees ${net6}2`,
        `host sees ${mine}`,
        undefined,
        undefined,
      ])
      await networks.reconcile()
      assert.equal(answers(), [undefined, undefined, undefined, undefined, undefined])
    })

  test('iptables: no source of another subnet leaves for the Internet', async () => {
    await using stack = new AsyncDisposableStack()
    const networks = stack.use(
      await openNetworks({ stateDirectory: newDirectory(), firewall: 'iptables' }),
    )
    for (const loose of [false, true]) {
      const network = await networks.create({
        name: 'n',
        subnet: `${net}.0/24`,
        options: { 'any-source': String(loose) },
      })
      const attacker = namespace('attacker')
      const { mac } = await network.connect({ netns: attacker })
      const gateway = sh(`cat /sys/class/net/${network.interface}/address`).trim()
      const all = { x: ['', 'ip saddr 192.0.2.66'] as const }
      watch('/run/netns/outside', all, 'wan')
      sendFrame(attacker, ethernet(gateway, mac, '0800', udp4('192.0.2.66', '198.51.100.1')))
      assert.equal(seen('/run/netns/outside', all), loose ? ['x'] : [])
      assert.ok(pings(attacker, '198.51.100.1'))
      await network.remove({ force: true })
    }
  })
})

async function open(loose: boolean) {
  const networks = await openNetworks({ stateDirectory: newDirectory() })
  const network: Network = await networks.create({
    name: 'n',
    subnet: `${net}.0/24`,
    subnet6: `${net6}/64`,
    options: { 'any-source': String(loose) },
  })
  const [attacker, victim] = [namespace('attacker'), namespace('victim')]
  const { mac } = await network.connect({ netns: attacker })
  await network.connect({ netns: victim })
  // A neighbour entry may change at once (arp(7)).
  sh('ip netns exec victim sysctl -qw net.ipv4.neigh.eth0.locktime=0')
  assert.ok(pings(victim, `${net}.1`))
  assert.ok(pings(victim, `${net6}1`))
  const gateway = sh(`cat /sys/class/net/${network.interface}/address`).trim()
  const close = () => networks[Symbol.asyncDispose]()
  return { networks, attacker, victim, macs: [mac, gateway], [Symbol.asyncDispose]: close }
}

/** Counts what reaches a namespace, before anything else sees it. */
function watch(
  netns: string,
  all: Readonly<Record<string, readonly [string, string]>>,
  link = 'eth0',
): void {
  const rules = Object.values(all).map(([, match]) => `${match} counter`)
  sh(
    `nsenter --net=${netns} nft -f -`,
    `add table netdev seen
     delete table netdev seen
     table netdev seen { chain c { type filter hook ingress device ${link} priority 0;
       ${rules.join('\n')}
     }
     }`,
  )
}

function seen(netns: string, all: Readonly<Record<string, unknown>>): readonly string[] {
  const text = sh(`nsenter --net=${netns} nft list table netdev seen`)
  const counts = [...text.matchAll(/counter packets (\d+)/g)].map(([, count]) => Number(count))
  return Object.keys(all).filter((_, index) => (counts[index] ?? 0) > 0)
}
