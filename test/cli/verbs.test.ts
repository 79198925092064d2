// `netdojo start`, `restart`, `port`, `inspect` and `rename`, and the options of `run` for several networks, as they are typed.
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { run } from '../../lib/exec/run.ts'
import { containerSuite, until } from '../helpers/containers.ts'
import { newDirectory } from '../helpers/networks.ts'
import { sh } from '../helpers/sandbox.ts'

const hosts = { 4: '203.0.113.2', 6: '[2001:db8:113::2]' }

/** What answers at a port of the host, over IPv4 and IPv6; no answer is '-'. */
async function answers(port: number, wanted: string): Promise<string> {
  const ask = (family: 4 | 6) =>
    /^hello from (\w+)/.exec(
      sh(`ip netns exec outside curl -s --max-time 1 http://${hosts[family]}:${port}/ || true`),
    )?.[1] ?? '-'
  return until(
    () => `${ask(4)} ${ask(6)}`,
    (text) => text === wanted,
  )
}

function newState() {
  const directory = newDirectory()
  const netdojo = async (words: string) => {
    const line = `NETDOJO_STATE_DIRECTORY=${directory} netdojo ${words}`
    const { stdout, stderr, exitCode } = await run('sh', ['-c', line], {
      allowFailure: true,
      input: '',
    })
    return exitCode === 0 ? stdout : `${exitCode}: ${stderr.split('\n')[0]}`
  }
  return {
    netdojo,
    networks: async () => {
      await netdojo('network create --subnet 10.77.4.0/24 four')
      await netdojo('network create --subnet fd00:77:6::/64 six')
      await netdojo('network create --subnet 10.77.8.0/24 --subnet fd00:77:8::/64 both')
    },
  }
}

