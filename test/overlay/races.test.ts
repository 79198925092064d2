// Lets two machines want the same thing, or opposite things, at once: one of them gets it, the other gets an error, and both agree afterwards.
import * as assert from 'uvu/assert'
import { hasEtcd, withoutEtcd } from '../helpers/etcd.ts'
import { addNamespace, makeWire, onMachines, reaches, wide } from '../helpers/machines.ts'
import { sandboxSuite, sh } from '../helpers/sandbox.ts'
import { until } from '../helpers/until.ts'

sandboxSuite('overlay races', (test, slow) => {
  test('the machines of these tests are on one wire', () => {
    using wire = makeWire(2, { endpoints: () => [] })
    wire.machines[0]?.sh(`ping -c 1 -W 5 ${wire.machines[1]?.address}`)
  })
  if (!hasEtcd) return withoutEtcd()

  test('a network is removed while another machine connects, and the name is used again', () =>
    onMachines(2, {}, async ([one, two], etcd) => {
      await wide(one, two)
      for (const [machine, name] of [
        [one, 'c1'],
        [two, 'c2'],
      ] as const)
        await machine.ok('network', 'disconnect', 'wide', name)
      addNamespace('c3')
      const [removed, connected] = await Promise.all([
        one.netdojo('network', 'rm', 'wide'),
        two.netdojo('network', 'connect', 'wide', 'c3'),
      ])
      const keys = () => etcd.ctl('get', '--prefix', '/netdojo/v1/', '--keys-only')
      if (connected.code === 0) {
        assert.match(removed.err, 'is connected to it')
        await two.ok('network', 'disconnect', 'wide', 'c3')
        await one.ok('network', 'rm', 'wide')
      } else {
        assert.is(removed.code, 0, removed.err)
        assert.match(connected.err, 'wide')
      }
      assert.not.match(await keys(), '/v1/address/')
      // Its follower is stopped, so that it has not left the network before the next command.
      sh(`kill -9 ${two.follower() ?? 999_999} || true`)
      await one.ok('network', 'create', '-d', 'overlay', '--subnet', '10.90.0.0/24', 'wide')
      addNamespace('c4')
      await one.ok('network', 'connect', 'wide', 'c4')
      await two.ok('network', 'connect', 'wide', 'c3')
      assert.match(sh('ip -n c3 address show dev eth0'), '10.90.0.')
      assert.ok(await reaches('c3', '10.90.0.2', 30), two.log())
    }))

  slow('one address asked by two machines: one gets it', () =>
    onMachines(2, {}, async ([one, two]) => {
      await one.ok('network', 'create', '-d', 'overlay', '--subnet', '10.80.0.0/28', 'wide')
      for (let round = 1; round <= 3; round++) {
        const [c, d] = [addNamespace(`c${round}`), addNamespace(`d${round}`)]
        const asked = ['network', 'connect', 'wide', '--ip', `10.80.0.${round + 8}`]
        const both = await Promise.all([one.netdojo(...asked, c), two.netdojo(...asked, d)])
        assert.is(
          both.filter(({ code }) => code === 0).length,
          1,
          both.map(({ err }) => err).join(),
        )
        assert.match(both.map(({ err }) => err).join(''), 'has it')
      }
      assert.match(await two.ok('ipam', 'show'), '3 in use on')
    }),
  )

  slow('IPv6 alone, inside and outside of the tunnel, with another port', () =>
    onMachines(2, { family: 6 }, async ([one, two]) => {
      const words = ['network', 'create', '-d', 'overlay', '--subnet', 'fd00:80::/64']
      await one.ok(...words, '-o', 'port=14789', '-o', 'vni=16777215', 'six')
      for (const [machine, name] of [
        [one, 'c1'],
        [two, 'c2'],
      ] as const) {
        addNamespace(name)
        await machine.ok('network', 'connect', 'six', name)
      }
      const six = /inet6 (fd00:80::\S+)\/64/.exec(sh('ip -n c2 address show dev eth0'))?.[1] ?? ''
      assert.ok(await reaches('c1', six, 30), six)
      assert.match(one.sh('ip -d link show type vxlan'), /id 16777215 .*dstport 14789/)
      // The number after the greatest one is a free one again.
      await two.ok('network', 'create', '-d', 'overlay', '--subnet', 'fd00:81::/64', 'next')
      assert.match(await two.ok('network', 'inspect', 'next'), '"vni": "4096"')
      assert.ok(await until(async () => (await one.ok('network', 'ls')).includes('next'), 10))
    }),
  )
})
