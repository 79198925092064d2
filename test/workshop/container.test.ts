// Runs the workshop in a container: the progress is kept on the machine where it was started.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { slow as isSlow } from '../helpers/long.ts'
import { netdojo } from '../helpers/netdojo.ts'
import { suite } from '../helpers/suite.ts'
import { inTerminal } from '../helpers/terminal.ts'
import { walk } from '../helpers/walk.ts'

const engine = isSlow
  ? await (await import('../helpers/engine.ts')).testEngine()
  : 'it takes longer'
if (isSlow && typeof engine === 'string')
  console.log(`not run: most of test/workshop/container: ${engine}`)

suite('workshop --in container', (_test, slow) => {
  slow('3: without an engine, it fails before the first question', async () => {
    const { data } = walk()
    const { exitCode, stdout, stderr } = await netdojo(
      'workshop',
      ['--in', 'container', '--plain'],
      { env: { XDG_DATA_HOME: data, DOCKER_HOST: 'unix:///nonesuch/docker.sock' } },
    )
    assert.equal([exitCode, stdout], [3, ''])
    assert.match(stderr, /no container engine answers/)
    assert.not.ok(existsSync(join(data, 'netdojo')))
  })

  if (isSlow && typeof engine === 'string') return

  slow('by a script: guesses, a shell, a step begun over, and the progress here', async () => {
    const { run, script, progress } = walk()
    const answers = ['run', 'no', 'by-hand', '$ ip link add veth0 type veth peer name veth1']
    const file = script(...answers, 'over', 'yes', 'run', 'unreachable', 'leave')
    const { exitCode, stdout, stderr } = await run([
      'veth-pair',
      '--in',
      'container',
      '--script',
      file,
    ])
    assert.is(exitCode, 0, stdout + stderr)
    assert.match(stdout, /The network now:[^]*ns1[^]*It was: only lo[^]*rebuilt first/)
    const own = progress().scenarios['veth-pair']
    assert.is(own?.next, 3)
    assert.equal(own?.byHand, [])
    assert.equal(own?.guesses['1']?.right, false)
    await isGone()
  })

  slow('by keys: the list, a scenario, and the list again', async () => {
    const { line, progress } = walk()
    const { screen, exitCode } = await inTerminal(line('--in container'), [
      [/Which scenario\?[^]*leave/, '\r'],
      [/What now\?[^]*q.* leave/, '\r'],
      [/What does a new namespace have\?[^]*q.* leave/, '1'],
      [/You were right[^]*Step 1 is done[^]*q.* leave/, 'q'],
    ])
    assert.is(exitCode, 0, screen)
    assert.match(screen, /Your progress is kept/)
    assert.equal(progress().scenarios['veth-pair']?.guesses['1']?.right, true)
    await isGone()
  })
})

async function isGone(): Promise<void> {
  if (typeof engine === 'string') return
  const { label } = await import('../../lib/sandbox/container/start.ts')
  const filters = { label: [label] }
  assert.equal(await engine.container.dockerode.listContainers({ all: true, filters }), [])
}
