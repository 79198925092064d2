// Reads records that version 0.1.0 wrote, and refuses damaged ones with the field that is wrong.
import * as assert from 'uvu/assert'
import { findContainer } from '../../lib/container/records.ts'
import { listLeases } from '../../lib/ipam/leases.ts'
import { listPools } from '../../lib/ipam/pool-records.ts'
import { unfinished } from '../../lib/network/journal.ts'
import { findEndpoint, findNetwork, slotsIn } from '../../lib/network/records.ts'
import { openMemoryStore } from '../../lib/store/memory.ts'
import { rejects } from '../helpers/expect.ts'
import { suite } from '../helpers/suite.ts'

const network =
  '{"id":"0eebceb5289a9683","name":"web","driver":"bridge","interface":"nd-web","internal":false,"masquerade":true,"internalTraffic":true,"mtu":1400,"labels":{"team":"a"},"options":{},"createdAt":"2026-11-28T08:34:34.583Z","subnets":[{"subnet":"10.9.0.0/24","gateway":"10.9.0.1"},{"subnet":"fd00:9::/64","gateway":"fd00:9::1"}],"gateway":"10.9.0.1"}'
const endpoint =
  '{"id":"fc9b91d7101aeb06","network":"web","netns":"/run/netns/c1","netnsInode":4026542330,"interface":"eth0","defaultRoute":true,"hostInterface":"ndvfc9b91d7101a","addresses":["10.9.0.7/24","fd00:9::2/64"],"mac":"02:00:00:00:00:07","ports":[{"protocol":"tcp","hostPort":8080,"port":80},{"protocol":"udp","hostAddress":"127.0.0.1","hostPort":53,"port":53}],"labels":{"x":"y"},"createdAt":"2026-11-28T08:34:34.701Z"}'
const container =
  '{"id":"125efae68ca8ceec","name":"shop","hostname":"shop","root":"/","command":["true"],"netns":"/run/netns/nd-shop-125efae6","networks":[{"name":"web","aliases":["db"],"endpoint":"608cb0a1c931160c","interface":"eth0","addresses":["10.9.0.2/24","fd00:9::3/64"]}],"ports":[{"protocol":"tcp","hostPort":81,"port":80}],"labels":{},"autoRemove":false,"terminal":false,"status":"exited","createdAt":"2026-11-28T08:34:34.764Z","keeper":{"boot":"f7c976f9-3688-4d7c-bcc5-311bbd26b316","starter":{"pid":14646,"startedAt":"252265"}},"startedAt":"2026-11-28T08:34:34.924Z","exitCode":0,"finishedAt":"2026-11-28T08:34:34.985Z"}'

const entries: Readonly<Record<string, string>> = {
  'network/web': network,
  'endpoint/web/fc9b91d7101aeb06': endpoint,
  'place/4026542330/fc9b91d7101aeb06': '{"interface":"eth0","defaultRoute":true}',
  'port/tcp/8080/*': '{"network":"web","endpoint":"fc9b91d7101aeb06"}',
  'odd-mac/web/10.9.0.7/24': '"02:00:00:00:00:07"',
  'ipam/pool/10.9.0.0/24':
    '{"subnet":"10.9.0.0/24","gateway":"10.9.0.1","range":"10.9.0.0-10.9.0.255","reserved":["10.9.0.9"],"owner":"0eebceb5289a9683"}',
  'ipam/lease/10.9.0.0/24/10.9.0.7':
    '{"owner":"fc9b91d7101aeb06","boot":"f7c976f9-3688-4d7c-bcc5-311bbd26b316"}',
  'container-name/shop': '"125efae68ca8ceec"',
  'container/125efae68ca8ceec': container,
  'journal/fc9b91d7101aeb06': `{"change":"disconnect","network":${network},"endpoint":${endpoint},"operations":[{"kind":"remove-link","link":"ndvfc9b91d7101a"},{"kind":"set-sysctl","key":"net/ipv4/ip_forward","value":"1"}]}`,
}

