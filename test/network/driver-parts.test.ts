// The driver of docs/library.md that is made of the parts of ours: neither driver's check or removal takes anything from the other one's networks.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { openNetworks, type DriverParts, type NetworkDriver } from '../../lib/index.ts'
import { codeOf, errorOf, networkSuite, newDirectory } from '../helpers/networks.ts'
import { sh, succeeds } from '../helpers/sandbox.ts'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/library.md'), 'utf8')
const [, code = ''] =
  /^## Your own driver, made of parts of the bridge driver$[^]*?```ts\n([^]*?)\/\/ Another/m.exec(
    page,
  ) ?? []
const file = join(newDirectory(), 'lan.ts')
writeFileSync(
  file,
  `${code.replaceAll("'netdojo'", JSON.stringify(join(root, 'lib/index.ts')))}\nexport { lan }`,
)
const { lan }: { lan: (parts: DriverParts) => NetworkDriver } = await import(file)

const forwards = () => sh('sysctl -n net.ipv4.ip_forward').trim()
const guardOf = (table: string) => sh(`nft list set inet ${table} guarded`)
const ports = async (port: number, address: string) => {
  const server = spawn('ip', ['netns', 'exec', address, 'serve', '80'], { stdio: 'pipe' })
  await once(server.stdout, 'data')
  const found = succeeds(
    `ip netns exec outside curl -s --max-time 20 http://203.0.113.2:${port} | grep -q hello`,
  )
  server.kill()
  return found
}

networkSuite('driver-parts', (test) => {
  const options = { uplink: 'eth1' }
  const prepare = () => {
    sh('ip link delete eth1 2>/dev/null; ip netns add machine; ip netns add c1; ip netns add c2')
    sh('ip link add eth1 type veth peer name eth0 netns machine; ip -n machine link set eth0 up')
    sh('ip -n machine address add 10.9.0.77/24 dev eth0')
  }

  for (const firewall of ['nftables', 'iptables'] as const)
    test(`two drivers side by side publish, repair and remove only their own: ${firewall}`, async () => {
      prepare()
      assert.is(forwards(), '0')
      await using networks = await openNetworks({
        stateDirectory: newDirectory(),
        drivers: [lan],
        firewall,
      })
      for (const first of ['web', 'home']) {
        const web = await networks.create({ name: 'web', subnet: '10.5.0.0/24' })
        const home = await networks.create({
          name: 'home',
          driver: 'lan',
          subnet: '10.9.0.0/24',
          options,
        })
        await web.connect({ netns: '/run/netns/c1', ports: ['8080:80'] })
        const endpoint = await home.connect({ netns: '/run/netns/c2', ports: ['8081:80'] })
        // The network before had another MAC for this address.
        sh('ip -n machine neighbor flush all')
        const look = async () => {
          assert.ok(
            succeeds(
              `ip netns exec machine ping -c 1 -w 20 ${endpoint.addresses[0]?.split('/')[0]}`,
            ),
          )
          assert.equal([await ports(8080, 'c1'), await ports(8081, 'c2')], [true, true])
        }
        await look()
        const { repaired, strays, lost } = await networks.reconcile({ removeStrays: true })
        assert.equal([repaired, strays, lost], [[], [], []])
        assert.equal(await endpoint.check(), [])
        if (firewall === 'nftables') {
          sh('nft delete table inet netdojo')
          assert.not.ok(await ports(8080, 'c1'))
          assert.ok(await ports(8081, 'c2'))
          assert.equal((await networks.reconcile()).repaired, [
            'Restore the firewall from the records',
          ])
          await look()
          assert.match(guardOf('netdojo'), /elements = \{ ip/)
          assert.match(guardOf('netdojo-lan'), /elements = \{ ip/)
        }
        // The host forwards for the network that is left, and for nobody else, until that is gone, too.
        await networks.remove(first, { force: true })
        assert.is(forwards(), '1')
        const left = first === 'web' ? 'home' : 'web'
        if (firewall === 'nftables')
          assert.match(guardOf(left === 'web' ? 'netdojo' : 'netdojo-lan'), /elements = \{ ip/)
        assert.ok(first === 'web' ? await ports(8081, 'c2') : await ports(8080, 'c1'))
        assert.equal((await networks.reconcile()).repaired, [])
        await networks.remove(left, { force: true })
        assert.is(forwards(), '0')
        assert.not.match(sh('nft list ruleset; ip link show eth1'), /netdojo|NETDOJO|master/)
      }
    })

  test('a failed change is rolled back, and the name of the parts is checked', async () => {
    prepare()
    await using networks = await openNetworks({ stateDirectory: newDirectory(), drivers: [lan] })
    const error = await errorOf(
      networks.create({ name: 'home', driver: 'lan', options: { uplink: 'none' } }),
    )
    assert.is(error.code, 'kernel-refused')
    assert.not.match(sh('nft list ruleset; ip link'), /netdojo|nd-home/)
    assert.equal(await networks.list(), [])
    assert.is(
      await codeOf(
        openNetworks({
          stateDirectory: newDirectory(),
          drivers: [({ bridge }) => bridge('My driver')],
        }),
      ),
      'usage',
    )
    assert.is(
      await codeOf(
        openNetworks({
          stateDirectory: newDirectory(),
          drivers: [({ bridge }) => bridge('bridge')],
        }),
      ),
      'driver-exists',
    )
  })
})
