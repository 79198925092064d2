// Breaks machines, the wire and etcd under a running overlay network: nothing is lost, no address is given twice, and connections that
// exist go on.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { hasEtcd, withoutEtcd, type Etcd } from '../helpers/etcd.ts'
import {
  addNamespace,
  makeWire,
  onMachines,
  reaches,
  wide,
  type TestMachine,
} from '../helpers/machines.ts'
import { sandboxSuite, sh } from '../helpers/sandbox.ts'
import { until } from '../helpers/until.ts'

sandboxSuite('overlay faults', (test, slow) => {
  if (!hasEtcd) withoutEtcd()
  const define = hasEtcd ? slow : () => {}
  test('the machines of these tests are on one wire', () => {
    using wire = makeWire(2, { endpoints: () => [] })
    wire.machines[0]?.sh(`ping -c 1 -W 5 ${wire.machines[1]?.address}`)
  })

  const races = hasEtcd ? test : () => {}
  races('two machines that want the last address, or one VNI, at once: one of them gets it', () =>
    onMachines(2, {}, async ([one, two], etcd) => {
      const create = (machine: TestMachine, name: string, subnet: string) =>
        machine.netdojo(
          'network',
          'create',
          '-d',
          'overlay',
          '--subnet',
          subnet,
          '-o',
          'vni=9',
          name,
        )
      const created = await Promise.all([
        create(one, 'small', '10.80.0.0/30'),
        create(two, 'other', '10.81.0.0/30'),
      ])
      assert.is(created.filter(({ code }) => code === 0).length, 1)
      assert.match(created.map(({ err }) => err).join(''), 'a VNI must be that of one network')
      const network = created[0]?.code === 0 ? 'small' : 'other'
      for (const name of ['c1', 'c2']) addNamespace(name)
      const taken = await Promise.all([
        one.netdojo('network', 'connect', network, 'c1'),
        two.netdojo('network', 'connect', network, 'c2'),
      ])
      assert.is(taken.filter(({ code }) => code === 0).length, 1)
      const errors = taken.map(({ err }) => err).join('')
      assert.match(errors, 'is in use or reserved', errors)
      assert.is((await addressKeys(etcd)).length, 1)
    }),
  )

  define(
    'a machine dies: after the grace time others forget it, and only then its address is given',
    () =>
      onMachines(3, { env: { NETDOJO_HOST_GRACE: '3' } }, async ([one, two, three], etcd) => {
        await one.ok('network', 'create', '-d', 'overlay', '--subnet', '10.80.0.0/29', 'wide')
        for (const name of ['c1', 'c2', 'c3', 'c4', 'c5', 'c6']) addNamespace(name)
        await one.ok('network', 'connect', 'wide', 'c1', '--ip', '10.80.0.2')
        for (const name of ['c2', 'c3', 'c4', 'c5'])
          await two.ok('network', 'connect', 'wide', name)
        assert.ok(await reaches('c2', '10.80.0.2'))
        one.die()
        const died = performance.now()
        const early = await three.netdojo('network', 'connect', 'wide', 'c6')
        assert.match(early.err, 'is in use or reserved')
        const entry = () => two.sh('ip neighbour').includes('10.80.0.2 dev nd-wide')
        assert.ok(await until(() => !entry(), 60))
        const forgotten = performance.now() - died
        // The lease of 10 seconds, and the grace time of 3, of which a part may have passed before it died.
        assert.ok(forgotten > 9000, `${forgotten}`)
        await three.ok('network', 'connect', 'wide', 'c6')
        assert.match(sh('ip -n c6 address'), '10.80.0.2/29')
        // It comes back: the address is no longer its own, so its endpoint ends, and no address exists twice.
        await one.netdojo('reconcile')
        void one.netdojo('follow', '--while-needed')
        const isGone = () => !sh('ip -n c1 address').includes('10.80.0.2')
        assert.ok(await until(isGone, 30), one.log())
        assert.ok(await reaches('c2', '10.80.0.2'))
        assert.is((await addressKeys(etcd)).length, 5)
        console.log(`a machine died: forgotten after ${Math.round(forgotten)} ms`)
      }),
  )

  define(
    'a machine is cut off and comes back: its containers stay, and it learns what it missed',
    () =>
      onMachines(3, {}, async ([one, two, three], etcd) => {
        await wide(one, two, three)
        assert.ok(await reaches('c1', '10.80.1.1'))
        two.cable(false)
        const between = await lossWhile(
          'c1',
          '10.80.2.1',
          async () => {
            addNamespace('c4')
            await one.ok('network', 'connect', 'wide', 'c4')
            await three.ok('network', 'disconnect', 'wide', 'c3')
          },
          true,
        )
        addNamespace('c5')
        const refused = await two.netdojo('network', 'connect', 'wide', 'c5')
        assert.match(refused.err, 'cannot use the state in etcd')
        // What happened meanwhile is not in the history any more.
        await etcd.compact()
        two.cable(true)
        const back = await reaches('c1', '10.80.1.1', 30)
        assert.ok(back !== undefined)
        assert.ok(await reaches('c2', '10.80.0.3', 30), two.log())
        const stale = () => two.sh('ip neighbour').includes('10.80.2.1 dev nd-wide')
        assert.ok(await until(() => !stale(), 30), two.log())
        await two.ok('network', 'connect', 'wide', 'c5')
        console.log(
          `cut off: the others lost ${between}; reachable ${Math.round(back)} ms after the cable`,
        )
      }),
  )

  define(
    'etcd is killed: connections go on, changes are refused, and its return needs nothing',
    () =>
      onMachines(2, {}, async ([one, two], etcd) => {
        await wide(one, two)
        addNamespace('c5')
        await two.ok('network', 'connect', 'wide', 'c5')
        assert.ok(await reaches('c1', '10.80.1.1'))
        const connection = await openConnection('c1', 'c5', '10.80.1.2')
        const loss = await lossWhile(
          'c1',
          '10.80.1.1',
          async () => {
            await etcd.members[0]?.kill()
            addNamespace('c3')
            const refused = await one.netdojo('network', 'connect', 'wide', 'c3')
            assert.is.not(refused.code, 0)
            assert.match(refused.err, 'cannot use the state in etcd')
            // A disconnect needs no etcd: the address is given back later.
            await two.ok('network', 'disconnect', 'wide', 'c2')
            await sleep(1000)
          },
          true,
        )
        await etcd.members[0]?.start()
        assert.ok(await until(async () => (await addressKeys(etcd)).length === 2, 40), two.log())
        assert.ok(
          await until(
            async () => (await one.netdojo('network', 'connect', 'wide', 'c3')).code === 0,
            40,
          ),
        )
        addNamespace('c4')
        await two.ok('network', 'connect', 'wide', 'c4')
        assert.ok(await reaches('c3', '10.80.1.3', 30))
        await connection.isStillOpen()
        console.log(`etcd was killed: lost ${loss}`)
      }),
  )

  define('one of three members is killed: changes go on', () =>
    onMachines(2, { etcd: { members: 3 } }, async ([one, two], etcd) => {
      await wide(one, two)
      assert.ok(await reaches('c1', '10.80.1.1'))
      const connection = await openConnection('c1', 'c2', '10.80.1.1')
      for (const [index, member] of etcd.members.entries()) {
        const loss = await lossWhile('c1', '10.80.1.1', async () => {
          await member.kill()
          addNamespace(`d${index}`)
          const from = performance.now()
          await two.ok('network', 'connect', 'wide', `d${index}`)
          const reached = await reaches('c1', `10.80.1.${index + 2}`, 30)
          assert.ok(reached !== undefined, one.log())
          console.log(
            `member ${index} killed: connected after ${Math.round(performance.now() - from)} ms`,
          )
        })
        assert.is(loss, '0 of the pings')
        await member.start()
        await sleep(3000)
      }
      await connection.isStillOpen()
    }),
  )

  define('a crash at every moment of a connect: nothing is left, and no address is lost', () =>
    onMachines(2, {}, async ([one, two], etcd) => {
      await wide(one, two)
      addNamespace('c3')
      const program = join(import.meta.dirname, 'crash.process.ts')
      let moments = 0
      for (let moment = 1; ; moment++) {
        const line = `NETDOJO_MOMENT=${moment} ${process.execPath} ${program} ${one.directory} c3`
        const last = one.sh(`${line}; true`).trim()
        if (last.endsWith('connected')) break
        moments = moment
        await one.ok('reconcile')
        assert.is((await addressKeys(etcd)).length, 2, `moment ${moment}`)
        assert.is(await one.ok('reconcile'), 'The kernel matches the records.')
        assert.not.match(sh('ip -n c3 link'), 'eth0')
      }
      assert.ok(moments >= 6, `${moments} moments`)
      assert.is((await addressKeys(etcd)).length, 3)
      await one.ok('network', 'disconnect', 'wide', 'c3')
      assert.is((await addressKeys(etcd)).length, 2)
    }),
  )

  define('the clock jumps by a day, forward and back: nobody is forgotten', () =>
    onMachines(
      2,
      { env: { NODE_OPTIONS: `--import=data:text/javascript,${jump}` } },
      async ([one, two]) => {
        await wide(one, two)
        assert.ok(await reaches('c1', '10.80.1.1'))
        await sleep(15_000)
        assert.ok(await reaches('c1', '10.80.1.1'))
        addNamespace('c3')
        await two.ok('network', 'connect', 'wide', 'c3')
        assert.ok(await reaches('c1', '10.80.1.2'))
      },
    ),
  )
})

