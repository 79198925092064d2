// Repeats known bugs of other network stacks; each title names the public thread.
import { setTimeout } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { networkSuite, open } from '../helpers/networks.ts'
import { sh } from '../helpers/sandbox.ts'
import { ask, namespace, pings, serve } from '../helpers/talk.ts'

networkSuite('threads', (test, slow) => {
  test('the bridge keeps its MAC when endpoints are attached (cni 285, netavark 833)', async () => {
    await using networks = await open()
    await using web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
    const before = macOf('nd-web')
    const endpoint = await web.connect({ netns: namespace('c1') })
    sh(`ip link set ${endpoint.hostInterface} address 02:00:00:00:00:01`)
    assert.is(macOf('nd-web'), before)
  })

  test('an address with a new owner is announced, so neighbours update their entry (moby 36069)', async () => {
    await using networks = await open()
    await using web = await networks.create({ name: 'web', subnet: '10.77.0.0/29' })
    const [c1, c2, c3] = [namespace('c1'), namespace('c2'), namespace('c3')]
    await web.connect({ netns: c1 })
    const address = '10.77.0.5'
    const old = await web.connect({ netns: c2, address, mac: '02:00:00:00:00:02' })
    assert.ok(pings(c1, address))
    await old.disconnect()
    // The kernel keeps an entry for a second at least (neigh/*/locktime).
    sh('sleep 1.1')
    const second = await web.connect({ netns: c3, address, mac: '02:00:00:00:00:03' })
    await knows('c1', address, '02:00:00:00:00:03')
    assert.ok(pings(c1, address))
    // And the next one, who did not ask for a MAC.
    await second.disconnect()
    sh('sleep 1.1')
    const next = await web.connect({ netns: c2, address })
    await knows('c1', address, next.mac)
    // Where nobody asks for a MAC, an address has the same one whoever has it.
    const third = await web.connect({ netns: c3, address: '10.77.0.6' })
    await third.disconnect()
    assert.is((await web.connect({ netns: c3, address: '10.77.0.6' })).mac, third.mac)
  })

  slow(
    'UDP clients that were there before, or stay after, meet the rules of now (plugins 123, 553)',
    async () => {
      await using networks = await open()
      const web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
      const [c1, c2] = [namespace('c1'), namespace('c2')]
      const outside = '/run/netns/outside'
      const client = { udp: true, fromPort: 4242 }
      await using stack = new AsyncDisposableStack()
      stack.use(await serve(c1, 'c1', 53, { udp: true }))
      stack.use(await serve(c2, 'c2', 53, { udp: true }))
      assert.is(ask(outside, '203.0.113.2', 5353, client), undefined, 'nobody is there yet')
      const first = await web.connect({ netns: c1, ports: ['5353:53/udp'] })
      assert.is(ask(outside, '203.0.113.2', 5353, client), 'c1 sees 203.0.113.1')
      await first.disconnect()
      await web.connect({ netns: c2, ports: ['5353:53/udp'] })
      assert.is(ask(outside, '203.0.113.2', 5353, client), 'c2 sees 203.0.113.1')
      // The next owner of an address that publishes nothing gets nothing of what its last one published.
      await web.remove({ force: true })
      await using other = await networks.create({ name: 'other', subnet: '10.77.0.0/24' })
      await other.connect({ netns: c1, address: '10.77.0.3' })
      assert.is(ask(outside, '203.0.113.2', 5353, client), undefined)
    },
  )

  test('removing one network leaves the rules of the others (netavark 183, 226, 491)', async () => {
    await using networks = await open()
    await using a = await networks.create({ name: 'a', subnet: '10.77.0.0/24' })
    const b = await networks.create({ name: 'b', subnet: '10.77.1.0/24' })
    const c1 = namespace('c1')
    await a.connect({ netns: c1, ports: ['8080:80'] })
    await using server = await serve(c1, 'c1', 80)
    assert.ok(server.process.pid)
    await b.remove()
    assert.ok(pings(c1, '198.51.100.1'))
    assert.is(ask('/run/netns/outside', '203.0.113.2', 8080), 'c1 sees 203.0.113.1')
  })

  test('ports are withdrawn and connections ended before the veth is removed (netavark 1482)', async () => {
    const kinds: string[] = []
    await using networks = await open({
      onPlan: ({ change, steps }) => {
        if (change === 'disconnect')
          kinds.push(...steps.flatMap(({ operations }) => operations.map(({ kind }) => kind)))
      },
    })
    await using web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
    const endpoint = await web.connect({ netns: namespace('c1'), ports: ['8080:80'] })
    await endpoint.disconnect()
    assert.equal(kinds.slice(0, 4), [
      'remove-element',
      'flush-connections',
      'flush-connections',
      'remove-link',
    ])
    // What its frames may have as their source is only forgotten when it can send none.
    assert.equal(new Set(kinds.slice(4)), new Set(['remove-element']))
  })
})

function macOf(link: string): string | undefined {
  return /link\/ether (\S+)/.exec(sh(`ip link show ${link}`))?.[1]
}

/**
 * The bridge opens a port when a worker of the kernel has seen the carrier (linkwatch); an announcement that comes before
 * is lost and said again after a second. Without one, the old entry lives for 15 s at least (base_reachable_time).
 */
async function knows(node: string, address: string, mac: string): Promise<void> {
  const end = performance.now() + 3000
  while (!sh(`ip -n ${node} neigh show ${address}`).includes(mac)) {
    assert.ok(performance.now() < end, `${node} still does not know that ${address} is at ${mac}`)
    await setTimeout(50)
  }
}
