// Reads the errors of malformed and impossible requests as users do: each names the field, quotes the value, states the rule, and advises.
// oxlint-disable typescript/no-unsafe-type-assertion -- values of wrong types are what this is about
import * as assert from 'uvu/assert'
import { readExec, readRun } from '../../lib/container/requests.ts'
import {
  openMemoryStore,
  openNetworks,
  type ConnectOptions,
  type CreateNetworkOptions,
  type RunContainerOptions,
} from '../../lib/index.ts'
import { readConnect, readCreate, readOptions } from '../../lib/network/requests.ts'
import { refuses } from '../helpers/expect.ts'
import { errorOf } from '../helpers/networks.ts'
import { cleanHost, sandboxSuite } from '../helpers/sandbox.ts'
import { suite } from '../helpers/suite.ts'
import { namespace } from '../helpers/talk.ts'

const create = (request: unknown) => () => readCreate(request as CreateNetworkOptions)
const connect = (request: unknown) => () => readConnect('web', request as ConnectOptions)
const run = (request: unknown) => () => readRun(request as RunContainerOptions)
const netns = '/run/netns/c1'

const malformed = [
  [
    create({ name: 'web', mtu: 5 }),
    'usage',
    'create the network web: mtu must be between 68 and 65535, not 5',
  ],
  [
    create({ name: 'web', mtu: 1.5 }),
    'usage',
    'create the network web: mtu must be a whole number between 68 and 65535, not 1.5',
  ],
  [
    create({ name: 'web', mtu: 1000, subnet6: true }),
    'usage',
    'create the network web: mtu must be between 1280 and 65535 on a network with IPv6, not 1000',
  ],
  [
    create({ name: 'web', mtuu: 5 }),
    'usage',
    "create the network web: a field name of the request must be one of name, driver, subnet, pool, pool6, gateway, ipRange, reserved, subnet6, gateway6, ipRange6, internal, masquerade, internalTraffic, mtu, labels, options, not 'mtuu'",
  ],
  [
    create({ name: 'web', internal: 'yes' }),
    'usage',
    "create the network web: internal must be true or false, not 'yes'",
  ],
  [
    create({ name: 'web', labels: { team: 5 } }),
    'usage',
    'create the network web: labels.team must be a string of at most 1,024 characters without control characters, not 5',
  ],
  [
    create({ name: 'web', subnet: '10.0.0.1/24' }),
    'subnet-host-bits',
    "create the network web: subnet is '10.0.0.1/24', but 10.0.0.1 is an address inside 10.0.0.0/24, and a subnet must start at its network address",
  ],
  [
    create({ name: 'web', subnet: '10.0.0.0/33' }),
    'subnet-malformed',
    "create the network web: subnet is '10.0.0.0/33', but the prefix length must be between 0 and 32, not 33",
  ],
  [
    create({ name: 'web', gateway: '10.0.0.01' }),
    'address-malformed',
    "create the network web: gateway is '10.0.0.01', but an IPv4 address must be four numbers from 0 to 255 without leading zeros, joined by dots",
  ],
  [
    create({ name: 'web', gateway6: '10.0.0.1' }),
    'usage',
    "create the network web: gateway6 is '10.0.0.1', but it must be IPv6",
  ],
  [
    create({ name: 'web', reserved: ['10.0.0.9-10.0.0.8'] }),
    'range-malformed',
    "create the network web: reserved[0] is '10.0.0.9-10.0.0.8', but the first address of a range must not come after the last",
  ],
  [create({}), 'usage', 'create a network: name must be given'],
  [create([]), 'usage', 'create a network: the request must be an object, not an empty list'],
  [
    create({ name: 'a b' }),
    'name-malformed',
    "create a network: name is 'a b', but a network name must be 1 to 63 letters, digits, '_', '.' or '-', starting with a letter or digit",
  ],
  [
    connect({ netns: 'c1' }),
    'usage',
    "connect to the network web: netns must be an absolute path of letters, digits and the characters '_.:/@%+-', not 'c1'",
  ],
  [
    connect({ netns, ports: ['80:0'] }),
    'port-malformed',
    "connect to the network web: ports[0] is '80:0', but a port must be between 1 and 65535, not '0'",
  ],
  [
    connect({ netns, ports: ['80/icmp'] }),
    'port-malformed',
    "connect to the network web: ports[0] is '80/icmp', but the protocol must be tcp, udp or sctp, not 'icmp'",
  ],
  [
    connect({ netns, interface: 'lo' }),
    'name-malformed',
    "connect to the network web: interface is 'lo', but an interface name must not be lo, all or default, which Linux uses itself",
  ],
  [
    connect({ netns, mac: '01:00:5e:00:00:01' }),
    'mac-malformed',
    "connect to the network web: mac is '01:00:5e:00:00:01', but the first octet of an interface address must be even, since an odd one marks a group address",
  ],
  [
    run({ name: 'x', networks: ['a', 'a'] }),
    'usage',
    'run the container x: each network must be given once, and a is given twice',
  ],
  [
    run({ networks: [{ name: 'a', alias: 'b' }] }),
    'usage',
    "run a container: a field name of networks[0] must be one of name, address, address6, mac, gatewayPriority, aliases, not 'alias'",
  ],
  [
    run({ volumes: ['/a:/'] }),
    'usage',
    "run a container: volumes[0] is '/a:/', but a volume must be SOURCE:DESTINATION or SOURCE:DESTINATION:ro with two absolute paths, and must not be mounted on /",
  ],
  [
    run({ env: { 'a=b': 'c' } }),
    'usage',
    "run a container: a field name of env must be the name of a variable, without = and zero bytes, not 'a=b'",
  ],
  [
    run({ ports: ['80'] }),
    'port-unusable',
    'publish 80: the container is on no network, and a port must be published by a network',
  ],
  [
    () => readExec('web', []),
    'usage',
    'run a program in the container web: command must be a list of at least one word, not an empty list',
  ],
  [() => readOptions({ force: 1 }), 'usage', 'use the options: force must be true or false, not 1'],
  [
    () => readOptions({ signal: 5 }),
    'usage',
    'use the options: signal must be an AbortSignal, not 5',
  ],
] as const

