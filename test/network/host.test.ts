// The host belongs to somebody: its routes, addresses and missing features decide what a network gets, and are never changed.
import { existsSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { batchApplier, openNetworks } from '../../lib/index.ts'
import { codeOf, errorOf, networkSuite, newDirectory, open } from '../helpers/networks.ts'
import { sh } from '../helpers/sandbox.ts'
import { namespace, pings } from '../helpers/talk.ts'
import { until } from '../helpers/until.ts'

const internet = '198.51.100.1'

/** A new port of a bridge may lose its first packet. */
const reaches = (netns: string | undefined, address: string) =>
  until(() => pings(netns, address), 4)

/** Runs `body` with a tunnel of a VPN: a link `vpn0`, with what `lines` do to the host. */
async function withVpn(lines: string, body: () => Promise<void>): Promise<void> {
  sh('ip link add vpn0 type veth peer name far0; ip link set vpn0 up; ip link set far0 up')
  try {
    sh(lines)
    await body()
  } finally {
    sh(`ip link delete vpn0; ip route flush table 51820 2>/dev/null
      for family in 4 6; do while ip -$family rule delete table 51820 2>/dev/null; do :; done; done
      for kind in blackhole unreachable prohibit; do ip route flush type $kind; ip -6 route flush type $kind; done`)
  }
}

networkSuite('the host', (test) => {
  test('routes of a VPN for everything, and of a whole private range, do not forbid a subnet inside', async () => {
    await using networks = await open()
    const tunnel =
      'ip route add 0.0.0.0/1 dev vpn0; ip route add 128.0.0.0/1 dev vpn0; ip -6 route add 2000::/3 dev vpn0'
    await withVpn(tunnel, async () => {
      await using chosen = await networks.create({ name: 'chosen' })
      assert.equal(chosen.subnets[0]?.subnet, '10.213.0.0/24')
      await using six = await networks.create({ name: 'six', subnet6: '2001:db8:77::/64' })
      const c1 = namespace('c1')
      await six.connect({ netns: c1 })
      assert.ok(await reaches(c1, '2001:db8:77::1'))
      await using four = await networks.create({ name: 'four', subnet: '172.30.9.0/24' })
      const c2 = namespace('c2')
      await four.connect({ netns: c2 })
      assert.ok(await reaches(c2, '172.30.9.1'))
    })
    for (const kind of ['', 'blackhole', 'unreachable', 'prohibit']) {
      const by = kind === '' ? 'dev vpn0' : ''
      await withVpn(`ip route add ${kind} 10.0.0.0/8 ${by}`, async () => {
        await using explicit = await networks.create({ name: 'explicit', subnet: '10.9.0.0/24' })
        const c1 = namespace('c1')
        await explicit.connect({ netns: c1 })
        assert.ok(await reaches(c1, '10.9.0.1'), kind)
        assert.ok(await reaches(c1, internet), kind)
        await using chosen = await networks.create({ name: 'chosen' })
        assert.equal(chosen.subnets[0]?.subnet, '172.16.0.0/24', 'outside of what is routed')
      })
    }
  })

  test('with all private ranges routed, a subnet is chosen that no smaller route and no address uses', async () => {
    await using networks = await open()
    const all =
      'for net in 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 10.213.0.0/24; do ip route add $net dev vpn0; done; ip address add 10.213.1.1/24 dev vpn0'
    await withVpn(all, async () => {
      await using chosen = await networks.create({ name: 'chosen' })
      assert.equal(chosen.subnets[0]?.subnet, '10.213.2.0/24')
    })
    const addresses =
      'ip address add 10.0.0.1/8 dev vpn0; ip address add 172.16.0.1/12 dev vpn0; ip address add 192.168.0.1/16 dev vpn0'
    await withVpn(addresses, async () => {
      const error = await errorOf(networks.create({ name: 'none' }))
      assert.is(
        error.message,
        'cannot choose an IPv4 subnet: all subnets of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 that could be chosen are in use',
      )
    })
  })

  test('what the host really uses is refused, with the route and its table', async () => {
    await using networks = await open()
    for (const [line, subnet, reason] of [
      [
        'ip route add 10.9.0.0/25 via 203.0.113.1',
        '10.9.0.0/24',
        '10.9.0.0/25, the route via 203.0.113.1 by eth0 in table main',
      ],
      [
        'ip route add 10.9.0.0/24 dev vpn0',
        '10.9.0.0/24',
        '10.9.0.0/24, the route by vpn0 in table main',
      ],
      [
        'ip route add blackhole 10.9.0.7',
        '10.9.0.0/24',
        '10.9.0.7/32, the blackhole route in table main',
      ],
      [
        'ip route add unreachable 10.9.0.0/24 table 51820',
        '10.9.0.0/24',
        '10.9.0.0/24, the unreachable route in table 51820',
      ],
      [
        'ip route add 10.9.0.0/26 dev vpn0 table 51820',
        '10.9.0.0/24',
        '10.9.0.0/26, the route by vpn0 in table 51820',
      ],
      [
        'ip address add 10.9.9.9/16 dev vpn0',
        '10.9.0.0/24',
        '10.9.0.0/16, the address 10.9.9.9 of vpn0',
      ],
      [
        'ip address add 10.9.0.9/32 dev vpn0',
        '10.9.0.0/24',
        '10.9.0.9/32, the address 10.9.0.9 of vpn0',
      ],
      [
        'ip route add local 10.9.0.0/16 dev lo table local',
        '10.9.0.0/24',
        '10.9.0.0/16, the local route in table local',
      ],
    ] as const) {
      await withVpn(line, async () => {
        const error = await errorOf(networks.create({ name: 'taken', subnet }))
        assert.is(error.code, 'subnet-overlap')
        assert.is(error.message, `cannot use the subnet ${subnet}: it overlaps with ${reason}`)
      })
      sh(
        'ip route flush 10.9.0.0/25; ip route delete local 10.9.0.0/16 table local 2>/dev/null; true',
      )
    }
  })

  test('an address of the host is never handed out, also one that was added later', async () => {
    await using networks = await open()
    sh('ip address add 10.77.0.2/32 dev lo; ip address add fd00:77::2/128 dev lo')
    const request = { name: 'web', subnet: '10.77.0.0/29', subnet6: 'fd00:77::/64' }
    {
      await using web = await networks.create(request)
      const [c1, c2] = [namespace('c1'), namespace('c2')]
      const one = await web.connect({ netns: c1 })
      assert.equal(one.addresses, ['10.77.0.3/29', 'fd00:77::3/64'])
      assert.ok(await reaches(c1, '10.77.0.2'), 'the service on lo')
      sh('ip address add 10.77.0.4/32 dev eth0; ip address add fd00:77::4/128 dev eth0 nodad')
      const refused = await errorOf(web.connect({ netns: c2, address: '10.77.0.4' }))
      assert.is(refused.code, 'address-taken')
      assert.is(refused.message, 'cannot allocate 10.77.0.4: the host has it on eth0')
      const six = await errorOf(web.connect({ netns: c2, address6: 'fd00:77::2' }))
      assert.is(six.message, 'cannot allocate fd00:77::2: the host has it on lo')
      const two = await web.connect({ netns: c2 })
      assert.equal(two.addresses, ['10.77.0.5/29', 'fd00:77::5/64'])
      assert.ok(await reaches(c2, '10.77.0.3'))
      sh('ip address add 10.77.0.6/32 dev lo')
      const full = web.connect({ netns: namespace('c3') })
      assert.is(await codeOf(full), 'pool-exhausted')
    }
    sh('ip address add 10.77.0.1/32 dev lo; ip address delete 10.77.0.4/32 dev eth0')
    sh('ip address delete fd00:77::4/128 dev eth0')
    const gateway = await errorOf(networks.create(request))
    assert.is(
      gateway.message,
      'cannot use the subnet 10.77.0.0/29: the gateway 10.77.0.1 is the address 10.77.0.1 of lo',
    )
    sh('for a in 1 2 6; do ip address delete 10.77.0.$a/32 dev lo; done')
    sh('ip address delete fd00:77::2/128 dev lo')
  })

  test('an MTU below 1280 works without IPv6, by netlink and by programs', async () => {
    for (const applier of [undefined, batchApplier])
      for (const mtu of [68, 576, 1279, 1280]) {
        await using networks = await openNetworks({
          stateDirectory: newDirectory(),
          ...(applier ? { applier } : {}),
        })
        await using web = await networks.create({ name: 'small', subnet: '10.77.0.0/24', mtu })
        const c1 = namespace('c1')
        await web.connect({ netns: c1 })
        assert.match(sh('ip -n c1 link show eth0'), `mtu ${mtu} `)
        assert.ok(await reaches(c1, '10.77.0.1'), `${mtu}`)
        assert.ok(await reaches(c1, internet), `${mtu}`)
      }
  })

  test('a host and a namespace without IPv6: the reason is said, and IPv4 works', async () => {
    if (!existsSync('/proc/sys/net/ipv6')) return
    await using networks = await open()
    sh('sysctl -qw net.ipv6.conf.all.disable_ipv6=1')
    try {
      const error = await errorOf(networks.create({ name: 'six', subnet6: true }))
      assert.is(error.code, 'kernel-feature-missing')
      assert.is(
        error.message,
        'cannot create the network six: a network with an IPv6 subnet needs IPv6, and net.ipv6.conf.default.disable_ipv6 is 1 on this host',
      )
      await using four = await networks.create({ name: 'four', subnet: '10.77.0.0/24' })
      const c1 = namespace('c1')
      await four.connect({ netns: c1 })
      assert.ok(await reaches(c1, internet))
      sh(error.advice[0] ?? '')
      await using six = await networks.create({ name: 'six', subnet6: 'fd00:77::/64' })
      const c2 = namespace('c2')
      sh('ip netns exec c2 sysctl -qw net.ipv6.conf.all.disable_ipv6=1')
      await six.connect({ netns: c2 })
      assert.ok(
        await reaches(c2, 'fd00:77::1'),
        'its interface has IPv6 although its namespace had none',
      )
      // Somebody switches it off on the bridge: the kernel answers EACCES, which is not a matter of rights.
      sh('ip link delete nd-six; sysctl -qw net.ipv6.conf.default.disable_ipv6=1')
      const repair = await errorOf(networks.reconcile())
      assert.is(repair.code, 'kernel-feature-missing')
      assert.match(repair.message, 'IPv6 is switched off for the interface nd-six')
    } finally {
      sh('sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0')
      sh(
        'ip address add 2001:db8:113::2/64 dev eth0 nodad; ip -6 route replace default via 2001:db8:113::1',
      )
    }
  })

  test('a namespace of another program keeps its eth0 and its default routes', async () => {
    await using networks = await open()
    await using web = await networks.create({
      name: 'web',
      subnet: '10.77.0.0/24',
      subnet6: 'fd00:77::/64',
    })
    const c1 = namespace('c1')
    sh(`ip link add theirs type veth peer name eth0 netns c1
      ip -n c1 address add 192.0.2.2/24 dev eth0; ip -n c1 link set eth0 up; ip link set theirs up
      ip -n c1 route add default via 192.0.2.1 metric 100`)
    const one = await web.connect({ netns: c1 })
    assert.equal(
      [one.interface, one.foreignDefaultRoutes, one.defaultRoute, one.gateways],
      ['eth1', [4], true, ['fd00:77::1']],
      'the default route of IPv6 was free',
    )
    assert.is(sh('ip -n c1 route show default').trim(), 'default via 192.0.2.1 dev eth0 metric 100')
    assert.match(sh('ip -n c1 -6 route show default'), 'default via fd00:77::1 dev eth1')
    assert.ok(await reaches(c1, '10.77.0.1'))
    assert.not(pings(c1, internet), 'their way out leads nowhere here')
    await one.disconnect()
    const second = await errorOf(web.connect({ netns: c1, defaultRoute: true }))
    assert.is(second.code, 'default-route-exists')
    assert.is(
      second.message,
      'cannot set the default route of the namespace /run/netns/c1: a namespace must have one default route, and another program made one for IPv4 by eth0',
    )
    sh('ip -n c1 route delete default')
    const none = await web.connect({ netns: c1, defaultRoute: false })
    assert.equal([none.interface, none.defaultRoute], ['eth1', false])
    assert.is(sh('ip -n c1 route show default; ip -n c1 -6 route show default'), '')
    await none.disconnect()
    const led = await web.connect({ netns: c1 })
    assert.ok(await reaches(c1, internet), 'without a route of theirs, ours leads out')
    await led.disconnect()
    sh('ip link delete theirs')
  })

  test('a rule that leads replies to containers into a VPN’s table does not cut a network off', async () => {
    const rules = {
      'all of IPv4, before main': `ip route add 10.0.0.0/8 dev vpn0 table 51820; ip rule add from all lookup 51820 priority 100
        ip -6 route add fd00::/8 dev vpn0 table 51820; ip -6 rule add from all lookup 51820 priority 100`,
      'a destination': `ip route add default dev vpn0 table 51820; ip rule add to 10.0.0.0/8 lookup 51820 priority 1000
        ip -6 route add default dev vpn0 table 51820; ip -6 rule add to fd00::/8 lookup 51820 priority 1000`,
      'a blackhole': `ip route add blackhole 10.77.0.0/16 table 51820; ip rule add from all lookup 51820 priority 5270
        ip -6 route add unreachable fd00:77::/32 table 51820; ip -6 rule add from all lookup 51820 priority 5270`,
    }
    for (const [index, [name, lines]] of Object.entries(rules).entries()) {
      const applier = index === 0 ? batchApplier : undefined
      await withVpn(lines, async () => {
        const before = sh('ip rule; ip -6 rule')
        {
          await using networks = await open(applier ? { applier } : {})
          await using web = await networks.create({
            name: 'web',
            subnet: '10.77.0.0/24',
            subnet6: 'fd00:77::/64',
          })
          const c1 = namespace('c1')
          await web.connect({ netns: c1 })
          assert.ok(await reaches(c1, internet), name)
          assert.ok(await reaches(c1, 'fd00:77::1'), name)
          assert.ok(await reaches(undefined, '10.77.0.2'), name)
          // Without the rule, nothing comes back.
          sh('ip rule delete to 10.77.0.0/24; ip -6 rule delete to fd00:77::/64')
          assert.not(pings(c1, internet), name)
          assert.not(pings(c1, 'fd00:77::1'), name)
          assert.equal((await networks.reconcile()).repaired, [
            'Look up the packets to containers in the table main, before the tables of other programs',
          ])
          assert.ok(await reaches(c1, internet), name)
          assert.equal((await networks.reconcile()).repaired, [])
        }
        assert.is(sh('ip rule; ip -6 rule'), before)
      })
    }
    // wg-quick asks main first for all but default routes: no rule is needed.
    const wireguard =
      'ip route add default dev vpn0 table 51820; ip rule add not from all fwmark 0xca6c lookup 51820 priority 32764; ip rule add from all lookup main suppress_prefixlength 0 priority 32763'
    await withVpn(wireguard, async () => {
      const before = sh('ip rule')
      await using networks = await open()
      await using web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
      const c1 = namespace('c1')
      await web.connect({ netns: c1 })
      assert.ok(await reaches(c1, '10.77.0.1'))
      assert.is(sh('ip rule'), before)
    })
    sh('ip rule delete priority 32763')
  })
})
