// Runs networks next to a Docker engine: both work, and neither changes the rules of the other.
import * as assert from 'uvu/assert'
import { dockerSleeper, startDocker, whyNoDocker } from '../helpers/docker.ts'
import { networkSuite, open } from '../helpers/networks.ts'
import { sh } from '../helpers/sandbox.ts'
import { ask, namespace, pings, serve } from '../helpers/talk.ts'

const outside = '/run/netns/outside'

networkSuite('beside docker', (test, slow) => {
  slow(
    'networks work beside a Docker engine and somebody’s own rules, and leave both as they were',
    async () => {
      const reason = whyNoDocker()
      if (reason !== undefined) {
        console.log(`not tested with a real engine: ${reason}`)
        assert.ok(reason)
        return
      }
      await using docker = await startDocker()
      assert.ok(docker)
      sh('iptables -w -N SOMEBODY; iptables -w -A SOMEBODY -s 192.0.2.0/24 -j DROP')
      sh('iptables -w -I INPUT -j SOMEBODY; nft add table ip somebody')
      const neighbour = dockerSleeper('theirs', '-p 8081:80')
      const before = theirs()
      {
        await using networks = await open()
        await using web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
        const c1 = namespace('c1')
        await web.connect({ netns: c1, ports: ['8080:80'] })
        await using server = await serve(c1, 'ours', 80)
        await using their = await serve(neighbour, 'theirs', 80)
        assert.ok(server.process.pid && their.process.pid)
        assert.ok(pings(c1, '198.51.100.1'), 'out, through their FORWARD DROP')
        assert.is(ask(outside, '203.0.113.2', 8080), 'ours sees 203.0.113.1')
        assert.is(ask(outside, '203.0.113.2', 8081), 'theirs sees 203.0.113.1')
        assert.ok(pings(neighbour, '198.51.100.1'))
        assert.not(pings(c1, '172.17.0.2'), 'our containers do not reach theirs')
        assert.not(pings(neighbour, '10.77.0.2'), 'nor theirs ours')
        assert.is.not(theirs(), before, 'our rules are in DOCKER-USER')
      }
      assert.is(theirs(), before)
    },
    { seconds: 240 },
  )
})

/** All rules of the host, byte for byte but for counters. */
function theirs(): string {
  return sh('iptables-save; ip6tables-save; nft list ruleset').replaceAll(
    /^#.*$|\[\d+:\d+\]|counter packets \d+ bytes \d+/gm,
    '',
  )
}
