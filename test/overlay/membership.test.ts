// Tries what a machine remembers of its cluster, with two etcds: a refused command changes nothing, and a machine is in one cluster at a time.
import * as assert from 'uvu/assert'
import { hasEtcd, startEtcd, withoutEtcd, type Etcd } from '../helpers/etcd.ts'
import { addNamespace, makeWire, type TestMachine } from '../helpers/machines.ts'
import { sandboxSuite } from '../helpers/sandbox.ts'
import { until } from '../helpers/until.ts'

type World = {
  readonly machine: TestMachine
  readonly one: Etcd
  readonly two: Etcd
  /** NETDOJO_STORE of the next commands; none for what the machine remembers. */
  readonly use: (...endpoints: readonly string[]) => void
}

/** Nothing listens at the discard port. */
const dead = 'http://192.0.2.1:9'
const create = ['network', 'create', '-d', 'overlay'] as const

sandboxSuite('overlay membership', (test) => {
  test('an etcd that does not answer is refused, and not remembered', async () => {
    let endpoints: readonly string[] = [dead]
    using wire = makeWire(1, { endpoints: () => endpoints })
    const [machine] = wire.machines
    if (!machine) throw new Error('there must be a machine')
    const { err } = await machine.netdojo(...create, 'w1')
    assert.match(err, 'no member answered')
    endpoints = []
    assert.match((await machine.netdojo(...create, 'w1')).err, 'this machine has none')
    assert.is(await machine.ok('network', 'ls', '-q'), '')
  })

  if (!hasEtcd) return withoutEtcd()

  test('another cluster is refused while the machine has networks of the first', () =>
    inWorld(async ({ machine, one, two, use }) => {
      await machine.ok(...create, '--subnet', '10.80.0.0/24', 'w1')
      use(...two.endpoints)
      for (const words of [
        [...create, '-o', 'vni=5000', 'w2'],
        ['network', 'rm', 'w1'],
        ['network', 'create', 'web'],
      ]) {
        const { code, err } = await machine.netdojo(...words)
        assert.is(code, 2, words.join(' '))
        assert.match(err, `cannot use the cluster in etcd at ${two.endpoints[0]}`)
        assert.match(err, `networks (w1) of the cluster in etcd at ${one.endpoints[0]}`)
        assert.match(err, 'NETDOJO_STORE= netdojo leave')
      }
      assert.is(await keysOf(two), '')
      use()
      await machine.ok('network', 'rm', 'w1')
      assert.not.match(await keysOf(one), /network\/w1|subnet\/10|vni\/4096/)
      // Without networks of the first cluster the second one is used, under another id.
      use(...two.endpoints)
      await machine.ok(...create, 'w2')
      assert.match(await keysOf(two), /network\/w2/)
      use()
      assert.match(await machine.ok('network', 'ls'), 'w2')
    }))

  test('the same cluster may be at other endpoints, and another etcd at the same endpoint is refused', () =>
    inWorld(async ({ machine, one, two, use }) => {
      await machine.ok(...create, '--subnet', '10.80.0.0/24', 'w1')
      use(...one.endpoints, dead)
      await machine.ok(...create, '--subnet', '10.81.0.0/24', 'w2')
      use()
      await machine.ok('network', 'rm', 'w2')
      await machine.ok(...create, '--subnet', '10.81.0.0/24', 'w2')
      const key = '/netdojo/v1/cluster/identity'
      assert.is(await keysOf(two), '')
      const identity = (await one.ctl('get', key, '--print-value-only')).trim()
      assert.match(identity, /^\{"id":"[0-9a-f]{16}"\}$/)
      await one.ctl('put', key, '{"id":"0123456789abcdef"}')
      const { code, err } = await machine.netdojo('network', 'rm', 'w1')
      assert.is(code, 2)
      assert.match(err, 'networks (w1, w2) of the cluster in etcd')
      assert.match(await keysOf(one), /network\/w1/)
      await one.ctl('put', key, identity)
      await machine.ok('network', 'rm', 'w1', 'w2')
      assert.not.match(await keysOf(one), /network\/w/)
    }))

  test('a mistyped URL is refused, and the machine remembers what it knew', () =>
    inWorld(async ({ machine, use }) => {
      await machine.ok(...create, '--subnet', '10.80.0.0/24', 'w1')
      for (const url of [dead, 'http://no-such-host.invalid:2379']) {
        use(url)
        const refused = await machine.netdojo(...create, 'w2')
        assert.is(refused.code, 1)
        assert.match(refused.err, `cannot use the state in etcd at ${url}`)
        const list = await machine.netdojo('network', 'ls')
        assert.is(list.code, 1)
        assert.match(list.out, 'w1')
        assert.match(list.err, 'no member answered')
        for (const words of [
          ['network', 'inspect', 'w1'],
          ['inspect', 'w1'],
          ['ipam', 'show'],
        ]) {
          const shown = await machine.netdojo(...words)
          assert.is(shown.code, 1, `${words.join(' ')}: ${shown.err}`)
          assert.match(shown.out, 'w1', `${words.join(' ')}: ${shown.out} ${shown.err}`)
          assert.match(shown.err, 'no member answered')
        }
      }
      use()
      await machine.ok(...create, '--subnet', '10.81.0.0/24', 'w2')
      await machine.ok('network', 'rm', 'w1', 'w2')
    }))

  test('the options of a tunnel are checked before etcd is asked', () =>
    inWorld(async ({ machine, use }) => {
      await machine.ok(...create, '--subnet', '10.80.0.0/24', 'w1')
      const check = async () => {
        for (const [option, value, greatest] of [
          ['vni', '0', 16_777_215],
          ['vni', 'abc', 16_777_215],
          ['vni', '16777216', 16_777_215],
          ['port', '99999', 65_535],
          ['port', '0', 65_535],
        ] as const)
          for (const name of ['w1', 'w2']) {
            const { code, err } = await machine.netdojo(...create, '-o', `${option}=${value}`, name)
            assert.is(code, 2)
            assert.match(
              err,
              `the option ${option} must be a whole number between 1 and ${greatest}, not '${value}'`,
            )
          }
      }
      await check()
      await machine.ok('network', 'rm', 'w1')
      use(dead)
      await check()
    }))

  test('a machine leaves its cluster, also when etcd does not answer', () =>
    inWorld(async ({ machine, one, two, use }) => {
      assert.match(
        (await machine.netdojo('leave')).err,
        'cannot leave the cluster: this machine is in none',
      )
      await machine.ok(...create, '--subnet', '10.80.0.0/24', 'w1')
      addNamespace('c1')
      await machine.ok('network', 'connect', 'w1', 'c1')
      const used = await machine.netdojo('leave')
      assert.match(used.err, 'endpoints of this machine are connected to w1')
      await machine.ok('network', 'disconnect', 'w1', 'c1')
      await machine.ok('leave')
      assert.not.match(machine.sh('ip -o link'), 'nd-w1')
      assert.not.match(await keysOf(one), /cluster\/machine\//)
      assert.match(await keysOf(one), /network\/w1/)
      assert.is(machine.follower(), undefined)
      use()
      assert.is(await machine.ok('network', 'ls', '-q'), '')
      use(...two.endpoints)
      await machine.ok(...create, '--subnet', '10.80.0.0/24', 'w2')
      await machine.ok('network', 'connect', 'w2', 'c1')
      await machine.ok('network', 'disconnect', 'w2', 'c1')
      await two.members[0]?.kill()
      const { code, err } = await machine.netdojo('leave')
      assert.is(code, 1)
      assert.match(err, 'netdojo leave --force')
      assert.match(machine.sh('ip -o link'), 'nd-w2')
      await machine.ok('leave', '--force')
      assert.not.match(machine.sh('ip -o link'), 'nd-w2')
      assert.ok(await until(() => machine.follower() === undefined, 30))
      use(...one.endpoints)
      assert.match(await machine.ok('network', 'ls'), 'w1')
      await machine.ok('network', 'rm', 'w1')
    }))
})

/** All keys but those that guard deletions. */
async function keysOf(etcd: Etcd): Promise<string> {
  const keys = await etcd.ctl('get', '/netdojo/v1/', '--prefix', '--keys-only')
  return keys
    .split('\n')
    .filter((key) => key !== '' && !key.includes('~deleted'))
    .join('\n')
}

async function inWorld(body: (world: World) => Promise<void>): Promise<void> {
  let endpoints: readonly string[] = []
  using wire = makeWire(1, { endpoints: () => endpoints })
  await using one = await startEtcd({ address: wire.address })
  await using two = await startEtcd({ address: wire.address })
  endpoints = one.endpoints
  const [machine] = wire.machines
  if (!machine) throw new Error('there must be a machine')
  const use = (...given: readonly string[]) => void (endpoints = given)
  try {
    await body({ machine, one, two, use })
  } catch (error) {
    console.error(machine.log())
    throw error
  }
}