const storeOf = (changes: Readonly<Record<string, string>> = {}) =>
  openMemoryStore({ entries: Object.entries({ ...entries, ...changes }) })

suite('stored records', (test) => {
  test('records of version 0.1.0 are read as they are', async () => {
    await using store = storeOf()
    await store.read((transaction) => {
      assert.equal(findNetwork(transaction, 'web'), JSON.parse(network))
      const found = findEndpoint(transaction, 'web', 'fc9b91d7101aeb06')
      const withType = { attachment: 'netns', ...JSON.parse(endpoint) }
      assert.equal(found.endpoint, withType, 'a record without a type is one of a namespace')
      const [entry] = unfinished(transaction)
      assert.equal(entry && 'endpoint' in entry && entry.endpoint, withType)
      assert.equal(slotsIn(transaction, 4_026_542_330), [{ interface: 'eth0', defaultRoute: true }])
      assert.equal(findContainer(transaction, 'shop'), JSON.parse(container))
      assert.is(unfinished(transaction)[0]?.change, 'disconnect')
      assert.is(`${listPools(transaction)[0]?.reserved[0]}`, '10.9.0.9')
      assert.is(listLeases(transaction)[0]?.owner, 'fc9b91d7101aeb06')
    })
  })

  test('a field that this version does not know stays in the record', async () => {
    await using store = storeOf({ 'network/web': network.replace('{', '{"later":true,') })
    const found = await store.read((transaction) => findNetwork(transaction, 'web'))
    assert.is(Reflect.get(found, 'later'), true)
  })

  test('a damaged record is refused, and the error names the field', async () => {
    for (const [key, from, to, message] of [
      ['network/web', '1400', '"x"', "network/web: mtu must be a number, not 'x'"],
      [
        'network/web',
        '"nd-web"',
        '"nd-web;reboot"',
        "network/web: interface must be an interface name, not 'nd-web;reboot'",
      ],
      [
        'network/web',
        '"web"',
        '"other"',
        "network/web: its name must be the one in its key, not 'other'",
      ],
      ['network/web', '"internal":false,', '', 'network/web: internal must be given'],
    ] as const) {
      await using store = storeOf({ [key]: network.replace(from, to) })
      const error = await rejects(
        'state-corrupt',
        store.read((transaction) => findNetwork(transaction, 'web')),
      )
      assert.is(error.message, `cannot use the stored ${message}`)
    }
    const key = 'endpoint/web/fc9b91d7101aeb06'
    for (const [from, to, message] of [
      ['"netns":"/run/netns/c1",', '', 'netns must be given'],
      ['{', '{"attachment":"handed-over",', "netns must be absent, not '/run/netns/c1'"],
      ['{', '{"attachment":"lost",', "attachment must be netns or handed-over, not 'lost'"],
    ] as const) {
      await using store = storeOf({ [key]: endpoint.replace(from, to) })
      const error = await rejects(
        'state-corrupt',
        store.read((transaction) => findEndpoint(transaction, 'web', 'fc9b91d7101aeb06')),
      )
      assert.is(error.message, `cannot use the stored ${key}: ${message}`)
    }
    await using store = storeOf({
      'container/125efae68ca8ceec': container.replace('14646', '-1'),
      'journal/fc9b91d7101aeb06': (entries['journal/fc9b91d7101aeb06'] ?? '').replace(
        'remove-link',
        'reboot',
      ),
    })
    const shop = await rejects(
      'state-corrupt',
      store.read((transaction) => findContainer(transaction, 'shop')),
    )
    assert.match(shop.message, 'keeper.starter.pid must be a process id, not -1')
    const journal = await rejects('state-corrupt', store.read(unfinished))
    assert.match(journal.message, "operations[0].kind must be a kind of operation, not 'reboot'")
  })
})
