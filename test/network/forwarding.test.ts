// The host begins to forward for our networks and stops again: it never becomes a router between its own interfaces, keeps the
// default route that a router advertised, and is at the end what it was.
import * as assert from 'uvu/assert'
import { openNetworks } from '../../lib/index.ts'
import { advertise } from '../helpers/advertise.ts'
import { networkSuite, newDirectory } from '../helpers/networks.ts'
import { sh, succeeds } from '../helpers/sandbox.ts'
import { ask, namespace, pings, serve } from '../helpers/talk.ts'
import { until } from '../helpers/until.ts'

const reaches = (netns: string | undefined, address: string) =>
  until(() => pings(netns, address), 4)
const forwarding = () =>
  sh('sysctl -n net.ipv4.ip_forward net.ipv6.conf.all.forwarding').trim().split('\n').join(' ')

/** Two networks of the host's owner: `lan1` and `lan2`, each with a machine whose router is the host. */
function makeLans(): void {
  for (const lan of [1, 2]) {
    namespace(`m${lan}`)
    sh(`ip link delete lan${lan} 2>/dev/null; ip link add lan${lan} type veth peer name eth0 netns m${lan}
      ip address add 192.0.2.${lan * 64 + 1}/26 dev lan${lan}; ip link set lan${lan} up
      ip address add 2001:db8:${lan}::1/64 dev lan${lan} nodad
      ip -n m${lan} address add 192.0.2.${lan * 64 + 2}/26 dev eth0
      ip -n m${lan} address add 2001:db8:${lan}::2/64 dev eth0 nodad
      ip -n m${lan} link set eth0 up; ip -n m${lan} route add default via 192.0.2.${lan * 64 + 1}
      ip -n m${lan} route add default via 2001:db8:${lan}::1`)
  }
}
const m1 = '/run/netns/m1'
const machines = { 4: '192.0.2.130', 6: '2001:db8:2::2' } as const

