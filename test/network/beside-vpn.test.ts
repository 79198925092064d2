// Runs networks on a busy host, with a VPN, an advertised router and a Docker engine: its own packets are never lost.
import { spawn } from 'node:child_process'
import * as assert from 'uvu/assert'
import { searchPath } from '../../lib/exec/search-path.ts'
import { advertise } from '../helpers/advertise.ts'
import { startDocker, whyNoDocker } from '../helpers/docker.ts'
import { networkSuite, open } from '../helpers/networks.ts'
import { sh } from '../helpers/sandbox.ts'
import { ask, namespace, pings, serve } from '../helpers/talk.ts'
import { until } from '../helpers/until.ts'

const outside = '/run/netns/outside'

networkSuite('beside a VPN', (_, slow) => {
  slow(
    'beside a VPN, a router that advertises itself and a Docker engine, the host loses no packet of its own',
    async () => {
      const hasDocker = whyNoDocker() === undefined
      if (!hasDocker) console.log(`without a Docker engine: ${whyNoDocker()}`)
      await using docker = hasDocker ? await startDocker() : undefined
      sh(`ip link add vpn0 type veth peer name far0; ip link set vpn0 up; ip link set far0 up
        ip route add 198.51.100.0/24 via 203.0.113.1
        for net in 0.0.0.0/1 128.0.0.0/1 10.0.0.0/8; do ip route add $net dev vpn0; done
        ip route add 172.16.0.0/12 dev vpn0 table 51820; ip rule add from all lookup 51820 priority 100
        ip -n outside address replace 2001:db8:ffff::1/128 dev lo; ip -6 route flush default`)
      const isAdvertised = () => {
        // A router repeats itself: a host whose interface came up a moment ago ignores an advertisement.
        advertise()
        return sh('ip -6 route').includes('proto ra')
      }
      assert.ok(await until(() => isAdvertised() && pings(undefined, '2001:db8:ffff::1'), 20))
      const before = ours()
      const lost = ['198.51.100.1', '2001:db8:ffff::1'].map(pinging)
      {
        await using networks = await open()
        await using chosen = await networks.create({ name: 'chosen', subnet6: true })
        assert.equal(chosen.subnets[0]?.subnet, '192.168.0.0/24', 'no VPN leads there')
        await using asked = await networks.create({ name: 'asked', subnet: '172.20.0.0/24' })
        for (const [index, network] of [chosen, asked].entries()) {
          const netns = namespace(`c${index}`)
          await using endpoint = await network.connect({ netns, ports: ['8080:80'] })
          assert.ok(await until(() => pings(netns, '198.51.100.1'), 20), network.name)
          await using server = await serve(netns, network.name, 80)
          assert.ok(server.process.pid && endpoint.id)
          assert.is(ask(outside, '203.0.113.2', 8080), `${network.name} sees 203.0.113.1`)
          if (network === chosen)
            assert.ok(await until(() => pings(netns, '2001:db8:ffff::1'), 20), 'IPv6')
        }
        assert.equal((await networks.reconcile()).repaired, [])
      }
      assert.equal(await Promise.all(lost.map((each) => each())), [0, 0])
      assert.is(ours(), before)
      assert.ok(docker !== undefined || !hasDocker)
      sh('ip link delete vpn0; ip route flush table 51820; ip rule delete priority 100')
    },
    { seconds: 240 },
  )
})

/** What networks may change of the host. */
function ours(): string {
  return sh(`sysctl net.ipv4.ip_forward net.ipv6.conf.all.forwarding net.ipv6.conf.eth0.accept_ra
    ip -4 route show table all; ip -6 route show default | sed 's/expires.*//'; ip rule; ip -6 rule`)
}

/** Pings from the host until it is asked for the number of answers that are missing. */
function pinging(address: string): () => Promise<number> {
  const child = spawn('sh', ['-c', `exec ping -n -i 0.2 ${address}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PATH: searchPath() },
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  let text = ''
  child.stdout.on('data', (data: Buffer) => void (text += data.toString()))
  return async () => {
    // On a fast machine the networks are gone before the fourth ping.
    await until(() => (text.match(/bytes from/g)?.length ?? 0) > 3, 5)
    child.kill('SIGINT')
    await ended
    const [, sent, received] = /(\d+) packets transmitted, (\d+) received/.exec(text) ?? []
    assert.ok(Number(sent) > 3, text)
    // The last one may still be under way.
    return Math.max(0, Number(sent) - Number(received) - 1)
  }
}
