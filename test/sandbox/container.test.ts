// Tests `--in container`: the same scenarios in a container with few capabilities, which is removed however its client ends.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { label, removeNeverStarted } from '../../lib/sandbox/container/start.ts'
import { run } from '../../lib/exec/run.ts'
import { builtName } from '../../lib/sandbox/container/image.ts'
import { testEngine } from '../helpers/engine.ts'
import { commandLine, netdojo } from '../helpers/netdojo.ts'
import { allHeld } from '../helpers/playable.ts'
import { suite } from '../helpers/suite.ts'
import { inTerminal } from '../helpers/terminal.ts'
import { until } from '../helpers/until.ts'

const start = join(import.meta.dirname, '../../lib/cli/start.js')
const engine = await testEngine()
if (typeof engine === 'string') console.log(`not run: most of test/sandbox/container: ${engine}`)

suite('container', (test, slow) => {
  test('3: without an engine, the error gives the reason and the alternatives', async () => {
    const env = { DOCKER_HOST: 'unix:///nonesuch/docker.sock' }
    const { exitCode, stderr } = await netdojo('shell', ['--in', 'container'], { env })
    assert.is(exitCode, 3)
    assert.match(stderr, /no container engine answers at DOCKER_HOST, unix:\/\/\/nonesuch/)
    assert.match(stderr, /--in namespaces\n.*--in vm/)
    assert.not.match(stderr, /\n\s+at /)
  })

  if (typeof engine === 'string') return
  const docker = engine.container.dockerode

  const ours = async () => {
    const found = await docker.listContainers({ all: true, filters: { label: [label] } })
    return found.map(({ State, Status }) => `${State}: ${Status}`)
  }

  const eventually = async (count: number) => {
    await until(async () => (await ours()).length === count, 20)
    assert.is((await ours()).length, count, (await ours()).join())
  }

  slow(
    'every scenario holds in a container, and nothing is left',
    async () => {
      const { exitCode, stdout, stderr } = await netdojo('scenario', ['--all', '--in', 'container'])
      assert.is(exitCode, 0, stdout + stderr)
      allHeld(stdout + stderr)
      assert.equal(await ours(), [])
      assert.equal((await docker.listVolumes()).Volumes, [])
    },
    { seconds: 300 },
  )

  test('the events and the exit code are those of the scenario', async () => {
    const args = ['veth-pair', '--without', '9', '--in=container', '--json']
    const { exitCode, stdout } = await netdojo('scenario', args)
    assert.is(exitCode, 1)
    assert.match(stdout, /"type":"scenario-ended","outcome":"failed"/)
  })

  slow('it is chosen where namespaces are refused, with a note of one line', async () => {
    const { exitCode, stdout, stderr } = await run('unshare', [
      '--user',
      '--map-root-user',
      'bash',
      '-c',
      `echo 1 >/proc/sys/user/max_user_namespaces
      exec unshare --user --map-user=1234 --map-group=1234 ${commandLine('shell', "-c 'echo in there'")}`,
    ])
    assert.equal([exitCode, stdout], [0, 'in there'])
    assert.match(
      stderr,
      /^netdojo: runs in a container, because this machine [^\n]+ \(--in selects another backend\)$/,
    )
  })

  slow(
    'standard input, output and error are three streams, and the exit code comes back',
    async () => {
      const args = ['-c', 'cat; echo error >&2; exit 7', '--in', 'container']
      const { exitCode, stdout, stderr } = await netdojo('shell', args, { input: 'one\ntwo\n' })
      assert.equal([exitCode, stdout, stderr], [7, 'one\ntwo', 'error'])
    },
  )

  slow('the container has only the needed rights, and the repository is read-only', async () => {
    const { stdout } = await netdojo('shell', [
      '--in',
      'container',
      '-c',
      'grep CapEff /proc/self/status; touch /netdojo/x 2>&1; ls /sys/class/net; mount | grep -c " on /netdojo "',
    ])
    // CAP_DAC_OVERRIDE 1, DAC_READ_SEARCH 2, KILL 5, SETGID 6, SETUID 7, SETPCAP 8, NET_BIND_SERVICE 10, NET_ADMIN 12, NET_RAW 13, SYS_CHROOT 18, SYS_ADMIN 21
    const rights = [1, 2, 5, 6, 7, 8, 10, 12, 13, 18, 21].reduce((sum, bit) => sum + 2 ** bit, 0)
    assert.match(stdout, `CapEff:\t${rights.toString(16).padStart(16, '0')}`)
    assert.match(stdout, /touch: .*Read-only file system\neth0\nlo\n1$/)
  })

  slow('the program has the terminal with its size, keys and colours', async () => {
    const { screen, exitCode } = await inTerminal(
      `sh -c 'stty cols 97 rows 33; ${commandLine('shell', '--in container')}'`,
      [
        [/host\S*# $/, 'stty size\n'],
        [/33 97\s[^]*host\S*# $/, `sh -c 'echo be""gun; exec sleep 600'\n`],
        [/begun/, '\u0003'],
        [/host\S*# $/, 'exit 5\n'],
      ],
    )
    assert.is(exitCode, 5, screen)
    assert.ok(screen.includes('\u001B['))
    await eventually(0)
  })

  slow('Ctrl-C in a terminal ends it, with 130', async () => {
    const { exitCode } = await inTerminal(
      commandLine('scenario', 'veth-pair --step --in container'),
      [
        [/Enter for step 1/, '\n'],
        [/Enter for step 2/, '\u0003'],
      ],
    )
    assert.is(exitCode, 130)
    await eventually(0)
  })

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
    const define = signal === 'SIGINT' || signal === 'SIGKILL' ? test : slow
    define(`${signal} to the client leaves nothing`, async () => {
      const client = spawn(
        process.execPath,
        [start, 'shell', '--in', 'container', '-c', 'echo begun; sleep 600'],
        {
          stdio: ['pipe', 'pipe', 'inherit'],
        },
      )
      await new Promise((resolve) => client.stdout.once('data', resolve))
      assert.is((await ours()).length, 1)
      client.kill(signal)
      const code = await new Promise((resolve) => client.once('exit', resolve))
      assert.is(code, signal === 'SIGKILL' ? null : 130)
      await eventually(0)
    })
  }

  slow(
    'SIGKILL at any moment: at most a container that has never run, which the next run removes',
    async () => {
      for (let moment = 0; moment < 6; moment += 1) {
        const client = spawn(
          process.execPath,
          [start, 'scenario', 'veth-pair', '--in', 'container'],
          {
            stdio: 'ignore',
          },
        )
        await sleep(400 + Math.random() * 1200)
        client.kill('SIGKILL')
      }
      const running = async () => (await ours()).filter((state) => !state.startsWith('created'))
      await until(async () => (await running()).length === 0, 20)
      assert.equal(await running(), [])
      await removeNeverStarted(engine, 0)
      assert.equal(await ours(), [])
    },
  )

  slow('an old container that has never run is removed, and no other', async () => {
    const { id } = await docker.createContainer({
      Image: builtName(),
      Cmd: ['true'],
      Labels: { [label]: '' },
    })
    await removeNeverStarted(engine)
    assert.is((await ours()).length, 1)
    await removeNeverStarted(engine, 0)
    assert.equal(await ours(), [], id)
  })

  test('3: an image that can be neither fetched nor built', async () => {
    const env = { NETDOJO_IMAGE: 'localhost:1/nonesuch' }
    const { exitCode, stderr } = await netdojo('shell', ['--in', 'container'], { env })
    assert.is(exitCode, 3)
    assert.match(stderr, /cannot fetch the image localhost:1\/nonesuch: /)
    assert.match(
      stderr,
      /NETDOJO_IMAGE must be the name of an image with Node 24 and the networking tools/,
    )
  })

  slow('3: an image without the tools of a sandbox', async () => {
    const made = await docker.createContainer({
      Image: builtName(),
      Cmd: ['rm', '/usr/local/bin/node'],
    })
    await made.start()
    await made.wait()
    await made.commit({ repo: 'netdojo-test', tag: 'lacking' })
    await made.remove()
    try {
      const env = { NETDOJO_IMAGE: 'netdojo-test:lacking' }
      const { exitCode, stderr } = await netdojo('shell', ['--in', 'container'], { env })
      assert.is(exitCode, 3)
      assert.match(
        stderr,
        /the image must have Node 24 and the tools of the lab, and it lacks node\.\n.*container\/packages/,
      )
      assert.equal(await ours(), [])
    } finally {
      await docker.getImage('netdojo-test:lacking').remove()
    }
  })
})
