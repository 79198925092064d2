// Tries that a machine which lives comes back by itself: after a lease that was lost, data of etcd that are older or gone, another
// address, and a new state.
import { rmSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { hasEtcd, withoutEtcd, type Etcd } from '../helpers/etcd.ts'
import { addNamespace, onMachines, reaches, wide, type TestMachine } from '../helpers/machines.ts'
import { sandboxSuite, sh } from '../helpers/sandbox.ts'
import { until } from '../helpers/until.ts'

sandboxSuite('overlay return', (test, slow) => {
  if (!hasEtcd) {
    withoutEtcd()
    return test('a machine without etcd has no cluster', () =>
      onMachines(0, {}, async () => {}).catch(() => {}))
  }

  test('a machine whose lease was lost is not refused: the request waits until its follower is back', () =>
    onMachines(2, {}, async ([one, two], etcd) => {
      await wide(one, two)
      const id = await idOf(one, etcd)
      // Anybody can delete the key: the lease alone is no sign of life.
      await etcd.ctl('del', `${alive}${id}`)
      assert.ok(await until(async () => (await aliveKeys(etcd)).includes(id), 20), one.log())
      // Another process has the lock, and no follower can work, while the key is lost: the change finds it missing.
      sh(`kill -9 ${one.follower()}`)
      for (const name of ['follower', 'lock'])
        sh(
          `flock ${one.directory}/${name} sh -c 'while ! [ -e /run/free-${name} ]; do sleep 0.1; done' >/dev/null 2>&1 &`,
        )
      addNamespace('c3')
      const connecting = one.netdojo('network', 'connect', 'wide', 'c3')
      const isWaiting = () => sh('cat /proc/locks').includes('->')
      const isLost = async () => !(await aliveKeys(etcd)).includes(id)
      assert.ok(await until(async () => isWaiting() || (await isLost()), 30))
      await etcd.ctl('del', `${alive}${id}`)
      sh('touch /run/free-lock')
      assert.ok(await until(() => !isWaiting(), 30))
      sh('touch /run/free-follower')
      const { code, err } = await connecting
      assert.is(code, 0, err)
      assert.ok(await reaches('c2', '10.80.0.3', 30))
    }))

  test('etcd has older data, or none: each machine writes its part again', () =>
    onMachines(2, {}, async ([one, two], etcd) => {
      await one.ok('network', 'create', '-d', 'overlay', '--subnet', '10.81.0.0/24', 'older')
      const restore = await etcd.backup()
      await wide(one, two)
      assert.ok(await reaches('c1', '10.80.1.1'))
      await restore()
      const isBack = async () => (await addressesIn(etcd)).join() === '10.80.0.2,10.80.1.1'
      assert.ok(await until(isBack, 40))
      addNamespace('c3')
      await two.ok('network', 'connect', 'wide', 'c3')
      assert.ok(await reaches('c1', '10.80.1.2', 30))
      assert.ok(await reaches('c2', '10.80.0.2', 30))
      assert.is(await one.ok('reconcile'), 'The kernel matches the records.')
      // As many keys as before, and another one of them: the numbers alone do not tell.
      const again = await etcd.backup()
      addNamespace('c4')
      await two.ok('network', 'disconnect', 'wide', 'c3')
      await two.ok('network', 'connect', 'wide', 'c4')
      assert.ok(await reaches('c1', '10.80.1.3', 30))
      await again()
      const isSame = async () =>
        (await addressesIn(etcd)).join() === '10.80.0.2,10.80.1.1,10.80.1.3'
      assert.ok(await until(isSame, 40), (await addressesIn(etcd)).join())
      const entries = () => one.sh('ip neighbour show nud permanent')
      assert.ok(
        await until(() => entries().includes('10.80.1.3') && !entries().includes('10.80.1.2'), 30),
        entries(),
      )
    }))

  slow('etcd has lost all data, and an uplink gets a smaller MTU: the machines write both', () =>
    onMachines(2, {}, async ([one, two], etcd) => {
      const restore = await etcd.backup()
      await wide(one, two)
      await restore()
      const isBack = async () => (await addressesIn(etcd)).join() === '10.80.0.2,10.80.1.1'
      assert.ok(await until(isBack, 40))
      addNamespace('c3')
      await two.ok('network', 'connect', 'wide', 'c3')
      assert.ok(await reaches('c1', '10.80.1.2', 30))
      assert.ok(await reaches('c2', '10.80.0.2', 30))
      one.sh('ip link set eth0 mtu 1400')
      const machines = () =>
        etcd.ctl('get', '--prefix', '/netdojo/v1/cluster/machine/', '--print-value-only')
      assert.ok(await until(async () => (await machines()).includes('"mtu":1400'), 40))
      await two.ok('network', 'create', '-d', 'overlay', '--subnet', '10.81.0.0/24', 'narrow')
      assert.match(await one.ok('network', 'inspect', 'narrow'), '"mtu": 1350')
    }),
  )

  slow('a machine gets another address: its tunnels and the entries of the others follow', () =>
    onMachines(2, {}, async ([one, two]) => {
      await wide(one, two)
      assert.ok(await reaches('c1', '10.80.1.1'))
      two.sh(
        'ip address delete 192.0.2.3/24 dev eth0 && ip address add 192.0.2.77/24 dev eth0 && ip route replace default via 192.0.2.1',
      )
      assert.ok(
        await until(() => one.sh('bridge fdb show').includes('dst 192.0.2.77'), 40),
        two.log(),
      )
      assert.ok(await reaches('c1', '10.80.1.1', 30))
      assert.ok(await reaches('c2', '10.80.0.2', 30))
    }),
  )

  slow('the state of a machine is deleted: with a new one it takes the place of the old one', () =>
    onMachines(2, {}, async ([one, two], etcd) => {
      await wide(one, two)
      const old = await idOf(two, etcd)
      const follower = two.follower() ?? 0
      sh('ip netns delete c2')
      two.sh('ip link delete nd-wide; nft flush ruleset; true')
      for (const [link] of two.sh('ip -o link').matchAll(/ndx\w+/g))
        two.sh(`ip link delete ${link}`)
      rmSync(two.directory, { recursive: true })
      addNamespace('c3')
      await two.ok('network', 'connect', 'wide', 'c3')
      // The old follower has seen that its state is gone.
      assert.ok(await until(() => sh(`cat /proc/${follower}/cmdline || true`) === '', 30))
      assert.is.not(await idOf(two, etcd), old)
      const address = /inet (\S+)\//.exec(sh('ip -n c3 address show dev eth0'))?.[1] ?? ''
      assert.ok(await reaches('c1', address, 30))
      // The others have dropped what the old one had.
      assert.ok(
        await until(() => !one.sh('ip neighbour show nud permanent').includes('10.80.1.1 '), 30),
        one.sh('ip neighbour'),
      )
    }),
  )
})

const alive = '/netdojo/v1/cluster/alive/'

async function aliveKeys(etcd: Etcd): Promise<string> {
  return etcd.ctl('get', alive, '--prefix', '--keys-only')
}

async function addressesIn(etcd: Etcd): Promise<readonly string[]> {
  const keys = await etcd.ctl('get', '--prefix', '/netdojo/v1/address/', '--keys-only')
  return keys
    .split('\n')
    .flatMap((key) => key.split('/').slice(7))
    .filter((text) => text !== '')
}

async function idOf({ address }: TestMachine, etcd: Etcd): Promise<string> {
  const records = await etcd.ctl(
    'get',
    '/netdojo/v1/cluster/machine/',
    '--prefix',
    '--print-value-only',
  )
  const found = records.split('\n').find((record) => record.includes(`"${address}"`)) ?? ''
  return /"id":"(\w+)"/.exec(found)?.[1] ?? ''
}