suite('messages', (test) => {
  test('a malformed request: the field, the rule and the value', () => {
    for (const [attempt, code, message] of malformed)
      assert.is(refuses(code, attempt).message, `cannot ${message}`)
  })

  test('a label and a firewall state their rules', async () => {
    const label = await errorOf(openNetworks({ label: 'Web!' }))
    assert.is(
      label.message,
      "cannot use the label 'Web!': a label must be 1 to 12 lower-case letters or digits, starting with a letter",
    )
    await using networks = await openNetworks({ store: openMemoryStore() })
    const missing = await errorOf(networks.get('nope'))
    assert.is(missing.message, "cannot find the network 'nope': no network has that name")
    assert.equal(missing.advice, ['there are no networks yet'])
  })

  test('a misspelt field, a getter that throws and fields named like those of Object are seen', () => {
    const hostile = Object.defineProperty({}, 'name', {
      enumerable: true,
      get: () => {
        throw new Error('no')
      },
    })
    assert.match(refuses('usage', create(hostile)).message, 'its fields must be readable')
    const labels = { constructor: 'a', prototype: 'b' }
    assert.equal(readCreate({ name: 'web', labels }).labels, labels)
  })
})

sandboxSuite('messages of the kernel and the state', (test) => {
  test('impossible requests name networks and containers as the user did', async () => {
    cleanHost()
    await using networks = await openNetworks({ store: openMemoryStore() })
    await using web = await networks.create({ name: 'web', subnet: '10.77.0.0/29' })
    namespace('c1')
    namespace('c2')
    await web.connect({ netns, address: '10.77.0.2', labels: { 'netdojo.container.name': 'shop' } })
    const c2 = '/run/netns/c2'
    for (const [attempt, code, message] of [
      [
        () => networks.create({ name: 'b', subnet: '10.77.0.0/24' }),
        'subnet-overlap',
        'use the subnet 10.77.0.0/24: it overlaps with 10.77.0.0/29, the network web',
      ],
      [
        () => networks.create({ name: 'web' }),
        'name-taken',
        'create the network web: a network with that name exists already',
      ],
      [() => networks.create({ name: 'b', driver: 'x' }), 'driver-missing', undefined],
      [
        () => networks.create({ name: 'b', subnet: '10.78.0.0/31' }),
        'subnet-too-small',
        'use the subnet 10.78.0.0/31: it must have room for a gateway and an endpoint',
      ],
      [
        () => networks.create({ name: 'b', subnet: '127.1.0.0/24' }),
        'subnet-unusable',
        'use the subnet 127.1.0.0/24: 127.0.0.0/8 is loopback',
      ],
      [
        () => networks.create({ name: 'b', subnet: '10.78.0.0/24', gateway: '10.79.0.1' }),
        'address-out-of-range',
        'use the subnet 10.78.0.0/24: the gateway must be in the subnet, and 10.79.0.1 is not',
      ],
      [
        () => web.connect({ netns: c2, address: '10.77.0.2' }),
        'address-taken',
        'allocate 10.77.0.2: the container shop has it',
      ],
      [
        () => web.connect({ netns: c2, address: '10.77.0.1' }),
        'address-reserved',
        'allocate 10.77.0.1: it is the gateway of 10.77.0.0/29',
      ],
      [
        () => web.connect({ netns: c2, address: '10.77.9.1' }),
        'address-out-of-range',
        'allocate 10.77.9.1: an address of this network must be in 10.77.0.0/29',
      ],
      [
        () => web.connect({ netns: c2, address6: 'fd00::7' }),
        'address-out-of-range',
        'allocate fd00::7: the network web has no IPv6 subnet',
      ],
      [
        () => web.connect({ netns: '/run/netns/none' }),
        'netns-missing',
        'find the network namespace /run/netns/none: the path does not exist',
      ],
      [
        () => web.connect({ netns: '/proc/self/ns/net' }),
        'netns-is-host',
        'connect /proc/self/ns/net: the namespace of a container must not be the namespace of the network itself',
      ],
      [
        () => web.remove(),
        'network-in-use',
        'remove the network web: the container shop is connected to it',
      ],
      [
        () => networks.disconnect('web', 'x'),
        'endpoint-missing',
        "find the endpoint 'x': the network web has no endpoint with that id",
      ],
    ] as const) {
      const error = await errorOf(attempt())
      assert.is(error.code, code)
      if (message !== undefined) assert.is(error.message, `cannot ${message}`)
    }
  })
})
