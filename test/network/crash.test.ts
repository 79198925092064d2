// Runs the crash matrix: each change is killed before and after each operation and each write, and then records and kernel must agree.
import { spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { openNetworks, type Networks } from '../../lib/index.ts'
import { setNamespaceRecord } from '../../lib/network/records.ts'
import { audit } from '../helpers/audit.ts'
import { long, slow } from '../helpers/long.ts'
import { cleanHost, sandboxSuite, sh, succeeds } from '../helpers/sandbox.ts'
import { namespace } from '../helpers/talk.ts'
import { newDirectory } from '../helpers/directory.ts'

const netns = '/run/netns/c1'
const network = { name: 'crash', subnet: '10.88.0.0/24', subnet6: 'fd00:88::/64' }
const endpoint = { netns, ports: ['8080:80', '5353:53/udp', '90'] }
/** A network takes the default routes and a port of the container over from another one, hands them back, or is lost. */
const moves = ['take over', 'hand over', 'lose'] as const
const changes = ['create', 'connect', 'disconnect', 'remove', ...moves] as const
type Backend = 'nftables' | 'iptables'
// With iptables a network is many more operations: NETDOJO_CRASH=iptables runs that matrix instead.
const firewall: Backend = process.env.NETDOJO_CRASH === 'iptables' ? 'iptables' : 'nftables'

// Each moment is half a second: without NETDOJO_LONG some of them, beginning with another one each time.
const stride = long ? 1 : slow ? 6 : 18
const first = long ? 0 : Math.floor(Math.random() * stride)

sandboxSuite('crash', (test, slow) => {
  for (const change of changes)
    test(
      `${firewall}: ${change} is done or never happened, whenever its process is killed (libnetwork 1790)`,
      async () => {
        cleanHost()
        namespace('c1')
        // One state for all moments: after each, the same names, addresses and ports must be free to be used again.
        const stateDirectory = newDirectory()
        let moments = 0
        let isKilled = true
        for (let moment = first; isKilled; moment += stride) {
          await prepare(stateDirectory, firewall, change)
          isKilled = await runAndDie(stateDirectory, firewall, change, moment)
          await using networks = await openNetworks({ stateDirectory, firewall })
          if (isKilled) {
            moments++
            await networks.reconcile()
          }
          await audit(stateDirectory, firewall)
          const isConnected = (await networks.endpoints()).length > 0
          assert.is(succeeds('ip -n c1 link show eth0'), isConnected, 'inside')
          if (moves.some((move) => move === change)) await auditRoutes(networks)
          const isGuarded = (await networks.list()).length > 0
          assert.is(sysctls(), isGuarded ? '1 1 2' : '0 0 1', 'what the host forwards')
          assert.is(hasGuard(), isGuarded, 'and for whom')
          for (const { name } of await networks.list()) await networks.remove(name, { force: true })
          assert.is(sysctls(), '0 0 1', 'the host is what it was')
          const changed = await networks.store.read((transaction) => transaction.keys('sysctl/'))
          assert.equal(changed, [])
        }
        await audit(stateDirectory, firewall)
        assert.ok(moments >= Math.floor(18 / stride), `${moments} moments`)
        console.log(`crash matrix, ${firewall}, ${change}: killed at ${moments} moments`)
        sh('ip netns delete c1')
      },
      { seconds: long ? 3600 : 400 },
    )

  slow(
    'killed at random times, with its programs still at work',
    async () => {
      const stateDirectory = newDirectory()
      cleanHost()
      namespace('c1')
      await prepare(stateDirectory, 'nftables', 'connect')
      let kills = 0
      for (let round = 0; round < 8; round++) {
        const child = start(stateDirectory, 'nftables', round % 2 === 0 ? 'connect' : 'remove', -1)
        const end = ended(child)
        await Promise.race([end, sleep(180 + Math.random() * 120)])
        if (child.exitCode === null) kills++
        child.kill('SIGKILL')
        await end
        await using networks = await openNetworks({ stateDirectory })
        await networks.reconcile()
        await audit(stateDirectory, 'nftables')
        if ((await networks.list()).length === 0) await networks.create(network)
      }
      console.log(`killed at random: ${kills} of 8 processes`)
      await removeAll(stateDirectory, 'nftables')
      sh('ip netns delete c1')
    },
    { seconds: 120 },
  )
})

/** Forwarding of both families, and whether the host's own interface hears its router. */
function sysctls(): string {
  const keys = 'net.ipv4.ip_forward net.ipv6.conf.all.forwarding net.ipv6.conf.eth0.accept_ra'
  return sh(`sysctl -n ${keys}`).trim().split('\n').join(' ')
}

function hasGuard(): boolean {
  return firewall === 'nftables'
    ? succeeds('nft list set inet netdojo guarded | grep -q "ip, *$"')
    : succeeds('iptables-save | grep -q "OTHERS -j DROP"')
}

/** The kernel's default routes are those of the records, and the leader publishes the container's port. */
async function auditRoutes(networks: Networks): Promise<void> {
  const endpoints = await networks.endpoints()
  const leader = endpoints.find(({ defaultRoute }) => defaultRoute)
  assert.is(leader?.network, endpoints.length > 1 ? 'fast' : 'crash')
  for (const family of ['-4', '-6'])
    assert.match(sh(`ip -n c1 ${family} route show default`), `dev ${leader?.interface} `)
  for (const endpoint of endpoints)
    assert.is(
      endpoint.ports.some(({ hostPort }) => hostPort === 7000),
      endpoint.id === leader?.id,
    )
}

/** What must be there for the change to be possible. */
async function prepare(
  stateDirectory: string,
  firewall: Backend,
  change: (typeof changes)[number],
): Promise<void> {
  await using networks = await openNetworks({ stateDirectory, firewall })
  if (change !== 'create') await networks.create(network)
  if (change === 'disconnect' || change === 'remove') await networks.connect('crash', endpoint)
  if (!moves.some((move) => move === change)) return
  await networks.store.update((transaction) =>
    setNamespaceRecord(transaction, statSync(netns).ino, {
      labels: {},
      ports: [{ protocol: 'tcp', hostPort: 7000, port: 70 }],
    }),
  )
  await networks.connect('crash', { netns })
  await networks.create({ name: 'fast', subnet: '10.89.0.0/24', subnet6: 'fd00:89::/64' })
  if (change === 'take over') return
  const { hostInterface } = await networks.connect('fast', { netns, gatewayPriority: 1 })
  if (change === 'lose') sh(`ip link delete ${hostInterface}`)
}

async function removeAll(stateDirectory: string, firewall: Backend): Promise<void> {
  await using networks = await openNetworks({ stateDirectory, firewall })
  for (const { name } of await networks.list()) await networks.remove(name, { force: true })
}

async function runAndDie(
  stateDirectory: string,
  firewall: string,
  change: string,
  moment: number,
): Promise<boolean> {
  const { code, signal } = await ended(start(stateDirectory, firewall, change, moment))
  if (signal !== 'SIGKILL') assert.is(code, 0, `${change} ended by itself`)
  return signal === 'SIGKILL'
}

function start(stateDirectory: string, firewall: string, change: string, moment: number) {
  const file = join(import.meta.dirname, 'crash.process.ts')
  const args = [file, stateDirectory, firewall, change, String(moment)]
  return spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
}

function ended(child: ReturnType<typeof spawn>) {
  return new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
}
