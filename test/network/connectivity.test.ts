// Checks with real packets which sides reach each other, with each firewall backend.
import * as assert from 'uvu/assert'
import { openNetworks } from '../../lib/index.ts'
import { networkSuite } from '../helpers/networks.ts'
import { sh } from '../helpers/sandbox.ts'
import { ask, namespace, pings, serve } from '../helpers/talk.ts'
import { newDirectory } from '../helpers/directory.ts'

const outside = '/run/netns/outside'
const host = undefined
const backends = ['nftables', 'iptables'] as const

networkSuite('connectivity', (define, slow) => {
  for (const firewall of backends) {
    // The rules of iptables are a backend's, of which the first test shows the most.
    const test = firewall === 'nftables' ? define : slow
    const open = () => openNetworks({ stateDirectory: newDirectory(), firewall })

    define(
      `${firewall}: ping, the way out, and a published port from outside, host, localhost, itself and a neighbour`,
      async () => {
        await using stack = new AsyncDisposableStack()
        const networks = stack.use(await open())
        const web = stack.use(await networks.create({ name: 'web', subnet: '10.77.0.0/24' }))
        const [c1, c2] = [namespace('c1'), namespace('c2')]
        const one = await web.connect({ netns: c1, ports: ['8080:80', '5353:53/udp'] })
        await web.connect({ netns: c2 })
        assert.equal(one.addresses, ['10.77.0.2/24'])
        assert.ok(pings(c1, '10.77.0.1'), 'the gateway')
        assert.ok(pings(c1, '10.77.0.3'), 'the neighbour')
        assert.ok(pings(host, '10.77.0.2'), 'from the host')
        assert.ok(pings(c1, '198.51.100.1'), 'a server on the Internet')
        stack.use(await serve(outside, 'internet', 7000))
        assert.is(ask(c1, '198.51.100.1', 7000), 'internet sees 203.0.113.2', 'masquerade')
        stack.use(await serve(c1, 'c1', 80))
        stack.use(await serve(c1, 'c1', 53, { udp: true }))
        const udp = { udp: true }
        assert.is(ask(outside, '203.0.113.2', 8080), 'c1 sees 203.0.113.1', 'outside')
        assert.is(ask(outside, '203.0.113.2', 5353, udp), 'c1 sees 203.0.113.1', 'outside, udp')
        assert.is(ask(host, '203.0.113.2', 8080), 'c1 sees 203.0.113.2', 'the host’s own address')
        assert.is(ask(host, '127.0.0.1', 8080), 'c1 sees 10.77.0.1', 'localhost')
        assert.is(ask(host, '127.0.0.1', 5353, udp), 'c1 sees 10.77.0.1', 'localhost, udp')
        assert.is(ask(c1, '203.0.113.2', 8080), 'c1 sees 10.77.0.1', 'hairpin')
        assert.is(ask(c1, '10.77.0.1', 8080), 'c1 sees 10.77.0.1', 'hairpin by the gateway')
        assert.is(ask(c2, '203.0.113.2', 8080), 'c1 sees 10.77.0.1', 'the neighbour')
        await one.disconnect()
        assert.is(ask(outside, '203.0.113.2', 8080), 'ECONNREFUSED', 'after disconnect')
        assert.not(pings(c1, '10.77.0.1'))
      },
    )

    test(`${firewall}: networks are isolated from each other, but reach each other’s published ports`, async () => {
      await using stack = new AsyncDisposableStack()
      const networks = stack.use(await open())
      const a = stack.use(await networks.create({ name: 'a', subnet: '10.77.1.0/24' }))
      const b = stack.use(await networks.create({ name: 'b', subnet: '10.77.2.0/24' }))
      const [c1, c2] = [namespace('c1'), namespace('c2')]
      await a.connect({ netns: c1, ports: ['8080:80'] })
      await b.connect({ netns: c2 })
      stack.use(await serve(c1, 'c1', 80))
      assert.ok(pings(c2, '10.77.2.1'))
      assert.not(pings(c2, '10.77.1.2'), 'another network')
      assert.is(ask(c2, '10.77.1.2', 80), undefined)
      assert.is(ask(c2, '203.0.113.2', 8080), 'c1 sees 10.77.2.2', 'its published port')
    })

    test(`${firewall}: an internal network has no way out and no way in`, async () => {
      await using stack = new AsyncDisposableStack()
      const networks = stack.use(await open())
      const open1 = stack.use(await networks.create({ name: 'open', subnet: '10.77.1.0/24' }))
      const inner = stack.use(
        await networks.create({ name: 'inner', subnet: '10.77.3.0/24', internal: true }),
      )
      const [c1, c2, c3] = [namespace('c1'), namespace('c2'), namespace('c3')]
      await inner.connect({ netns: c1 })
      await inner.connect({ netns: c2 })
      await open1.connect({ netns: c3, ports: ['8080:80'] })
      stack.use(await serve(c3, 'c3', 80))
      assert.ok(pings(c1, '10.77.3.3'), 'within')
      assert.ok(pings(host, '10.77.3.2'), 'from the host')
      // Even a container that gives itself a route stays inside: not one packet comes out.
      sh('ip -n c1 route add default via 10.77.3.1')
      sh('ip netns exec outside nft -f -', countEchoes)
      assert.ok(pings(c3, '198.51.100.1'))
      assert.not(pings(c1, '198.51.100.1'), 'the Internet')
      assert.match(sh('ip netns exec outside nft list table ip seen'), 'packets 1 ')
      sh('ip netns exec outside nft delete table ip seen')
      assert.not(pings(c1, '10.77.1.2'), 'another network')
      assert.is(ask(c1, '203.0.113.2', 8080), undefined, 'a published port of another network')
      assert.not(pings(c3, '10.77.3.2'), 'from another network')
    })

    slow(
      `${firewall}: without internal traffic, neighbours reach each other by published ports only`,
      async () => {
        await using stack = new AsyncDisposableStack()
        const networks = stack.use(await open())
        const quiet = stack.use(
          await networks.create({ name: 'quiet', subnet: '10.77.4.0/24', internalTraffic: false }),
        )
        const [c1, c2] = [namespace('c1'), namespace('c2')]
        await quiet.connect({ netns: c1, ports: ['8080:80'] })
        await quiet.connect({ netns: c2 })
        stack.use(await serve(c1, 'c1', 80))
        assert.ok(pings(c2, '10.77.4.1'), 'the gateway')
        assert.ok(pings(c2, '198.51.100.1'), 'the Internet')
        assert.not(pings(c2, '10.77.4.2'), 'the neighbour')
        // Nor by way of the gateway, which is asked to forward to the neighbour.
        sh('ip -n c2 route add 10.77.4.2/32 via 10.77.4.1')
        sh('ip netns exec c1 nft -f -', countEchoes)
        assert.ok(pings(host, '10.77.4.2'))
        assert.not(pings(c2, '10.77.4.2'), 'the neighbour, by the gateway')
        assert.match(sh('ip netns exec c1 nft list table ip seen'), 'packets 1 ')
        sh('ip -n c2 route delete 10.77.4.2/32')
        assert.is(ask(c2, '203.0.113.2', 8080), 'c1 sees 10.77.4.1', 'its published port')
      },
    )

    test(`${firewall}: a port published on 127.0.0.1 is the host’s alone (moby 41872, 45610)`, async () => {
      await using stack = new AsyncDisposableStack()
      const networks = stack.use(await open())
      const web = stack.use(await networks.create({ name: 'web', subnet: '10.77.0.0/24' }))
      const [c1, c2] = [namespace('c1'), namespace('c2')]
      await web.connect({ netns: c1, ports: ['127.0.0.1:8080:80'] })
      await web.connect({ netns: c2 })
      stack.use(await serve(c1, 'c1', 80))
      stack.use(await serve(host, 'the host’s own', 9999, { address: '127.0.0.1' }))
      assert.is(ask(host, '127.0.0.1', 8080), 'c1 sees 10.77.0.1')
      assert.is(ask(outside, '203.0.113.2', 8080), 'ECONNREFUSED')
      // The neighbour on the LAN sends frames for 127.0.0.1 to the host, as its gateway: routing there knows no martian.
      attackByLoopback('outside', '203.0.113.2', 'wan')
      assert.is(ask(outside, '127.0.0.1', 8080, { from: '203.0.113.1' }), undefined)
      assert.is(ask(outside, '127.0.0.1', 9999, { from: '203.0.113.1' }), undefined)
      undoAttack('outside', '203.0.113.2', 'wan')
      attackByLoopback('c2', '10.77.0.1', 'eth0')
      assert.is(ask(c2, '127.0.0.1', 9999, { from: '10.77.0.3' }), undefined, 'CVE-2020-8558')
    })

    slow(
      `${firewall}: a container is not reachable from outside but by its published ports`,
      async () => {
        await using stack = new AsyncDisposableStack()
        const networks = stack.use(await open())
        const web = stack.use(await networks.create({ name: 'web', subnet: '10.77.0.0/24' }))
        const c1 = namespace('c1')
        await web.connect({ netns: c1, ports: ['8080:80'] })
        stack.use(await serve(c1, 'c1', 80))
        sh('ip -n outside route add 10.77.0.0/24 via 203.0.113.2')
        assert.not(pings(outside, '10.77.0.2'))
        assert.is(ask(outside, '10.77.0.2', 80), undefined)
        assert.is(ask(outside, '203.0.113.2', 8080), 'c1 sees 203.0.113.1')
        sh('ip -n outside route delete 10.77.0.0/24')
      },
    )

    slow(
      `${firewall}: traffic that passes through to another machine’s port is left alone (GHSA-jv3w-x3r3-g6rm, netavark 904)`,
      async () => {
        await using stack = new AsyncDisposableStack()
        const networks = stack.use(await open())
        const web = stack.use(await networks.create({ name: 'web', subnet: '10.77.0.0/24' }))
        const [c1, c2] = [namespace('c1'), namespace('c2')]
        await web.connect({ netns: c1, ports: ['7000:80'] })
        await web.connect({ netns: c2 })
        stack.use(await serve(c1, 'c1', 80))
        stack.use(await serve(outside, 'internet', 7000))
        assert.is(ask(c2, '198.51.100.1', 7000), 'internet sees 203.0.113.2', 'not hijacked')
        assert.is(ask(host, '198.51.100.1', 7000), 'internet sees 203.0.113.2', 'not hijacked')
      },
    )

    test(`${firewall}: IPv6: the way out, published ports, isolation, no router advertisements`, async () => {
      await using stack = new AsyncDisposableStack()
      const networks = stack.use(await open())
      const six = stack.use(
        await networks.create({ name: 'six', subnet: '10.77.5.0/24', subnet6: 'fd00:77:5::/64' }),
      )
      const other = stack.use(await networks.create({ name: 'other', subnet6: 'fd00:77:6::/64' }))
      const [c1, c2] = [namespace('c1'), namespace('c2')]
      const one = await six.connect({
        netns: c1,
        ports: ['8080:80', '[2001:db8:113::2]:8081:80'],
      })
      await other.connect({ netns: c2 })
      assert.equal(one.addresses, ['10.77.5.2/24', 'fd00:77:5::2/64'])
      assert.ok(pings(c1, 'fd00:77:5::1'), 'the gateway')
      sh('ip -n outside -6 address replace 2001:db8:ffff::1/128 dev lo')
      assert.ok(pings(c1, '2001:db8:ffff::1'), 'the Internet')
      stack.use(await serve(c1, 'c1', 80))
      assert.is(ask(outside, '2001:db8:113::2', 8080), 'c1 sees 2001:db8:113::1')
      assert.is(ask(outside, '2001:db8:113::2', 8081), 'c1 sees 2001:db8:113::1')
      assert.is(ask(outside, '203.0.113.2', 8080), 'c1 sees 203.0.113.1')
      assert.is(ask(outside, '203.0.113.2', 8081), 'ECONNREFUSED', 'published on IPv6 only')
      assert.is(ask(c1, '2001:db8:113::2', 8080), 'c1 sees fd00:77:5::1', 'hairpin')
      assert.not(pings(c2, 'fd00:77:5::2'), 'isolation')
      assert.is(sh('cat /proc/sys/net/ipv6/conf/nd-six/accept_ra').trim(), '0', 'CVE-2020-13401')
    })

    slow(`${firewall}: works where Docker drops what it does not know (moby 39439)`, async () => {
      const table = 'iptables -w'
      sh(`${table} -N DOCKER-USER; ${table} -I FORWARD -j DOCKER-USER; ${table} -P FORWARD DROP`)
      sh('ip link add docker0 type bridge')
      {
        await using stack = new AsyncDisposableStack()
        const networks = stack.use(await open())
        const web = stack.use(await networks.create({ name: 'web', subnet: '10.77.0.0/24' }))
        const c1 = namespace('c1')
        await web.connect({ netns: c1, ports: ['8080:80'] })
        stack.use(await serve(c1, 'c1', 80))
        assert.ok(pings(c1, '198.51.100.1'))
        assert.is(ask(outside, '203.0.113.2', 8080), 'c1 sees 203.0.113.1')
        const rules = sh(`${table} -S DOCKER-USER`)
        sh(`${table} -D DOCKER-USER -o nd-web -j ACCEPT`)
        // The iptables backend accepts in FORWARD itself what belongs to a connection.
        assert.is(pings(c1, '198.51.100.1'), firewall === 'iptables', 'somebody took a rule away')
        await networks.reconcile()
        assert.ok(pings(c1, '198.51.100.1'), 'reconcile brought it back')
        assert.is(sh(`${table} -S DOCKER-USER`), rules)
        assert.equal((await networks.reconcile()).repaired, [])
      }
      assert.is(sh(`${table} -S DOCKER-USER`).trim(), '-N DOCKER-USER', 'our rules are gone')
      sh(`${table} -P FORWARD ACCEPT; ${table} -F FORWARD; ${table} -X DOCKER-USER`)
      sh('ip link delete docker0')
    })

    slow(`${firewall}: nothing is left of a network that was removed`, async () => {
      const before = hostState()
      {
        await using stack = new AsyncDisposableStack()
        const networks = stack.use(await open())
        const web = stack.use(await networks.create({ name: 'web', subnet: '10.77.0.0/24' }))
        await web.connect({ netns: namespace('c1'), ports: ['8080:80', '9000-9100:9000-9100/udp'] })
        assert.is.not(hostState(), before)
      }
      assert.is(hostState(), before)
    })
  }
})

/** iptables leaves its empty tables behind; only what is ours is looked for in the rules. */
function hostState(): string {
  return sh(
    'ip -br link; ip route; (nft list ruleset; iptables-save; ip6tables-save) | grep -iE "netdojo|nd-" || true',
  )
}

const countEchoes = `table ip seen {
  chain in { type filter hook prerouting priority -300; icmp type echo-request counter; }
}`

/** Makes a namespace send packets for 127.0.0.1 to the host, and take the answers. */
function attackByLoopback(name: string, hostAddress: string, link: string): void {
  sh(`ip netns exec ${name} sysctl -q -w net.ipv4.conf.all.route_localnet=1`)
  sh(`ip -n ${name} address delete 127.0.0.1/8 dev lo`)
  sh(`ip -n ${name} route add 127.0.0.1/32 via ${hostAddress} dev ${link}`)
}

function undoAttack(name: string, hostAddress: string, link: string): void {
  sh(`ip -n ${name} route delete 127.0.0.1/32 via ${hostAddress} dev ${link}`)
  sh(`ip -n ${name} address add 127.0.0.1/8 dev lo`)
  sh(`ip netns exec ${name} sysctl -q -w net.ipv4.conf.all.route_localnet=0`)
}
