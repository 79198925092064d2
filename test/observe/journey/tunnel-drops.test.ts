// Packets between two machines, through a tunnel: one story of the inner and the outer packet, and each way in which the tunnel loses them.
import * as assert from 'uvu/assert'
import type { Followed } from '../../../lib/observe/journey/follow.ts'
import type { DropReason } from '../../../lib/observe/journey/journey.ts'
import { droppedAt, journeyOf, mended, textOf } from '../../helpers/journey.ts'
import { sandboxSuite, sh } from '../../helpers/sandbox.ts'
import { onHost2, tunnel, twoMachines } from '../../helpers/two-machines.ts'

type TunnelCase = {
  readonly title: string
  readonly breaks: string
  readonly size?: number
  readonly reason: DropReason
  readonly node: string
  readonly why: RegExp
  /** What a person does, if the verdict names no command. */
  readonly byHand?: string
}

const far = '02:00:00:00:00:02 dev vxlan0'

const cases: readonly TunnelCase[] = [
  {
    title: 'no forwarding entry',
    breaks: `bridge fdb delete ${far} dst 203.0.113.12 self`,
    reason: 'tunnel',
    node: 'host',
    why: /does not know to which host it should send what is for 02:00:00:00:00:02/,
    byHand: `bridge fdb add ${far} dst 203.0.113.12 self permanent`,
  },
  {
    title: 'no neighbour entry',
    breaks: 'ip neigh delete 10.80.0.3 dev vxlan0',
    reason: 'tunnel',
    node: 'host',
    why: /vxlan0 answers questions for addresses \(proxy\), and has no neighbour entry for 10\.80\.0\.3/,
    byHand: 'ip neigh add 10.80.0.3 lladdr 02:00:00:00:00:02 dev vxlan0 nud permanent',
  },
  {
    title: 'an entry that leads to a machine without a tunnel',
    breaks: `bridge fdb replace ${far} dst 203.0.113.1 self permanent`,
    reason: 'tunnel',
    node: 'outside',
    why: /outside got the tunnel's packet and has no VXLAN device/,
    byHand: `bridge fdb replace ${far} dst 203.0.113.12 self permanent`,
  },
  {
    title: 'an entry that leads to nobody',
    breaks: `bridge fdb replace ${far} dst 203.0.113.99 self permanent`,
    reason: 'tunnel',
    node: 'host',
    why: /vxlan0 sends to 203\.0\.113\.99: nobody answers/,
    byHand: `bridge fdb replace ${far} dst 203.0.113.12 self permanent`,
  },
  {
    title: 'a rule on the other machine against the port of the tunnel',
    breaks: `${onHost2} iptables -A INPUT -p udp --dport 4789 -j DROP`,
    reason: 'dropped-by-rule',
    node: 'host2',
    why: /a rule drops it/,
  },
  {
    title: 'a packet that is too long with the outer headers',
    breaks: 'ip -n c1 link set eth0 mtu 1500',
    size: 1472,
    reason: 'mtu',
    node: 'c1',
    why: /it has 1500 bytes, and must not be divided; vxlan0 adds 50 for the outer packet, and eth0 of host takes 1500/,
  },
]

sandboxSuite('drops in tunnels', (test, slow) => {
  test('one story: the inner packet, the outer one within it, and out again', async () => {
    await twoMachines()
    tunnel()
    const followed = await ping()
    answered(followed)
    assert.is(followed.journey.conversations.length, 1, textOf(followed))
    // What comes out of the tunnel enters the tunnel's device, and then the bridge.
    const words = textOf(followed).replaceAll(/ +/g, ' ')
    assert.match(
      words,
      /into the tunnel, VNI 42: 203\.0\.113\.2:\d+[^]*host2 in ← eth0[^]*out of the tunnel, VNI 42\n in ← vxlan0\n br0 the bridge knows [^]*out → veth2\n c2 in/,
    )
  })

  for (const [index, { title, breaks, size, reason, node, why, byHand }] of cases.entries())
    (index < 2 ? test : slow)(title, async () => {
      await twoMachines()
      tunnel()
      sh(breaks)
      const ask = () => ping(...(size === undefined ? [] : ['-M', 'do', '-s', String(size)]))
      const drop = droppedAt(await ask(), reason, node)
      assert.match(drop.why.text, why)
      if (byHand === undefined && size === undefined) return mended(drop, ask)
      if (byHand !== undefined) {
        sh(`${byHand}; ip -n c1 neigh flush dev eth0; ip neigh flush nud failed`)
        return answered(await ask())
      }
      // The advice is the largest packet that passes.
      assert.is(drop.remedy, 'ip link set eth0 mtu 1450')
      sh(`ip netns exec c1 ${drop.remedy}; ip -n c1 route flush cache`)
      answered(await ping('-M', 'do', '-s', '1422'))
    })
})

const ping = (...options: readonly string[]) =>
  journeyOf('c1', 'ping', '-c', '1', '-W', '1', ...options, '10.80.0.3')

function answered(followed: Followed): void {
  assert.is(followed.journey.outcome, 'answered', textOf(followed))
}
