// The macvlan driver of docs/library.md: its own operation is journaled, undone after a failure and after a crash, printed, and refused when it is malformed.
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { newDirectory, networkSuite } from '../helpers/networks.ts'
import { sh } from '../helpers/sandbox.ts'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/library.md'), 'utf8')
const [, code = ''] = /^## Your own driver$[^]*?```ts\n([^]*?)```/m.exec(page) ?? []
const [, driver = ''] = /^([^]*?)\nip\('link', 'add', 'lan'/.exec(code) ?? []

networkSuite('own-driver', (test) => {
  /** Runs a program after the driver's code. @returns its output, and whether it was killed. */
  function play(program: string) {
    const file = join(newDirectory(), 'own.ts')
    const library = JSON.stringify(join(root, 'lib/index.ts'))
    const more = `import { batchApplier, explain, NetdojoError } from ${library}\n`
    writeFileSync(file, more + driver.replaceAll("'netdojo'", library) + program)
    const { stdout, stderr, signal } = spawnSync(process.execPath, [file], { encoding: 'utf8' })
    return { stdout, stderr, signal }
  }

  const opening = (directory: string, more = '') => `
    await using networks = await openNetworks({ stateDirectory: '${directory}', drivers: [macvlan], ${more} })`
  const creating = `
    await networks.create({ name: 'lan', driver: 'macvlan', subnet: '10.9.0.0/24', options: { parent: 'lan' } })`
  const links = () => execFileSync('ip', ['-n', 'm1', '-br', 'link'], { encoding: 'utf8' })
  const prepare = () => {
    sh(
      'ip link delete lan 2>/dev/null; ip link add lan type bridge && ip link set lan up && ip netns add m1',
    )
    return newDirectory()
  }

  test('it is printed and applied, and a failure removes nothing of another endpoint', () => {
    const directory = prepare()
    const { stdout, stderr } =
      play(`${opening(directory, 'onPlan: (plan) => console.log(explain(plan))')}${creating}
      await networks.connect('lan', { netns: '/run/netns/m1', mac: '02:00:00:00:00:09' })
      console.log((await networks.endpoints()).length)
      await networks.create({ name: 'gone', driver: 'macvlan', subnet: '10.8.0.0/24', options: { parent: 'gone' } })
      try { await networks.connect('gone', { netns: '/run/netns/m1' }) }
      catch (error) { console.log(error.code) }`)
    assert.match(stdout, 'ip link add link lan name eth0 netns /run/netns/m1 address 02:00', stderr)
    assert.match(stdout, /^1$/m, stderr)
    assert.match(stdout, 'kernel-refused', stdout + stderr)
    assert.match(links(), /^eth0@.*02:00:00:00:00:09/m)
  })

  test('a crash after it was applied is rolled back by the next process, which must have the driver', () => {
    const directory = prepare()
    const dying = `applier: { ...batchApplier, async apply(plan, options) {
      await batchApplier.apply(plan, options)
      if (plan.some(({ kind }) => kind === 'macvlan:add')) process.kill(process.pid, 'SIGKILL')
    } },`
    const { signal, stderr } = play(`${opening(directory, dying)}${creating}
      await networks.connect('lan', { netns: '/run/netns/m1' })`)
    assert.is(signal, 'SIGKILL', stderr)
    assert.match(links(), 'eth0@')
    const without = play(`
      await using networks = await openNetworks({ stateDirectory: '${directory}' })
      try { await networks.reconcile() } catch (error) { console.log(error.code) }`)
    assert.match(without.stdout, 'driver-missing', without.stderr)
    assert.match(links(), 'eth0@')
    const after = play(`${opening(directory)}
      console.log(JSON.stringify((await networks.reconcile()).recovered), (await networks.endpoints()).length)`)
    assert.is(after.stdout, '[{"change":"connect","network":"lan"}] 0\n', after.stderr)
    assert.not.match(links(), 'eth0')
  })

  test('malformed data is refused before anything is changed', () => {
    const { stdout, stderr } = play(`${opening(prepare())}
      await networks.create({ name: 'lan', driver: 'macvlan', subnet: '10.9.0.0/24', options: { parent: 'a b' } })
      try { await networks.connect('lan', { netns: '/run/netns/m1' }) } catch (error) { console.log(error.code, error.reason) }`)
    assert.match(stdout, 'usage the data of an operation macvlan:add must be an object', stderr)
    assert.not.match(links(), 'eth0')
  })
})
