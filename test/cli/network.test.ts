// Tests `netdojo network` with Docker's flags, up to a real connection.
import * as assert from 'uvu/assert'
import { findNetwork } from '../../lib/cli/shared/find.ts'
import { call, output, refusal } from '../helpers/command.ts'
import { refuses } from '../helpers/expect.ts'
import { newDirectory } from '../helpers/networks.ts'
import { cleanHost, sandboxSuite, sh } from '../helpers/sandbox.ts'
import { ask, namespace, serve } from '../helpers/talk.ts'

sandboxSuite('netdojo network', (test) => {
  const define = (title: string, body: () => Promise<void>) =>
    test(title, () => {
      cleanHost()
      process.env.NETDOJO_STATE_DIRECTORY = newDirectory()
      return body()
    })

  define('create prints the id, and takes all of Docker’s flags', async () => {
    const words =
      'create --driver bridge --subnet 10.70.0.0/16 --gateway 10.70.0.254 --ip-range 10.70.9.0/24 ' +
      '--aux-address router=10.70.9.1 --subnet fd00:70::/64 --gateway fd00:70::9 -o mtu=1400 ' +
      '--opt com.docker.network.bridge.enable_icc=false -o masquerade=0 -o interface=br70 ' +
      '--label team=a --label=tier= web'
    const id = await output('network', ...words.split(' '))
    assert.match(id, /^[0-9a-f]{16}\n$/)
    const [record] = JSON.parse(await output('network', 'inspect', 'web'))
    const { createdAt, ...rest } = record
    assert.match(createdAt, /^\d{4}-/)
    assert.equal(rest, {
      id: id.trim(),
      name: 'web',
      driver: 'bridge',
      interface: 'br70',
      internal: false,
      masquerade: false,
      internalTraffic: false,
      mtu: 1400,
      labels: { team: 'a', tier: '' },
      options: { interface: 'br70' },
      subnets: [
        { subnet: '10.70.0.0/16', gateway: '10.70.0.254' },
        { subnet: 'fd00:70::/64', gateway: 'fd00:70::9' },
      ],
      gateway: '10.70.0.254',
      endpoints: [],
    })
    assert.match(sh('ip -o address show br70; ip link show br70'), /10\.70\.0\.254\/16[^]*mtu 1400/)
    namespace('c1')
    await output('network', 'connect', 'web', 'c1')
    const first = JSON.parse(await output('network', 'inspect', 'web'))[0].endpoints[0]
    assert.equal(first.addresses, ['10.70.9.0/16', 'fd00:70::1/64'])
  })

  define('--ipv6 gives both families; an IPv6 subnet alone gives only IPv6', async () => {
    await output('network', 'create', '--ipv6', 'both')
    await output('network', 'create', '--subnet', 'fd00:71::/64', 'six')
    assert.match(await output('network', 'ls'), /both +bridge +10\.213\.0\.0\/24, fd.*::\/64\n/)
    assert.match(await output('network', 'ls'), /six +bridge +fd00:71::\/64\n/)
  })

  define(
    'a published port answers after connect, and does not answer after disconnect',
    async () => {
      await output('network', 'create', 'web')
      await using _ = await serve(namespace('c1'), 'c1', 80)
      assert.is(ask('/run/netns/outside', '203.0.113.2', 8080), 'ECONNREFUSED')
      assert.is(
        await output('network', 'connect', '-p', '8080:80', '--ip', '10.213.0.9', 'web', 'c1'),
        '',
      )
      assert.is(ask('/run/netns/outside', '203.0.113.2', 8080), 'c1 sees 203.0.113.1')
      assert.is(await output('network', 'disconnect', 'web', 'c1'), '')
      assert.is(ask('/run/netns/outside', '203.0.113.2', 8080), 'ECONNREFUSED')
      assert.match(await refusal(1, 'network', 'disconnect', 'web', 'c1'), 'it is not connected')
      assert.is(await output('network', 'disconnect', '-f', 'web', 'c1'), '')
    },
  )

  define(
    'connect and disconnect take names, paths and ids; disconnect also takes a removed namespace',
    async () => {
      await output('network', 'create', 'web')
      const path = namespace('c1')
      const endpoints = async () =>
        JSON.parse(await output('network', 'inspect', 'web'))[0].endpoints
      await output('network', 'connect', '--alias', 'db', '--alias', 'store', 'web', path)
      await output('network', 'connect', '--interface', 'second', 'web', 'c1')
      const [one, two] = await endpoints()
      assert.equal(new Set([one.interface, two.interface]), new Set(['eth0', 'second']))
      assert.match(JSON.stringify([one, two]), '"netdojo.aliases":"db,store"')
      assert.match(
        await refusal(1, 'network', 'disconnect', 'web', 'c1'),
        `${two.id} disconnects its ${two.interface}`,
      )
      await output('network', 'disconnect', 'web', two.id.slice(0, 8))
      assert.is((await endpoints()).length, 1)
      sh('ip netns delete c1')
      await output('network', 'disconnect', 'web', 'c1')
      assert.equal(await endpoints(), [])
      assert.match(
        await refusal(1, 'network', 'connect', 'web', 'c1'),
        'existing namespaces: outside',
      )
      assert.match(
        await refusal(1, 'network', 'connect', 'web', '/proc/self/ns/net'),
        'the network itself',
      )
    },
  )

  define('names, ids and the beginnings of ids are accepted; a name comes first', async () => {
    const id = (await output('network', 'create', 'web')).trim()
    for (const word of ['web', id, id.slice(0, 12), id.slice(0, 1)])
      assert.is(JSON.parse(await output('network', 'inspect', word))[0].name, 'web')
    await output('network', 'create', id.slice(0, 1))
    assert.is(
      JSON.parse(await output('network', 'inspect', id.slice(0, 1)))[0].name,
      id.slice(0, 1),
    )
    assert.is(JSON.parse(await output('network', 'inspect', id.slice(0, 2)))[0].name, 'web')
    const alike = [
      { id: 'ab01', name: 'one' },
      { id: 'ab02', name: 'two' },
    ]
    assert.is(findNetwork(alike, 'ab02').name, 'two')
    assert.match(
      refuses('network-missing', () => findNetwork(alike, 'ab')).reason,
      '2 networks have an id that begins',
    )
    refuses('network-missing', () => findNetwork(alike, ''))
  })

  define('ls: table, -q, --no-trunc, json and filters', async () => {
    assert.is(await output('network', 'ls'), 'NETWORK ID   NAME   DRIVER   SUBNET\n')
    const web = await output(
      'network',
      'create',
      '--label',
      'team=a',
      '--subnet',
      '10.1.0.0/16',
      'web',
    )
    const back = await output(
      'network',
      'create',
      '--internal',
      '--label',
      'team=b',
      '--subnet',
      '10.2.0.0/16',
      'back',
    )
    assert.is(
      await output('network', 'ls'),
      'NETWORK ID     NAME   DRIVER   SUBNET\n' +
        `${back.slice(0, 12)}   back   bridge   10.2.0.0/16 (internal)\n` +
        `${web.slice(0, 12)}   web    bridge   10.1.0.0/16\n`,
    )
    const found = (...args: string[]) => output('network', 'ls', '-q', '--no-trunc', ...args)
    assert.is(await found(), back + web)
    assert.is(await found('-f', 'label=team=a'), web)
    assert.is(await found('--filter', 'label=team', '--filter', 'name=ac'), back)
    assert.is(await found('-f', 'name=we', '-f', 'name=ba'), back + web)
    assert.is(await found('-f', `id=${web.slice(0, 5)}`, '-f', 'driver=bridge'), web)
    assert.is(await found('-f', 'driver=overlay'), '')
    // With an option, the parser calls the command.
    assert.is(await output('network', 'ls'), await output('network', 'ls', '--format', 'table'))
    const lines = (await output('network', 'ls', '--format', 'json')).trim().split('\n')
    assert.equal(
      lines.map((line) => JSON.parse(line).name),
      ['back', 'web'],
    )
    assert.match(
      await refusal(2, 'network', 'ls', '-f', 'size=3'),
      "must be one of label, name, id, driver, not 'size'",
    )
    assert.match(
      await refusal(2, 'network', 'ls', '--format', '{{.ID}}'),
      "--format must be table or json, not '{{.ID}}'",
    )
  })

  define('rm prints each removed network, goes on after a refusal, and exits 1', async () => {
    for (const name of ['a', 'b', 'c']) await output('network', 'create', name)
    namespace('c1')
    await output('network', 'connect', 'b', 'c1')
    const { code, out, err } = await call(['network', 'rm', 'a', 'b', 'nothing', 'c'])
    assert.equal([code, out], [1, 'a\nc\n'])
    assert.match(err, /^netdojo: cannot remove the network b[^]*\nnetdojo: cannot find .*'nothing'/)
    assert.is(await output('network', 'rm', '-f', 'b', 'nothing'), 'b\n')
    assert.is(sh('ip -br link show group 28260'), '')
  })

  define('inspect prints the existing networks, and exits 1 if one is missing', async () => {
    await output('network', 'create', 'web')
    const { code, out, err } = await call(['network', 'inspect', 'nothing', 'web'])
    assert.is(code, 1)
    assert.is(JSON.parse(out).length, 1)
    assert.match(err, /^netdojo: cannot find the network 'nothing'/)
  })

  define('prune removes networks without endpoints; on a terminal it asks first', async () => {
    for (const name of ['a', 'b', 'c'])
      await output('network', 'create', '--label', `n=${name}`, name)
    namespace('c1')
    await output('network', 'connect', 'a', 'c1')
    assert.equal(await call(['network', 'prune'], ['n']), {
      code: 0,
      out: '',
      err: 'Remove b, c? [y/N] ',
    })
    assert.is(await output('network', 'prune', '--filter', 'label=n=z'), '')
    assert.is(await output('network', 'prune', '--filter', 'label!=n=c'), 'b\n')
    assert.is((await call(['network', 'prune'], ['y'])).out, 'c\n')
    assert.match(await output('network', 'ls'), / a /)
  })

  define('a wrong value of an option is wrong usage, and no network is created', async () => {
    const create = (...args: string[]) => refusal(2, 'network', 'create', ...args, 'web')
    assert.match(await create('-o', 'mtu=x'), "mtu must be between 68 and 65535, not 'x'")
    assert.match(await create('-o', 'icc=maybe'), "icc must be true or false, not 'maybe'")
    assert.match(await create('-o', 'com.docker.network.bridge.inhibit_ipv4=1'), 'enable_icc')
    assert.match(await create('--subnet', '10.0.0.1/24'), 'write 10.0.0.0/24')
    assert.match(
      await create('--subnet', '10.1.0.0/24', '--subnet', '10.2.0.0/24'),
      '--subnet may be given once for IPv4',
    )
    assert.match(await create('--label', '=x'), "--label must be KEY=VALUE, not '=x'")
    assert.match(await refusal(1, 'network', 'create', '-d', 'macvlan', 'web'), 'macvlan')
    assert.match(await refusal(2, 'network', 'create', '-d', 'overlay', 'web'), 'NETDOJO_STORE=')
    assert.is(await output('network', 'ls', '-q'), '')
  })

  define('a store that a refused command named stops no later network', async () => {
    const refusedWith = async (code: 1 | 2, address: string) => {
      process.env.NETDOJO_STORE = 'http://127.0.0.1:9'
      process.env.NETDOJO_HOST_ADDRESS = address
      try {
        return await refusal(code, 'network', 'create', '-d', 'overlay', 'wide')
      } finally {
        delete process.env.NETDOJO_STORE
        delete process.env.NETDOJO_HOST_ADDRESS
      }
    }
    assert.match(await refusedWith(2, 'abc'), "cannot read the address 'abc'")
    assert.match(await refusedWith(1, '127.0.0.1'), 'no member answered: http://127.0.0.1:9')
    assert.match(await refusal(2, 'network', 'create', '-d', 'overlay', 'wide'), 'NETDOJO_STORE=')
    await output('network', 'create', 'web')
    await output('network', 'rm', 'web')
  })
})
