// Tests `netdojo run`, `ps`, `exec`, `logs`, `stop` and `rm` as a user types them: exit codes, pipes, terminals, and commands to paste.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { run } from '../../lib/exec/run.ts'
import { call } from '../helpers/command.ts'
import { containerSuite, traces, until } from '../helpers/containers.ts'
import { newDirectory } from '../helpers/networks.ts'
import { sh } from '../helpers/sandbox.ts'
import { inTerminal } from '../helpers/terminal.ts'

const outside = 'ip netns exec outside curl -s --max-time 1'

containerSuite('netdojo run', (test, slow) => {
  slow('exit codes: the program’s own, 125, 126, 127', async () => {
    const { netdojo } = newState()
    for (const [line, code, message] of [
      ["run --rm sh -c 'exit 7'", 7, /^$/],
      ['run --rm nosuch', 127, /^netdojo: .*"nosuch": executable file not found.*\n {2}- /],
      ['run --rm /etc/passwd', 126, /permission denied/],
      ['run --rm --net nope true', 125, /no|network/],
      ['run --rm -p 80:80 true', 125, /on no network/],
      ['run --rm -v data:/data true', 125, /must be a path with a slash, not 'data'/],
      ['run --rm -it true', 125, /leave -t away/],
      ['run', 125, /a command must be given/],
      ['run --nonsense true', 2, /unknown option/],
      ['exec nobody true', 1, /no container has that name/],
      ['logs nobody', 1, /no container has that name/],
      ['stop nobody', 1, /no container has that name/],
    ] as const) {
      const { exitCode, stderr } = await netdojo(line)
      assert.is(exitCode, code, `${line}: ${stderr}`)
      assert.match(stderr, message, `${line}: ${stderr}`)
      assert.not.match(stderr, /\n {4}at /)
    }
    assert.is((await netdojo('ps -aq')).stdout, '')
  })

  slow('-i with pipes keeps the streams apart; without -i, no input is read', async () => {
    const { netdojo } = newState()
    const piped = await netdojo(
      "run --rm -i sh -c 'tr a-z A-Z; echo no >&2'",
      'hello\n'.repeat(20_000),
    )
    assert.equal([piped.exitCode, piped.stderr, piped.stdout.length], [0, 'no', 119_999])
    assert.is((await netdojo('run --rm cat', 'hello')).stdout, '')
  })

  test('-d, ps, logs -f, exec, stop, rm', async () => {
    const { netdojo, quick, stateDirectory } = newState()
    await quick('network create --subnet 192.168.0.0/24 testbridge')
    const before = traces(stateDirectory)
    const started = await netdojo(
      'run -d --rm --name web -p 80:80 --net testbridge --dns-alias www -e A=b -w /usr serve 80',
    )
    assert.match(started.stdout, /^[0-9a-f]{16}$/, started.stderr)
    assert.is(await answer('203.0.113.2'), 'hello from web: I see you as 203.0.113.1\n')
    const { stdout } = await quick('ps')
    assert.match(stdout, /^CONTAINER ID +IMAGE +COMMAND +CREATED +STATUS +PORTS +NAMES\n/)
    assert.match(
      stdout,
      new RegExp(
        `^${started.stdout.slice(0, 12)} +\\(this machine\\) +"serve 80" .* ago +Up .* 0.0.0.0:80->80/tcp +web$`,
        'm',
      ),
    )
    const record = JSON.parse((await quick('ps --format json')).stdout)
    assert.equal(
      [record.id, record.status, record.networks[0].aliases],
      [started.stdout, 'running', ['www']],
    )
    const inside = await netdojo(`exec -e B=c web sh -c 'echo $A $B $PWD; exit 4'`)
    assert.equal([inside.exitCode, inside.stdout], [4, 'b c /usr'])
    assert.is((await netdojo('exec web nosuch')).exitCode, 127)
    assert.match(
      (await netdojo('run --rm --net testbridge curl -s http://www/')).stdout,
      /^hello from web: I see you as 192\.168\.0\.\d+$/,
    )
    const following = netdojo('logs -f web')
    assert.match((await quick('rm web')).stderr, /the container is running/)
    assert.is((await netdojo('stop -t 0 web')).stdout, 'web')
    assert.match(
      (await following).stdout,
      /^serving on port 80 of web\nGET \/ from 203.0.113.1\nGET/,
    )
    assert.equal(
      await until(
        () => traces(stateDirectory),
        (now) => JSON.stringify(now) === JSON.stringify(before),
      ),
      before,
    )
    // Kept without --rm, until it is removed.
    await netdojo("run --name kept sh -c 'echo one; exit 3'")
    assert.match((await quick('ps -a')).stdout, /Exited \(3\) .* ago +kept\n?$/)
    assert.is((await netdojo('logs kept')).stdout, 'one')
    assert.is((await quick('rm kept')).stdout, 'kept')
    assert.is((await quick('ps -aq')).stdout, '')
  })

  test('network connect and disconnect take a container by its name, while it runs', async () => {
    const { netdojo, quick } = newState()
    await quick('network create --subnet 192.168.0.0/24 one')
    await quick('network create --subnet 192.168.1.0/24 two')
    await netdojo('run -d --name web --net one serve 80')
    await quick('run -d --name other --net two sleep 100')
    const ask = () => netdojo('exec other curl -s --max-time 1 http://web/')
    assert.is.not((await ask()).exitCode, 0)
    const connected = await quick('network connect two web')
    assert.is(connected.exitCode, 0, connected.stderr)
    assert.match((await ask()).stdout, /^hello from web: I see you as 192\.168\.1\./)
    assert.is((await quick('network disconnect two web')).exitCode, 0)
    assert.is.not((await ask()).exitCode, 0)
    assert.match(
      (await quick('network connect two nobody')).stderr,
      /nor a container has this name/,
    )
    await quick('rm -f web other')
  })

  slow('stop and rm --dry-run print commands that do the same when pasted', async () => {
    const { netdojo, quick, stateDirectory } = newState()
    await quick('network create --subnet 192.168.0.0/24 testbridge')
    const before = traces(stateDirectory)
    await netdojo('run -d --rm --name web --net testbridge -p 80:80 serve 80')
    const during = traces(stateDirectory)
    const { stdout: stop } = await quick('stop -t 3 --dry-run web')
    assert.match(stop, /^kill -TERM \d+\n# if it is still there after 3 s: kill -KILL \d+$/m)
    assert.match(stop, /^# {3}ip link delete .*ndv/m)
    assert.match(stop, /^# {3}ip netns delete nd-web-/m)
    assert.match((await quick('rm --dry-run web')).stderr, /the container is running/)
    const { stdout: remove } = await quick('rm -f --dry-run web')
    assert.equal(traces(stateDirectory), during)
    assert.match(remove, /^rm -r \S+$/m)
    sh(remove.replace(/^rm -r .*$/m, ''))
    assert.equal(
      await until(
        () => traces(stateDirectory),
        (now) => JSON.stringify(now) === JSON.stringify(before),
      ),
      before,
    )
    await netdojo("run --name kept sh -c 'exit 3'")
    const explained = await quick('rm --explain kept')
    assert.match(explained.stdout, /^# Remove its log\nrm -r \S+\n\n# kept\n?$/m)
    assert.is((await quick('ps -aq')).stdout, '')
  })

  test('-it: a real terminal, with its size, job control and Ctrl-C', async () => {
    const { line } = newState()
    const { screen, exitCode } = await inTerminal(
      `sh -c 'stty rows 33 cols 99; ${line('run --rm -it --name t sh')}'`,
      [
        // Before it says so, Ctrl-C would be for the shell and not for it.
        [/# $/, 'stty size; tty; sh -c "echo is $((40 + 2)); exec sleep 100"\n'],
        [/is 42\r\n$/, '\u0003'],
        [/# $/, 'echo $?; exit 7\n'],
      ],
    )
    assert.match(screen, /33 99\r\n\/dev\/(pts\/0|console)\r\n/)
    assert.match(screen, /\n130\r\n/)
    assert.not.match(screen, /job control turned off/)
    assert.is(exitCode, 7)
  })

  slow('-dit keeps a shell waiting; exec -it opens a terminal in its container', async () => {
    const { netdojo, line } = newState()
    await netdojo('run -dit --rm --name s sh')
    const { screen, exitCode } = await inTerminal(line('exec -it s sh'), [
      [/# $/, 'tty; cat /proc/1/comm; exit 5\n'],
    ])
    assert.match(screen, /\/dev\/pts\/\d+\r\nsh\r\n/)
    assert.is(exitCode, 5)
    assert.is((await netdojo('rm -f s')).exitCode, 0)
  })

  slow(
    '--dry-run changes nothing; its output, pasted into a shell, makes the same change',
    async () => {
      const { netdojo, stateDirectory } = newState()
      await netdojo('network create --subnet 192.168.0.0/24 testbridge')
      const before = traces(stateDirectory)
      const flags = '--name web -p 80:80 --net testbridge'
      const { stdout: script } = await netdojo(`run --dry-run ${flags} serve 80`)
      assert.equal(traces(stateDirectory), before)
      await netdojo(`run -d --rm ${flags} serve 80`)
      const made = stateOf()
      assert.is(await answer('203.0.113.2'), 'hello from web: I see you as 203.0.113.1\n')
      await netdojo('rm -f web')
      assert.equal(traces(stateDirectory), before)
      const file = join(newDirectory(), 'script')
      writeFileSync(file, `set -e\n${script}`)
      const pasted = run('sh', [file], { allowFailure: true })
      assert.is(await answer('203.0.113.2'), 'hello from web: I see you as 203.0.113.1\n')
      assert.equal(stateOf(), made)
      sh('ip netns pids "$(ls /run/netns | grep ^nd-)" | xargs kill -9')
      await pasted
    },
  )
})

/** The state of the container's network namespace and of the rules, without random values. */
function stateOf(): readonly string[] {
  const name = sh('ls /run/netns | grep ^nd-').trim()
  return [
    sh(`ip -n ${name} -o address show eth0; ip -n ${name} route`),
    sh('ip -o link show type veth | grep ndv'),
    sh('nft list map inet netdojo ports4any'),
  ].map((text) =>
    text.replaceAll(
      /^\d+: |ndv\w+|link-netns \S+|link-netnsid \d+|@if\d+|([0-9a-f]{2}:){5}[0-9a-f]{2}|netdojo\/testbridge\/\w+|valid_lft.*/gm,
      '*',
    ),
  )
}

function answer(address: string): Promise<string> {
  return until(
    () => sh(`${outside} http://${address}/ || true`),
    (text) => text !== '',
  )
}

function newState() {
  const stateDirectory = newDirectory()
  const line = (words: string) => `NETDOJO_STATE_DIRECTORY=${stateDirectory} netdojo ${words}`
  return {
    stateDirectory,
    line,
    /** Calls the command in this process, which is faster. */
    quick: async (words: string) => {
      process.env.NETDOJO_STATE_DIRECTORY = stateDirectory
      const { code, out, err } = await call(words.split(' '))
      return { exitCode: code, stdout: out.replace(/\n$/, ''), stderr: err }
    },
    netdojo: (words: string, input = '') =>
      run('sh', ['-c', line(words)], { allowFailure: true, input }),
  }
}
