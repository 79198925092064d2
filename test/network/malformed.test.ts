// Sends ten thousand malformed requests: each is refused with a NetdojoError, changes nothing, and reaches no program.
// oxlint-disable typescript/no-unsafe-type-assertion -- values of wrong types are what this is about
import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { NetdojoError, openNetworks, type OpenNetworksOptions } from '../../lib/index.ts'
import type { EndpointName } from '../../lib/network/networks.ts'
import type { ConnectOptions, CreateNetworkOptions } from '../../lib/network/requests.ts'
import { openSqliteStore } from '../../lib/store/sqlite.ts'
import { nastyTexts } from '../helpers/nasty.ts'
import { kernelState } from '../helpers/kernel-state.ts'
import { slow } from '../helpers/long.ts'
import { cleanHost, sandboxSuite } from '../helpers/sandbox.ts'
import { namespace } from '../helpers/talk.ts'
import { newDirectory } from '../helpers/directory.ts'

const requests = Number(process.env.NETDOJO_MALFORMED ?? (slow ? 10_000 : 1000))

/** Text that a shell, a batch, a path or a parser might take for something else. */
const nasty = fc.oneof(
  fc.constantFrom(...nastyTexts, '--help', 'a;reboot', '$(reboot)', '`id`', "'", '1-3:1-2'),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => `!${text}`),
)
const notText = fc.oneof(
  fc.constant(null),
  fc.double(),
  fc.bigInt(),
  fc.boolean(),
  fc.array(fc.anything(), { maxLength: 3 }),
  fc.dictionary(fc.string(), fc.anything(), { maxKeys: 3 }),
  fc.constant(() => 'web'),
  fc.constant(Object.create(null) as unknown),
  fc.constant(Symbol('web')),
)
const wrong = fc.oneof(nasty, notText)

const createBase = { name: 'web', subnet: '10.77.0.0/24' }
const connectBase = { netns: '/run/netns/c1' }
const brokenCreate = fc.oneof(
  notText,
  ...['name', 'driver', 'subnet', 'gateway', 'ipRange', 'gateway6', 'ipRange6'].map((field) =>
    wrong.map(as(createBase, field)),
  ),
  wrong.filter((value) => value !== true).map(as(createBase, 'subnet6')),
  ...['internal', 'masquerade', 'internalTraffic', 'mtu', 'labels', 'options', 'reserved'].map(
    (field) => nasty.map(as(createBase, field)),
  ),
  nasty.map((value) => as(createBase, 'reserved')([value])),
  nasty.map((value) => as(createBase, 'options')({ interface: value })),
  nasty.map((name) => as(createBase, `${name} `)(1)),
  fc.constant(
    Object.defineProperty({}, 'name', { enumerable: true, get: () => assert.unreachable() }),
  ),
)
const brokenConnect = fc.oneof(
  notText,
  ...['netns', 'interface', 'address', 'address6', 'mac'].map((field) =>
    wrong.map(as(connectBase, field)),
  ),
  ...['ports', 'defaultRoute', 'gatewayPriority', 'labels'].map((field) =>
    nasty.map(as(connectBase, field)),
  ),
  wrong.map((value) => as(connectBase, 'ports')([value])),
)

function as(base: object, field: string): (value: unknown) => object {
  return (value) => Object.assign({}, base, { [field]: value })
}

sandboxSuite('malformed', (test) => {
  test(
    `${requests} malformed requests change nothing and throw NetdojoError`,
    async () => {
      cleanHost()
      const directory = newDirectory()
      await using networks = await openNetworks({ stateDirectory: directory })
      await using there = await networks.create({ name: 'there', subnet: '10.78.0.0/24' })
      namespace('c1')
      const before = [await state(directory), await kernelState(['c1'])]
      let count = 0
      const refused = async (attempt: () => Promise<unknown>) => {
        count++
        const error = await attempt().then(
          () => 'it was accepted',
          (thrown: unknown) => thrown,
        )
        if (error instanceof NetdojoError) return
        throw error instanceof Error ? error : new Error(String(error))
      }
      await fc.assert(
        fc.asyncProperty(brokenCreate, brokenConnect, wrong, async (create, connect, name) => {
          await refused(() => networks.create(create as CreateNetworkOptions))
          await refused(() => there.connect(connect as ConnectOptions))
          await refused(() => networks.get(name as string))
          await refused(() => networks.disconnect('there', name as string))
          await refused(() => networks.remove(name as string))
          await refused(() => networks.connect(name as string, connectBase))
          const endpoint = { network: 'there', id: name } as unknown as EndpointName
          for (const each of [endpoint, name as EndpointName]) {
            await refused(() => networks.update(each, {}))
            await refused(() => networks.check(each))
          }
          await refused(() => networks.ipam.releasePool(name as string))
        }),
        { numRuns: Math.ceil(requests / 11) },
      )
      assert.ok(count >= requests, `${count} requests`)
      assert.equal([await state(directory), await kernelState(['c1'])], before)
    },
    { seconds: 240 },
  )

  test('what is no store is refused', async () => {
    const throws = new Proxy({}, { get: () => assert.unreachable() })
    for (const store of [null, 5, '', [], {}, new Map(), Object.create(null), throws]) {
      const options = { store, stateDirectory: newDirectory() } as unknown as OpenNetworksOptions
      assert.instance(await openNetworks(options).catch((error: unknown) => error), NetdojoError)
    }
  })
})

async function state(directory: string): Promise<readonly (readonly [string, unknown])[]> {
  await using store = await openSqliteStore({ directory })
  const prefixes = [
    'owner',
    'host',
    'network/',
    'endpoint/',
    'port/',
    'journal/',
    'place/',
    'ipam/',
  ]
  return store.read((transaction) =>
    prefixes
      .flatMap((prefix) => transaction.keys(prefix))
      .map((key) => [
        key,
        key.startsWith('ipam/page/') ? transaction.bytes(key) : transaction.record(key),
      ]),
  )
}
