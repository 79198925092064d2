// Runs containers by the library: their network is complete before they start, names resolve while they run, and nothing of them stays.
import * as assert from 'uvu/assert'
import { containerSuite, openBoth, traces, until } from '../helpers/containers.ts'
import { codeOf } from '../helpers/networks.ts'
import { sh } from '../helpers/sandbox.ts'

containerSuite('run', (test, slow) => {
  test('a published port answers clients outside, and the program finds its network complete', async () => {
    await using opened = await openBoth()
    const { containers, networks } = opened
    await networks.create({ name: 'web', subnet: '192.168.0.0/24' })
    await using web = await containers.run({
      name: 'web',
      command: ['sh', '-c', `ip -4 -o address show eth0; ip route; exec ${serve} 80`],
      volumes: [...toolVolumes],
      networks: ['web'],
      ports: ['8080:80'],
    })
    assert.equal(
      [web.status, web.networks[0]?.addresses, web.ports.length],
      ['running', ['192.168.0.2/24'], 1],
    )
    const page = await until(
      () => sh('ip netns exec outside curl -s --max-time 1 http://203.0.113.2:8080/ || true'),
      (text) => text !== '',
    )
    assert.is(page, 'hello from web: I see you as 203.0.113.1\n')
    const log = await textOf(web.logs())
    assert.match(log, /inet 192.168.0.2\/24 .*\ndefault via 192.168.0.1 dev eth0/)
    assert.is(JSON.parse(JSON.stringify(web)).name, 'web')
  })

  test('names and aliases resolve among the containers of a network, and only while they run', async () => {
    await using opened = await openBoth()
    const { containers, networks } = opened
    await networks.create({ name: 'front', subnet: '10.1.0.0/24' })
    await networks.create({ name: 'back', subnet: '10.2.0.0/24', subnet6: 'fd00:2::/64' })
    // Without a name server an unknown name fails at once, and not after a minute.
    const sleeper = { command: ['sleep', '600'], nameservers: [] }
    await using a = await containers.run({ ...sleeper, name: 'a', networks: ['front'] })
    const b = await containers.run({
      ...sleeper,
      name: 'b',
      aliases: ['everywhere'],
      networks: ['front', { name: 'back', aliases: ['db'], address: '10.2.0.9' }],
    })
    await using c = await containers.run({ ...sleeper, name: 'c', networks: ['back'] })
    const ask = async (from: typeof a, name: string) =>
      (await from.exec(['getent', 'ahosts', name])).stdout.match(/^\S+/)?.[0]
    assert.is(await ask(a, 'b'), '10.1.0.3')
    assert.is(await ask(a, 'everywhere'), '10.1.0.3')
    assert.is(await ask(a, 'a'), '10.1.0.2')
    assert.is(await ask(a, 'c'), undefined, 'not of another network')
    assert.is(await ask(a, 'db'), undefined, 'an alias is of one network')
    assert.match(
      (await c.exec(['cat', '/etc/hosts'])).stdout,
      /^10\.2\.0\.9\tb everywhere db\nfd00:2::\w+\tb everywhere db$/m,
    )
    assert.is((await a.exec(['ping', '-c', '1', '-W', '2', 'b'])).exitCode, 0)
    assert.match((await b.exec(['ip', 'route'])).stdout, /^default via 10.1.0.1 dev eth0 /)
    // The alias of an endpoint that another caller of the library has connected.
    await networks.connect('front', { netns: c.netns, aliases: ['extra'] })
    await containers.reconcile()
    assert.is(await ask(a, 'extra'), '10.1.0.4')
    await b.remove({ force: true })
    assert.is(await ask(a, 'b'), undefined)
    assert.not.match((await c.exec(['cat', '/etc/hosts'])).stdout, /\bb\b/)
  })

  slow(
    'the default route and the ports are on the first network that is not internal',
    async () => {
      await using opened = await openBoth()
      const { containers, networks } = opened
      await networks.create({ name: 'inner', subnet: '10.3.0.0/24', internal: true })
      await networks.create({ name: 'outer', subnet: '10.4.0.0/24' })
      await using both = await containers.run({
        command: ['sleep', '600'],
        networks: ['inner', 'outer'],
        ports: ['9000'],
      })
      assert.equal(
        both.networks.map((network) => network.interface),
        ['eth0', 'eth1'],
      )
      assert.match((await both.exec(['ip', 'route'])).stdout, /^default via 10.4.0.1 dev eth1 /)
      assert.is((await networks.endpoints({ network: 'outer' }))[0]?.ports.length, 1)
      assert.is((await networks.endpoints({ network: 'inner' }))[0]?.ports.length, 0)
      assert.match(both.name, /^[a-z]+_[a-z]+/)
    },
  )

  test('exit codes, the log, and the end of the container’s files', async () => {
    await using opened = await openBoth()
    const { containers, stateDirectory } = opened
    const script =
      'echo out; echo err >&2; touch /etc/mark /usr/mark /mark /tmp/mark && ls /etc/mark; exit 7'
    await using container = await containers.run({
      name: 'x',
      command: ['sh', '-c', script],
      env: { A: 'b c' },
    })
    assert.is(await container.wait(), 7)
    const lines = (await textOf(container.logs({ follow: true }))).split('\n')
    // runc passes each of the two streams on by itself.
    assert.equal(lines.toSorted(), ['', '/etc/mark', 'err', 'out'])
    assert.is(
      sh('ls /etc/mark /usr/mark /mark /tmp/mark 2>/dev/null || true'),
      '',
      'nothing reaches the machine',
    )
    const { status, exitCode, networks } = await containers.get('x')
    assert.equal([status, exitCode, networks], ['exited', 7, []])
    assert.is(sh(`ls ${stateDirectory}/containers/${container.id}`), 'log\n')
    assert.is(await codeOf(container.exec(['true'])), 'container-stopped')
    const killed = await containers.run({ command: ['sh', '-c', 'kill -9 $$'], autoRemove: true })
    assert.ok(
      [0, 137].includes(await killed.wait()),
      'the first program of a PID namespace does not kill itself',
    )
  })

  slow('autoRemove: no mount, namespace, device, rule, process or file is left', async () => {
    await using opened = await openBoth()
    const { containers, networks, stateDirectory } = opened
    await networks.create({ name: 'n', subnet: '10.5.0.0/24' })
    await (await containers.run({ command: ['true'], networks: ['n'], autoRemove: true })).wait()
    const before = traces(stateDirectory)
    const request = { networks: ['n'], ports: ['8081:80'], autoRemove: true }
    const first = await containers.run({ ...request, command: ['sleep', '600'] })
    assert.not.equal(traces(stateDirectory), before, 'the comparison can fail')
    assert.is(await first.stop({ seconds: 0 }), 137)
    assert.equal(traces(stateDirectory), before)
    assert.equal(await containers.list(), [])
    assert.is(await codeOf(containers.get(first.id)), 'container-missing')
  })

  slow('SIGTERM first, then SIGKILL for a program that ignores it', async () => {
    await using opened = await openBoth()
    const { containers } = opened
    const polite = await containers.run({
      command: ['sh', '-c', 'trap "exit 3" TERM; echo ready; while :; do sleep 0.05; done'],
    })
    await until(
      () => textOf(polite.logs()),
      (log) => log !== '',
    )
    assert.is(await polite.stop({ seconds: 20 }), 3)
    assert.is(await codeOf(containers.stop('nobody')), 'container-missing')
    await polite.remove()
  })

  test('a refused request changes nothing', async () => {
    await using opened = await openBoth()
    const { containers, networks, stateDirectory } = opened
    await networks.create({ name: 'n', subnet: '10.6.0.0/24' })
    await networks.create({ name: 'inner', internal: true, subnet: '10.7.0.0/24' })
    await using _ = await containers.run({
      name: 'first',
      command: ['sleep', '600'],
      networks: ['n'],
      ports: ['8082:80'],
    })
    const before = traces(stateDirectory)
    const command = ['true']
    const refused = {
      'name-taken': { name: 'first', command },
      'network-missing': { command, networks: ['nope'] },
      'port-in-use': { command, networks: ['n'], ports: ['8082:1'] },
      'port-unusable': { command, networks: ['inner'], ports: ['8083:80'] },
      'address-taken': { command, networks: [{ name: 'n', address: '10.6.0.2' }] },
      'name-malformed': { command, name: '../x' },
      'port-malformed': { command, networks: ['n'], ports: ['80:'] },
      'root-unusable': { command, root: '/nope' },
      'image-unusable': { command, root: '/nope.tar' },
      'volume-missing': { command, volumes: ['/nope:/x'] },
      'command-missing': { command: ['nosuch'], networks: ['n'], ports: ['8084:80'] },
      'command-unusable': { command: ['/etc/passwd'] },
      usage: { command: [] },
    }
    for (const [code, request] of Object.entries(refused)) {
      assert.is(await codeOf(containers.run(request)), code)
      assert.equal(traces(stateDirectory), before, code)
    }
    assert.is((await containers.list()).length, 1)
    assert.is(await codeOf(containers.remove('first')), 'container-running')
    assert.is(await codeOf(containers.exec('first', ['nosuch'])), 'command-missing')
  })
})

const serve = '/run/tools/serve'
const toolVolumes = [`${new URL('../../lib/sandbox/bin', import.meta.url).pathname}:/run/tools:ro`]

async function textOf(log: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  for await (const data of log) text += data.toString()
  return text
}
