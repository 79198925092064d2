// Tries an overlay network on three machines: one pool, no flooding, names, ports and the way out, with IPv6 inside and outside.
import { existsSync, readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { run } from '../../lib/exec/run.ts'
import { hasEtcd, withoutEtcd } from '../helpers/etcd.ts'
import {
  addNamespace,
  isSilent,
  onMachines,
  pings,
  reaches,
  type TestMachine,
} from '../helpers/machines.ts'
import { sandboxSuite, sh, succeeds } from '../helpers/sandbox.ts'
import { until } from '../helpers/until.ts'

type Machines = readonly [TestMachine, TestMachine, TestMachine]

sandboxSuite('overlay network', (test, slow) => {
  if (!hasEtcd) {
    withoutEtcd()
    test('the driver without etcd is refused', refusedAlone)
    return
  }

  test('containers of three machines reach each other, and nothing is flooded or learned', () =>
    onMachines(3, {}, async ([one, two, three]) => {
      await one.ok('network', 'create', '-d', 'overlay', '--subnet', '10.80.0.0/16', 'wide')
      // Before a machine has made a change, it knows the network from etcd, and has no state.
      assert.match(await two.ok('network', 'ls'), /wide +overlay +10\.80\.0\.0\/16/)
      assert.match(await two.ok('network', 'inspect', 'wide'), '"vni": "4096"')
      assert.not(existsSync(two.directory))
      const addresses = await connectAll([one, two, three], 'wide')
      assert.is(new Set(addresses).size, 3)
      // Each machine knows all addresses at once, from etcd.
      const shown = await three.ok('ipam', 'show', 'wide')
      assert.match(shown, '3 in use on 3 machines, 65,530 free')
      assert.match(shown, 'this machine (192.0.2.4): 10.80.2.1')
      assert.match(shown, /^ +\S+ \(192\.0\.2\.2\): 10\.80\.0\.2$/m)
      const figures = await one.ok('ipam', 'show', '--format', 'json')
      assert.match(figures, '"inUse":"1","free":"65530","inUseElsewhere":"2"')
      assert.match(
        figures,
        '"machine":"192.0.2.3","isHere":false,"addresses":[{"address":"10.80.1.1"',
      )
      for (const from of ['c1', 'c2', 'c3'])
        for (const to of addresses) assert.ok(await reaches(from, to), `${from} -> ${to}`)
      // The largest packet that fits, without fragments, and one byte more.
      const [, second = ''] = addresses
      assert.ok(await pings('c1', second, '-M', 'do', '-s', String(1450 - 28)))
      assert.not(await pings('c1', second, '-M', 'do', '-s', String(1451 - 28)))
      // An address without an entry: no packet of the tunnel is sent for it.
      const before = tunnelPackets(one)
      assert.ok(await isSilent('c1', '10.80.200.200'))
      assert.is(tunnelPackets(one), before)
      const entries = one.sh('bridge fdb show')
      assert.not.match(entries, /ndx\S+ master nd-wide (?!static|permanent)/)
      assert.not.match(entries, '00:00:00:00:00:00')
      // Without its entry the packet goes nowhere; the next reconcile brings it back.
      const mac = /10\.80\.1\.1 dev nd-wide lladdr (\S+)/.exec(one.sh('ip neighbour'))?.[1] ?? ''
      const tunnel = /(ndx\w+)/.exec(one.sh('ip -o link'))?.[1] ?? ''
      one.sh(`bridge fdb delete ${mac} dev ${tunnel} dst ${two.address} self`)
      assert.ok(await isSilent('c1', '10.80.1.1'))
      const repaired = await one.ok('reconcile')
      assert.match(repaired, 'Set the entries of endpoints on other machines')
      assert.ok(await reaches('c1', '10.80.1.1'))
      assert.is(await one.ok('reconcile'), 'The kernel matches the records.')
    }))

  slow(
    'a disconnected endpoint is forgotten everywhere, and the network goes with the last one',
    () =>
      onMachines(3, {}, async ([one, two, three]) => {
        await one.ok('network', 'create', '-d', 'overlay', '--subnet', '10.80.0.0/24', 'wide')
        const [first = ''] = await connectAll([one, two, three], 'wide')
        assert.ok(await reaches('c2', first))
        const refused = await two.netdojo('network', 'rm', 'wide')
        assert.match(refused.err, 'is connected to it')
        await two.ok('network', 'disconnect', 'wide', 'c2')
        const elsewhere = await two.netdojo('network', 'rm', 'wide')
        assert.match(elsewhere.err, /are connected to it on \S+/)
        await one.ok('network', 'disconnect', 'wide', 'c1')
        assert.ok(await until(() => !three.sh('ip neighbour').includes(`${first} dev nd-wide`), 20))
        await three.ok('network', 'disconnect', 'wide', 'c3')
        await two.ok('network', 'rm', 'wide')
        // The others leave it, and their followers end.
        for (const machine of [one, two, three]) {
          const isGone = () => !machine.sh('ip -o link').includes('nd-wide')
          assert.ok(await until(isGone, 20), machine.log())
          assert.ok(await until(() => machine.follower() === undefined, 30))
          assert.is(await machine.ok('network', 'ls', '-q'), '')
        }
      }),
  )

  slow(
    'ports are published on the machine of the container, and containers reach the outside as their machine',
    () =>
      onMachines(3, {}, async ([one, two, three], _, wire) => {
        await one.ok('network', 'create', '-d', 'overlay', '--subnet', '10.80.0.0/16', 'wide')
        addNamespace('c1')
        await one.ok('network', 'connect', 'wide', 'c1', '--publish', '8080:80')
        addNamespace('c2')
        await two.ok('network', 'connect', 'wide', 'c2')
        using server = serve('c1', 80)
        assert.ok(
          await until(() => answers('m3', `http://${one.address}:8080/`), 10),
          server.text(),
        )
        assert.ok(await answers('c2', `http://${one.address}:8080/`))
        assert.ok(await answers('c2', 'http://10.80.0.2/'))
        assert.not(await answers('m3', `http://${two.address}:8080/`))
        // The wire has no route back to 10.80.0.0/16: only the address of the machine gets an answer.
        assert.ok(await reaches('c2', wire.address))
        three.sh(`ip route add 10.80.0.0/16 via ${one.address}`)
        assert.ok(
          await isSilent('m3', '10.80.0.2'),
          'a neighbour of the machine does not reach the container',
        )
      }),
  )

  slow('IPv6 inside of the tunnel and outside of it, with the MTU of the wire', () =>
    onMachines(3, { family: 6, mtu: 1600 }, async ([one, two, three]) => {
      await one.ok(
        'network',
        'create',
        '-d',
        'overlay',
        '--subnet',
        '10.80.0.0/16',
        '--subnet',
        'fd00:80::/64',
        'wide',
      )
      await connectAll([one, two, three], 'wide')
      assert.ok(await reaches('c1', '10.80.1.1'))
      const six = /inet6 (fd00:80::\S+)\/64/.exec(sh('ip -n c2 address show dev eth0'))?.[1] ?? ''
      assert.ok(await reaches('c1', six), six)
      assert.ok(await reaches('c3', six))
      assert.match(sh('ip -n c1 link show eth0'), 'mtu 1530')
      assert.ok(await pings('c1', '10.80.1.1', '-M', 'do', '-s', String(1530 - 28)))
      // The solicitation was answered locally: no multicast packet can enter the tunnel.
      assert.not.match(one.sh('bridge fdb show'), '00:00:00:00:00:00')
    }),
  )

  test('containers of several machines find each other by name', () =>
    onMachines(3, {}, async ([one, two]) => {
      await one.ok('network', 'create', '-d', 'overlay', '--subnet', '10.80.0.0/16', 'wide')
      const run = ['run', '-d', '--network', 'wide']
      await one.ok(...run, '--name', 'web', '--network-alias', 'shop', 'sleep', '300')
      const names = async (machine: TestMachine, container: string) =>
        machine.ok('exec', container, 'cat', '/etc/hosts')
      await two.ok(...run, '--name', 'client', 'sleep', '300')
      assert.match(await names(two, 'client'), '10.80.0.2\tweb shop')
      assert.match(
        await two.ok('exec', 'client', 'ping', '-c', '1', '-W', '5', 'web'),
        '1 received',
      )
      // The watch brings later names, and takes them away.
      assert.ok(await until(async () => /10\.80\.1\.1\tclient/.test(await names(one, 'web')), 20))
      await two.ok('rm', '-f', 'client')
      assert.ok(await until(async () => !(await names(one, 'web')).includes('client'), 20))
      await one.ok('rm', '-f', 'web')
    }))

  test('isolation, and requests that the cluster refuses', () =>
    onMachines(3, {}, async ([one, two]) => {
      await one.ok('network', 'create', '-d', 'overlay', '--subnet', '10.80.0.0/24', 'wide')
      await two.ok(
        'network',
        'create',
        '-d',
        'overlay',
        '--subnet',
        '10.81.0.0/24',
        '-o',
        'vni=77',
        'other',
      )
      addNamespace('c1')
      addNamespace('c2')
      await one.ok('network', 'connect', 'wide', 'c1')
      await two.ok('network', 'connect', 'other', 'c2')
      assert.ok(await isSilent('c1', '10.81.0.2'))
      const refusals: readonly (readonly [string, ...string[]])[] = [
        ['a network with that name already', 'create', '-d', 'overlay', 'wide'],
        ['and other has 77', 'create', '-d', 'overlay', '-o', 'vni=77', 'third'],
        [
          "vni must be a whole number between 1 and 16777215, not 'x'",
          'create',
          '-d',
          'overlay',
          '-o',
          'vni=x',
          'third',
        ],
        [
          '10.81.0.0/24, the network other of the cluster',
          'create',
          '-d',
          'overlay',
          '--subnet',
          '10.81.0.0/16',
          'third',
        ],
        [
          '10.81.0.0/24, the network other of the cluster',
          'create',
          '--subnet',
          '10.81.0.0/25',
          'third',
        ],
        [
          'mtu must be at most 1450 on these machines, not 1500',
          'create',
          '-d',
          'overlay',
          '-o',
          'mtu=1500',
          'third',
        ],
        ['has it', 'connect', '--ip', '10.80.0.2', 'wide', 'c2'],
      ]
      for (const [text, ...words] of refusals) {
        const { code, err } = await one.netdojo('network', ...words)
        assert.is.not(code, 0, text)
        assert.match(err, text)
      }
      const taken = await two.netdojo('network', 'connect', '--ip', '10.80.0.2', 'wide', 'c2')
      assert.match(taken.err, /cannot allocate 10\.80\.0\.2: an endpoint on the machine \S+ has it/)
      assert.match(await two.ok('network', 'ls'), 'wide')
      assert.match(await two.ok('network', 'ls'), 'other')
    }))

  test('without a store that machines share, the driver says what to do', refusedAlone)
})

async function refusedAlone(): Promise<void> {
  const directory = '/run/alone'
  const { stderr, exitCode } = await run(
    process.execPath,
    [
      `${import.meta.dirname}/../../lib/cli/start.js`,
      'netdojo',
      'network',
      'create',
      '-d',
      'overlay',
      'wide',
    ],
    { allowFailure: true, env: { NETDOJO_STATE_DIRECTORY: directory } },
  )
  assert.is.not(exitCode, 0)
  assert.match(stderr, 'needs a store that machines share, and this machine has none')
  assert.match(stderr, 'NETDOJO_STORE=')
}

/** Connects c1 on the first machine, and so on. @returns their IPv4 addresses */
async function connectAll(machines: Machines, network: string): Promise<readonly string[]> {
  const addresses: string[] = []
  for (const [index, machine] of machines.entries()) {
    const name = addNamespace(`c${index + 1}`)
    await machine.ok('network', 'connect', network, name)
    addresses.push(/inet (\S+)\//.exec(sh(`ip -n ${name} address show dev eth0`))?.[1] ?? '')
  }
  return addresses
}

function tunnelPackets(machine: TestMachine): number {
  const name = /(ndx\w+)/.exec(machine.sh('ip -o link'))?.[1] ?? ''
  const statistics = machine.sh(`ip -s -j link show ${name}`)
  return Number(/"tx":\{"bytes":\d+,"packets":(\d+)/.exec(statistics)?.[1])
}

async function answers(namespace: string, url: string): Promise<boolean> {
  return succeeds(`ip netns exec ${namespace} curl -s -m 2 -o /dev/null ${url}`)
}

function serve(namespace: string, port: number): Disposable & { readonly text: () => string } {
  const log = `/run/serve-${namespace}`
  const serve = `${import.meta.dirname}/../../lib/sandbox/bin/serve`
  const pid = sh(`ip netns exec ${namespace} ${serve} ${port} >${log} 2>&1 & echo $!`).trim()
  return {
    text: () => readFileSync(log, 'utf8'),
    [Symbol.dispose]: () => void succeeds(`kill ${pid}`),
  }
}
