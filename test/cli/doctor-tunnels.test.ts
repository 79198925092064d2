// Tests `netdojo doctor` on a host with a tunnel: a closed UDP port here or on the way, a wrong MTU, wrong checksums, and clocks.
import { createServer } from 'node:http'
import * as assert from 'uvu/assert'
import { call } from '../helpers/command.ts'
import { sandboxSuite, sh } from '../helpers/sandbox.ts'
import { onHost2, tunnel, twoMachines } from '../helpers/two-machines.ts'

type Finding = { readonly name: string; readonly state: string; readonly observed: string }

async function found(): Promise<readonly string[]> {
  const { out } = await call(['doctor', '--format', 'json'])
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the test then looks at shows whether it is one
  const { findings } = JSON.parse(out) as { readonly findings: readonly Finding[] }
  return findings
    .filter(({ name }) => /^(tunnel|udp port|checksums|clock)/.test(name))
    .map(({ name, state, observed }) => `${state} ${name}: ${observed}`)
}

const open = 'ok udp port 4789: no rule of this host closes it'
const works =
  'ok tunnel vxlan0: 10.80.0.3 on 203.0.113.12 answers c1, also to packets of 1450 bytes'
const silent = (and: string) =>
  `fault tunnel vxlan0: 10.80.0.3 does not answer c1; 203.0.113.12, its machine, ${and}`
const onSwitch = 'nsenter --net=/run/netns/switch'
const closing =
  "nft 'add table inet f; add chain inet f i { type filter hook input priority 0; }; add rule inet f i udp dport 4789 drop'"

sandboxSuite('doctor of tunnels', (test, slow) => {
  test('a host without tunnels: nothing is said; with one that works: how large a packet may be', async () => {
    assert.equal(await found(), [])
    await twoMachines()
    tunnel()
    assert.equal(await found(), [open, works])
  })

  test('a rule here, a policy here, and a rule on the way that close the UDP port', async () => {
    sh(closing)
    const [port, asked] = await found()
    assert.match(
      port ?? '',
      /^fault udp port 4789: closed: inet f i has the rule 'udp dport 4789 drop'/,
    )
    assert.is(asked, silent('answers'))
    sh('nft delete table inet f; iptables -A INPUT -p icmp -j ACCEPT; iptables -P INPUT DROP')
    assert.match((await found())[0] ?? '', 'closed: the policy of ip filter INPUT is DROP')
    sh('iptables -I INPUT -p udp --dport 4789 -j ACCEPT')
    assert.equal(await found(), [open, works])
    sh('iptables -P INPUT ACCEPT; iptables -F INPUT')
    sh(
      `${onSwitch} nft 'add table bridge f; add chain bridge f i { type filter hook forward priority 0; }; add rule bridge f i udp dport 4789 drop'`,
    )
    assert.equal(await found(), [open, silent('answers')])
    sh(`${onSwitch} nft delete table bridge f`)
    assert.equal(await found(), [open, works])
  })

  slow('the other machine is down', async () => {
    sh(`${onHost2} ip link set eth0 down`)
    assert.equal(await found(), [open, silent('does not answer either')])
    sh(`${onHost2} ip link set eth0 up`)
  })

  test('an MTU that is too large for the way: the largest packet that passes', async () => {
    sh('ip -n c1 link set eth0 mtu 1500')
    const [, asked] = await found()
    assert.is(
      asked,
      'fault tunnel vxlan0: packets of 1450 bytes reach 10.80.0.3 on 203.0.113.12; eth0 of c1 sends up to 1500, which do not arrive',
    )
    sh('ip -n c1 link set eth0 mtu 1450')
    assert.equal(await found(), [open, works])
  })

  test('UDP packets with a wrong checksum, and a store whose clock differs', async () => {
    // A raw socket leaves the checksum as it is: UDP from port 9 to port 4789, 8 bytes, checksum 0x1234.
    sh(
      `${onHost2} perl -e 'use Socket; socket(my $s, PF_INET, SOCK_RAW, 17) or die; send($s, pack("n4", 9, 4789, 8, 0x1234), 0, sockaddr_in(0, inet_aton("203.0.113.2"))) or die'`,
    )
    let age = 0
    const server = createServer((_, response) => {
      response.setHeader('date', new Date(Date.now() - age).toUTCString())
      response.end('{}')
    })
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        resolve(typeof address === 'object' && address ? address.port : 0)
      })
    })
    process.env.NETDOJO_STORE = `http://127.0.0.1:${port}`
    try {
      const wrong = 'note checksums: 1 UDP packets arrived with a wrong checksum, and were dropped'
      const url = process.env.NETDOJO_STORE
      assert.equal(await found(), [open, works, wrong, `ok clock: the same as that of ${url}`])
      age = 60_000
      assert.match((await found()).at(-1) ?? '', /^note clock: (60|61) s ahead of that of http/)
    } finally {
      delete process.env.NETDOJO_STORE
      server.close()
    }
  })
})