containerSuite('container verbs', (test) => {
  test(
    'ports of a container: each family by its own network; they follow the default route and come back',
    async () => {
      const { netdojo, networks } = newState()
      await networks()
      await netdojo('run -d --name web --net four --net six -p 8080:80 -p 9000-9002:90-92 serve 80')
      assert.is(await answers(8080, 'web web'), 'web web')
      assert.is(
        await netdojo('port web'),
        [
          '80/tcp -> 0.0.0.0:8080',
          '80/tcp -> [::]:8080',
          ...[0, 1, 2].flatMap((at) => [
            `9${at}/tcp -> 0.0.0.0:900${at}`,
            `9${at}/tcp -> [::]:900${at}`,
          ]),
        ].join('\n'),
      )
      assert.is(await netdojo('port web 80'), '0.0.0.0:8080\n[::]:8080')
      assert.match(
        await netdojo('ps'),
        '0.0.0.0:8080->80/tcp, 0.0.0.0:9000-9002->90-92/tcp, [::]:8080->80/tcp, [::]:9000-9002->90-92/tcp',
      )
      await netdojo('network disconnect four web')
      assert.is(await answers(8080, '- web'), '- web', 'IPv4 has gone with its network')
      await netdojo('network connect both web')
      assert.is(await answers(8080, 'web web'), 'web web')
      assert.is(await netdojo('port web 80'), '0.0.0.0:8080\n[::]:8080')
      await netdojo('network disconnect six web')
      assert.is(await answers(8080, 'web web'), 'web web', 'IPv6 has moved')
      await netdojo('network disconnect both web')
      assert.is(await netdojo('port web'), '')
      await netdojo('network connect four web')
      assert.is(await answers(8080, 'web -'), 'web -', 'reconnected')
      const [inspected] = JSON.parse(await netdojo('inspect web'))
      assert.equal(inspected.ports[0], {
        protocol: 'tcp',
        hostAddress: '0.0.0.0',
        hostPort: 8080,
        port: 80,
      })
      assert.match(
        await netdojo('run --rm --net both -p 0.0.0.0:8080:80 true'),
        '125: netdojo: cannot publish port 8080/tcp of the host: the container web publishes it on the network four.',
      )
      await netdojo('rm -f web')
    },
    { seconds: 180 },
  )

  test(
    'stop, start, restart and rename keep ports, networks and names',
    async () => {
      const { netdojo, networks } = newState()
      await networks()
      const id = await netdojo(
        'run -d --name web --net name=both,ip=10.77.8.9,alias=www -p 8080:80 -e A=b --add-host db:10.0.0.9 --add-host up:host-gateway serve 80',
      )
      await netdojo('network connect four web')
      assert.is(await answers(8080, 'web web'), 'web web')
      assert.is(await netdojo('start web'), 'web', 'it runs already')
      assert.is(await netdojo('stop -t 1 web'), 'web')
      assert.is(await answers(8080, '- -'), '- -')
      assert.match(await netdojo('network connect six web'), 'the container must be running')
      assert.is(await netdojo('start web'), 'web')
      assert.is(await answers(8080, 'web web'), 'web web')
      const networksOf = async () =>
        JSON.parse(await netdojo('inspect web'))[0].networks.map(
          ({ name, addresses }: { name: string; addresses: string[] }) => `${name} ${addresses[0]}`,
        )
      assert.match((await networksOf()).join(), /^both 10.77.8.9\/24,four 10.77.4.\d+\/24$/)
      assert.match(
        await netdojo('exec web cat /etc/hosts'),
        /10\.77\.8\.9\tweb www\n[^]*10\.0\.0\.9\tdb\n10\.77\.8\.1\tup\nfd00:77:8::1\tup/,
      )
      assert.is(await netdojo('exec web printenv A'), 'b')
      assert.is(await netdojo('restart -t 1 web'), 'web')
      assert.is(await answers(8080, 'web web'), 'web web')
      await netdojo('run -d --name friend --net both sleep 600')
      assert.is(await netdojo('rename web shop'), '')
      assert.match(await netdojo('exec friend getent ahostsv4 shop'), '10.77.8.9')
      assert.match(await netdojo('exec friend getent ahostsv4 web'), /^2: /)
      assert.match(
        await netdojo('rename friend shop'),
        '1: netdojo: cannot rename a container to shop: a container with that name exists already',
      )
      assert.match(
        await netdojo('run --rm --net both --ip 10.77.8.9 true'),
        'the container shop has it',
      )
      assert.match(
        await netdojo('network rm both'),
        'the container friend, the container shop are connected to it',
      )
      assert.is(JSON.parse(await netdojo('inspect shop'))[0].id, id)
      assert.is(await netdojo('start shop friend'), 'shop\nfriend')
      await netdojo('rm -f shop friend')
      assert.match(await netdojo('start shop'), '1: netdojo: cannot find the container')
    },
    { seconds: 180 },
  )

  test('a start that fails leaves the container as it was, with its ports free', async () => {
    const { netdojo, networks } = newState()
    await networks()
    const directory = newDirectory()
    writeFileSync(join(directory, 'go'), '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 })
    await netdojo(`run -d --name once --net both -p 8080:80 -v ${directory}:/x /x/go`)
    await netdojo('stop -t 0 once')
    assert.match(await netdojo('run --rm --net both -p 8080:80 true'), /^$/)
    renameSync(join(directory, 'go'), join(directory, 'gone'))
    assert.match(await netdojo('start once'), /no such file or directory/)
    assert.match(await netdojo('ps -a'), 'Exited (128)')
    assert.match(await netdojo('run --rm --net both -p 8080:80 true'), /^$/)
    await netdojo('run -d --name other --net both -p 8080:80 sleep 600')
    assert.match(
      await netdojo('start once'),
      'the container other publishes it on the network both',
    )
    await netdojo('rm -f other')
    renameSync(join(directory, 'gone'), join(directory, 'go'))
    assert.is(await netdojo('start once'), 'once')
    assert.is(await netdojo('port once'), '80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080')
    await netdojo('rm -f once')
  })

  test('options that cannot be fulfilled are refused, and say why', async () => {
    const { netdojo, networks } = newState()
    await networks()
    for (const [line, message] of [
      ['run --ip 10.0.0.9 true', '--ip must come with a network, and the container is on none'],
      ['run --net none --ip6 fd00::9 true', '--ip6 must come with a network'],
      ['run --mac-address 02:00:00:00:00:09 true', '--mac-address must come with a network'],
      ['run --restart always true', "--restart must be no, not 'always': no resident process"],
      ['run --restart sometimes true', "'sometimes' is not one of Docker's policies"],
      ['run --name localhost true', 'a container must not have a name that means the machine'],
      ['run --name LocalHost.localdomain true', 'a name that means the machine'],
      ['run --name host.docker.internal true', 'a name that means the machine'],
      ['run --name 10.0.0.1 true', 'a host name must not be an IP address'],
      ['run --net both --dns-alias ip6-localhost true', 'a name that means the machine'],
      ['run --net name=both,alias=1.2.3.4 true', 'a host name must not be an IP address'],
      ['run --add-host nonsense true', 'it must be a host name and an address: NAME:ADDRESS'],
      ['run --add-host a:1.2.3 true', 'an IPv4 address must be four numbers'],
      ['run --net both --gw-priority x true', "--gw-priority must be a whole number, not 'x'"],
      ['run --net both -p 80:80 -p 80:81 true', 'the request names it twice'],
      [
        'network create --gateway 10.9.9.1 x',
        'gateway is 10.9.9.1, and its IPv4 subnet must be given',
      ],
      [
        'network create --gateway fd00::1 x',
        'gateway6 is fd00::1, and its IPv6 subnet must be given',
      ],
      ['network create --ip-range fd00::/80 --ipv6 x', 'and its IPv6 subnet must be given'],
      ['network create --aux-address 10.0.0.1 x', 'reserved is 10.0.0.1, and its IPv4 subnet must'],
      ['network connect --alias localhost both nowhere', 'a name that means the machine'],
    ] as const) {
      const said = await netdojo(line)
      assert.match(said, message, line)
      assert.not.match(said, '10.213')
    }
    assert.is(await netdojo('ps -aq'), '')
  })

  test('options of run for one network, and an IPv6 range', async () => {
    const { netdojo, networks } = newState()
    await networks()
    assert.match(
      await netdojo(
        'run --rm --net four --net both --mac-address 02:00:00:00:00:09 --gw-priority -1 ip -br link show eth0',
      ),
      '02:00:00:00:00:09',
    )
    assert.match(
      await netdojo('run --rm --net four --net name=both,gw-priority=5 ip route show default'),
      'default via 10.77.8.1 dev eth1',
    )
    await netdojo(
      'network create --subnet fd00:9::/64 --gateway fd00:9::fe --ip-range fd00:9::8000/113 --ip-range 10.9.0.128/25 --subnet 10.9.0.0/24 ranges',
    )
    const addresses = await netdojo('run --rm --net ranges ip -o address show eth0 scope global')
    assert.match(addresses, 'inet 10.9.0.128/24')
    assert.match(addresses, 'inet6 fd00:9::8000/64')
    assert.match(await netdojo('run --rm --net ranges ip -6 route show default'), 'via fd00:9::fe')
  })
})