networkSuite('forwarding', (test, slow) => {
  for (const firewall of ['nftables', 'iptables'] as const) {
    const open = (stateDirectory = newDirectory()) => openNetworks({ stateDirectory, firewall })
    const define = firewall === 'nftables' ? test : slow

    define(
      `${firewall}: two LANs of the host stay apart, and a container reaches both`,
      async () => {
        sh('sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0')
        makeLans()
        const stateDirectory = newDirectory()
        await using networks = await open(stateDirectory)
        const web = await networks.create({
          name: 'web',
          subnet: '10.77.0.0/24',
          subnet6: 'fd00:77::/64',
        })
        const c1 = namespace('c1')
        const one = await web.connect({ netns: c1, ports: ['8080:80'] })
        assert.is(forwarding(), '1 1')
        for (const family of [4, 6] as const) {
          assert.ok(await reaches(c1, machines[family]), 'the container reaches a LAN')
          assert.not(pings(m1, machines[family]), 'the host is no router between its LANs')
        }
        assert.ok(await reaches(c1, '192.0.2.66'), 'and the other one')
        await using server = await serve(c1, 'c1', 80)
        assert.ok(server.process.pid)
        assert.is(
          ask(m1, '192.0.2.65', 8080),
          'c1 sees 192.0.2.66',
          'a LAN reaches a published port',
        )
        // Without the rules, the host is a router: this is what the first check protects.
        const rules = firewall === 'nftables' ? 'nft flush chain inet netdojo others' : flushOthers
        sh(rules)
        assert.ok(await reaches(m1, machines[4]), 'the rules are what keeps the LANs apart')
        await networks.reconcile()
        assert.not(pings(m1, machines[4]), 'reconcile brings the rules back')
        assert.equal((await networks.reconcile()).repaired, [])
        // A second network and another netdojo are no LANs.
        await using other = await openNetworks({
          stateDirectory: newDirectory(),
          firewall,
          label: 'other',
        })
        const theirs = await other.create({ name: 'theirs', subnet: '10.78.0.0/24' })
        const c2 = namespace('c2')
        await theirs.connect({ netns: c2 })
        assert.ok(await reaches(c2, machines[4]), 'networks of another state directory')
        await one.disconnect()
        await web.remove()
        assert.is(forwarding(), '1 0', 'the other netdojo needs IPv4')
        assert.ok(await reaches(c2, machines[4]))
        await theirs.remove({ force: true })
        sh('sysctl -qw net.ipv4.ip_forward=0')
        {
          await using inner = await networks.create({ name: 'inner', internal: true })
          assert.is(forwarding(), '0 0', 'an internal network forwards nothing')
          await using last = await networks.create({ name: 'last', subnet: '10.77.0.0/24' })
          assert.is(forwarding(), '1 0')
          await last.remove()
          assert.is(forwarding(), '0 0', 'with the last network that needs it')
          assert.ok(inner.id)
        }
        assert.is(forwarding(), '0 0')
      },
    )

    define(`${firewall}: where the host was a router, nothing changes`, async () => {
      sh('sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1')
      makeLans()
      {
        await using networks = await open()
        await using web = await networks.create({ name: 'web', subnet6: 'fd00:77::/64' })
        assert.ok(await reaches(m1, machines[4]))
        assert.ok(await reaches(m1, machines[6]))
        assert.ok(web.id)
      }
      assert.is(forwarding(), '1 1')
      assert.ok(await reaches(m1, machines[4]))
      sh('sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0')
    })
  }

  test('an engine that comes later forwards, and keeps forwarding on', async () => {
    sh('sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0')
    makeLans()
    await using networks = await openNetworks({ stateDirectory: newDirectory() })
    const web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
    sh('ip link set lan1 down; ip link set lan1 name docker0; ip link set docker0 up')
    sh('ip address replace 192.0.2.65/26 dev docker0')
    assert.ok(await reaches(m1, machines[4]), 'packets of Docker pass')
    await web.remove()
    assert.is(forwarding(), '1 0')
    assert.ok(await reaches(m1, machines[4]))
    sh('ip link delete docker0; sysctl -qw net.ipv4.ip_forward=0')
  })

  test('frames inside of somebody’s bridge pass, also where br_netfilter shows them to the rules', async () => {
    sh('sysctl -qw net.ipv4.ip_forward=0')
    if (!succeeds('sysctl -qw net.bridge.bridge-nf-call-iptables=1')) return
    try {
      await using networks = await openNetworks({ stateDirectory: newDirectory() })
      await using web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
      sh('ip link add theirs type bridge; ip link set theirs up')
      for (const n of [1, 2]) {
        namespace(`m${n}`)
        sh(`ip link add t${n} master theirs up type veth peer name eth0 netns m${n}
          ip -n m${n} address add 192.0.2.${n}/24 dev eth0; ip -n m${n} link set eth0 up`)
      }
      assert.ok(await reaches(m1, '192.0.2.2'))
      assert.ok(web.id)
    } finally {
      sh('sysctl -qw net.bridge.bridge-nf-call-iptables=0; ip link delete theirs')
    }
  })

  test('the host keeps the default route that its router advertised (moby 43466)', async () => {
    sh('sysctl -qw net.ipv6.conf.all.forwarding=0')
    // The world gives the host a route by hand: here a router advertises it.
    sh('ip -6 route flush default; ip -n outside address replace 2001:db8:ffff::1/128 dev lo')
    advertise()
    assert.ok(await until(() => sh('ip -6 route').includes('default via fe80'), 3), 'before')
    assert.ok(await reaches(undefined, '2001:db8:ffff::1'))
    {
      await using networks = await openNetworks({ stateDirectory: newDirectory() })
      await using four = await networks.create({ name: 'four', subnet: '10.78.0.0/24' })
      assert.is(acceptRa(), '1', 'IPv4 needs no change')
      await using six = await networks.create({ name: 'six', subnet6: 'fd00:77::/64' })
      assert.is(acceptRa(), '2')
      assert.match(sh('ip -6 route'), 'proto ra', 'the route is still there')
      assert.ok(await reaches(undefined, '2001:db8:ffff::1'), 'the host')
      const c1 = namespace('c1')
      await six.connect({ netns: c1 })
      assert.ok(await reaches(c1, '2001:db8:ffff::1'), 'a container')
      // The next advertisements count, too: of a router that goes away, and of one that comes.
      advertise(0)
      assert.ok(await until(() => !sh('ip -6 route').includes('proto ra'), 3))
      advertise()
      assert.ok(await until(() => sh('ip -6 route').includes('proto ra'), 3))
      assert.ok(await reaches(undefined, '2001:db8:ffff::1'))
      assert.ok(four.id)
    }
    assert.is(`${acceptRa()} ${forwarding()}`, '1 0 0')
    assert.match(sh('ip -6 route'), 'proto ra', 'and after the last network')
    assert.ok(await reaches(undefined, '2001:db8:ffff::1'))
    // What somebody changed meanwhile is theirs.
    {
      await using networks = await openNetworks({ stateDirectory: newDirectory() })
      await using six = await networks.create({ name: 'six', subnet6: 'fd00:77::/64' })
      sh('sysctl -qw net.ipv6.conf.eth0.accept_ra=0')
      assert.ok(six.id)
    }
    assert.is(acceptRa(), '0')
    sh('sysctl -qw net.ipv6.conf.eth0.accept_ra=1; ip -6 route flush proto ra')
    sh('ip -6 route replace default via 2001:db8:113::1')
  })
})

const flushOthers =
  'for p in iptables ip6tables; do $p -w -F $(iptables-save | sed -n "s/^:\\(NETDOJO-.*-OTHERS\\) .*/\\1/p"); done'

function acceptRa(): string {
  return sh('sysctl -n net.ipv6.conf.eth0.accept_ra').trim()
}