/** Moves the wall clock of each process forward after three seconds, and back after eight. */
const jump = encodeURIComponent(`
const now = Date.now, start = now()
Date.now = () => { const at = now(); return at - start > 8000 ? at - 86400000 : at - start > 3000 ? at + 86400000 : at }`)

/** Pings twenty times a second while the work is done. @param ends whether the target ends meanwhile */
async function lossWhile(
  namespace: string,
  to: string,
  work: () => Promise<void>,
  ends = false,
): Promise<string> {
  const ping = spawn('ip', ['netns', 'exec', namespace, 'ping', '-n', '-i', '0.05', '-W', '1', to])
  let text = ''
  ping.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  const ended = new Promise((resolve) => ping.once('close', resolve))
  try {
    await work()
  } finally {
    ping.kill('SIGINT')
    await ended
  }
  const numbers = [...text.matchAll(/icmp_seq=(\d+)/g)].map(([, number]) => Number(number))
  const last = ends ? Math.max(0, ...numbers) : Number(/(\d+) packets transmitted/.exec(text)?.[1])
  // The last packet may still be on its way.
  const missing = Math.max(0, last - numbers.length - (ends ? 0 : 1))
  return `${missing} of the pings`
}

const echo = `require('node:net').createServer((socket) => socket.pipe(socket)).listen(7000)`
/** Writes a line each 50 ms, and prints how many came back; ends with its only connection. */
const talk = (to: string) => `
const socket = require('node:net').connect(7000, '${to}', () => setInterval(() => socket.write('x'), 50))
let count = 0
socket.on('data', (data) => console.log((count += data.length)))
for (const event of ['error', 'close', 'end']) socket.on(event, () => process.exit(1))`

/** Opens one TCP connection between two containers, on which both sides go on talking. */
async function openConnection(
  from: string,
  to: string,
  address: string,
): Promise<{ readonly isStillOpen: () => Promise<void> }> {
  const start = (namespace: string, program: string) =>
    spawn('ip', ['netns', 'exec', namespace, process.execPath, '-e', program])
  const server = start(to, echo)
  const isListening = () => sh(`ip netns exec ${to} ss -ltn`).includes(':7000')
  assert.ok(await until(isListening, 20))
  const client = start(from, talk(address))
  let echoes = 0
  client.stdout.setEncoding('utf8').on('data', (text: string) => {
    echoes = Number(text.trim().split('\n').at(-1))
  })
  assert.ok(await until(() => echoes > 0, 20))
  return {
    isStillOpen: async () => {
      const before = echoes
      assert.ok(await until(() => echoes > before, 20), `${echoes} echoes`)
      assert.is(client.exitCode, null)
      client.kill()
      server.kill()
    },
  }
}

async function addressKeys(etcd: Etcd): Promise<readonly string[]> {
  const text = await etcd.ctl('get', '--prefix', '/netdojo/v1/address/', '--keys-only')
  return text.split('\n').filter((line) => line !== '')
}
