// Tests `npm run scenario`: its list, its refusals and its exit codes.
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { run } from '../../lib/exec/run.ts'
import { scenarioNames, type Playable } from '../../lib/cli/programs/catalogue.ts'
import { ofType } from '../../lib/cli/programs/scenario/play-all.ts'
import { commandLine, eventsOf, netdojo } from '../helpers/netdojo.ts'
import { allHeld } from '../helpers/playable.ts'
import { suite } from '../helpers/suite.ts'
import { inTerminal } from '../helpers/terminal.ts'

suite('npm run scenario', (test, slow) => {
  test('without arguments, it lists every scenario in teaching order', async () => {
    const { exitCode, stdout } = await netdojo('scenario', [])
    assert.is(exitCode, 0)
    assert.equal(
      stdout
        .split('\n')
        .slice(0, scenarioNames.length)
        .map((line) => line.trim().split(' ')[0]),
      [...scenarioNames],
    )
  })

  const refused: readonly (readonly [string[], RegExp])[] = [
    [['brigde-nat'], /did you mean bridge-nat\?/],
    [['qqqqqqqqqqqq'], /no scenario has this name\.\n +- npm run scenario lists all/],
    [['bridge', 'routes'], /the command takes 1 argument, but 2 are given: 'bridge', 'routes'/],
    [['bridge', '--witout', '3'], /unknown option '--witout'\.\n +- did you mean --without\?/],
    [
      ['bridge', '--without', 'x'],
      /--without must be the number of a command, from 1 to 9999, not 'x'/,
    ],
    [['bridge', '--dialect', 'latin'], /--dialect must be one of ip, classic, not 'latin'/],
    [['bridge', '--all'], /--all plays every scenario and takes no name, but 'bridge' is given/],
    [['--ablate'], /--ablate needs the name of a scenario, or --all/],
    [['--all', '--keep'], /--keep is for the run of one scenario; --all plays many runs/],
    [['bridge', '--json', '--keep'], /--json cannot be used with --keep/],
    [['bridge', '--step'], /--step needs a terminal on standard input/],
    [['constructor'], /no scenario has this name/],
    [['__proto__'], /no scenario has this name/],
  ]
  for (const [index, [args, message]] of refused.entries()) {
    const define = index < 4 ? test : slow
    define(`2: ${args.join(' ')}`, async () => {
      const { exitCode, stderr, stdout } = await netdojo('scenario', args)
      assert.is(exitCode, 2)
      assert.match(stderr, message)
      assert.is(stdout, '')
      assert.not.match(stderr, /\n\s+at /)
    })
  }

  test('2: options without the two dashes, which npm takes as its own', async () => {
    const { exitCode, stderr } = await netdojo('scenario', ['bridge'], {
      env: { npm_config_ablate: 'true' },
    })
    assert.is(exitCode, 2)
    assert.match(stderr, /npm run scenario bridge -- --ablate/)
  })

  slow('2: --without with the number of no command', async () => {
    const { exitCode, stdout } = await netdojo('scenario', ['veth-pair', '--without', '99'])
    assert.is(exitCode, 2)
    assert.match(stdout, /--without must be a number from 1 to 13, not 99/)
  })

  test('3: a check whose question cannot be asked does not count as failed', async () => {
    const { exitCode, stdout } = await run(
      'unshare',
      [
        '--user',
        '--map-root-user',
        '--mount',
        'bash',
        '-c',
        `
        mount --bind /dev/null "$(readlink -f "$(command -v ping)")"
        ${commandLine('scenario', 'veth-pair')}`,
      ],
      { allowFailure: true },
    )
    assert.is(exitCode, 3)
    assert.match(stdout, /cannot ask 'ping .*' on ns1: .*ping.*\n +- sh scripts\/setup.sh/)
  })

  /** As on a machine without etcd. */
  const withoutEtcd = (line: string) =>
    run(
      'unshare',
      [
        '--user',
        '--map-root-user',
        '--mount',
        'bash',
        '-c',
        `etcd=$(command -v etcd) && mount --bind /dev/null "$(readlink -f "$etcd")"; ${line}`,
      ],
      { allowFailure: true },
    )

  test('3: a scenario needs a program that is not installed', async () => {
    const { exitCode, stdout } = await withoutEtcd(commandLine('scenario', 'overlay-network'))
    assert.is(exitCode, 3)
    assert.match(
      stdout,
      /the scenario overlay-network: it needs the program etcd, which is not installed\.\n +- .*apt-get install etcd-server/,
    )
  })

  test('runs of all scenarios leave out what cannot be played, and say so in one line', async () => {
    const catalogue = join(import.meta.dirname, '../../lib/cli/programs/catalogue.ts')
    const program =
      'import(process.argv[1]).then((found) => found.playableScenarios()).then((found) => console.log(JSON.stringify(found)))'
    const { stdout } = await withoutEtcd(`${process.execPath} -e '${program}' ${catalogue}`)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the program above printed it
    const { names, leftOut } = JSON.parse(stdout) as Playable
    assert.equal(
      names,
      scenarioNames.filter((name) => name !== 'overlay-network'),
    )
    assert.equal(
      leftOut.map(({ text }) => text),
      [
        'overlay-network is left out: it needs the program etcd, which is not installed (on Debian: etcd-server)',
      ],
    )
  })

  slow('141: the reader of the output has closed the pipe', async () => {
    const { stdout, stderr } = await run(
      'bash',
      ['-c', `${commandLine('scenario', 'veth-pair')} | head -n 3; echo $PIPESTATUS`],
      { allowFailure: true },
    )
    assert.match(stdout, /\n141$/)
    assert.is(stderr, '')
  })

  test('1: a failed check prints the expected and the observed answer', async () => {
    const { exitCode, stdout } = await netdojo('scenario', [
      'veth-pair',
      '--without',
      '9',
      '--no-color',
    ])
    assert.is(exitCode, 1)
    assert.match(stdout, /ip link set veth1 up {3}# left out/)
    assert.match(
      stdout,
      /✗ ns1 reaches ns2\n.*ping.*\n +expected: an answer\n +observed: no answer within/,
    )
    assert.match(stdout, /✗ Without command \d+, \d of 8 checks fail: it is what '[^']+' needs/)
  })

  slow('1: a failed check in JSON', async () => {
    const events = await eventsOf(['veth-pair', '--without', '9'])
    assert.is(ofType(events, 'scenario-ended')[0]?.outcome, 'failed')
  })

  slow('--json: one event per line, the first and the last as documented', async () => {
    const events = await eventsOf(['veth-pair'])
    assert.is(events[0]?.type, 'scenario-started')
    assert.is(events[0]?.type === 'scenario-started' && events[0].version, 2)
    assert.is(events.at(-1)?.type, 'scenario-ended')
    const times = events.map(({ at }) => at)
    assert.equal(
      times,
      times.toSorted((a, b) => a - b),
    )
    assert.is(ofType(events, 'command-started').length, ofType(events, 'command-ended').length)
  })

  slow('--all: one table, every scenario', async () => {
    const { exitCode, stdout, stderr } = await netdojo('scenario', ['--all'])
    assert.is(exitCode, 0, stdout)
    allHeld(stdout + stderr)
  })

  slow('no colour without a terminal, and none with NO_COLOR on a terminal', async () => {
    const piped = await netdojo('scenario', ['veth-pair'])
    assert.not.ok(piped.stdout.includes('\u001B'))
    const asked = await inTerminal(commandLine('scenario', 'veth-pair'))
    assert.ok(asked.screen.includes('\u001B[32m'))
    const refused = await inTerminal(`NO_COLOR=1 ${commandLine('scenario', 'veth-pair')}`)
    assert.not.ok(refused.screen.includes('\u001B'))
  })

  slow('its own text fits 80 columns', async () => {
    const { stdout } = await netdojo('scenario', ['bridge-nat'])
    // Only a command may be longer, because it is copied.
    const long = stdout
      .split('\n')
      .filter((line) => line.length > 80 && !/^ {0,2}\d* +\w+\$ /.test(line))
    assert.equal(long, [])
  })

  slow('--step waits for Enter, --keep opens a shell in the world', async () => {
    const { screen, exitCode } = await inTerminal(
      commandLine('scenario', 'veth-pair --step --keep'),
      [
        [/Enter for step 1/, '\n'],
        [/Enter for step 2/, '\n'],
        [/Enter for step 3/, '\n'],
        [/Enter for step 4/, '\n'],
        [/host\S*# $/, 'ping -c 1 -W 1 203.0.113.1\n'],
        [/1 received.*host\S*# $/s, 'exit\n'],
      ],
    )
    assert.is(exitCode, 0, screen)
    assert.match(screen, /✓ .*veth-pair.*: all 8 checks hold/)
  })

  slow('--keep opens the shell at the first failure', async () => {
    const { screen, exitCode } = await inTerminal(
      commandLine('scenario', 'veth-pair --without 9 --keep'),
      [
        [/host\S*# $/, 'ip -n ns2 -brief link show veth1\n'],
        [/veth1@if\d+ +DOWN.*host\S*# $/s, 'exit\n'],
      ],
    )
    assert.is(exitCode, 1, screen)
    assert.match(screen, /no answer.*You are root on host.*ns2 reaches ns1/s)
  })

  test('Ctrl-C ends the run at once, with 130', async () => {
    const started = performance.now()
    const { exitCode } = await inTerminal(commandLine('scenario', 'veth-pair --step'), [
      [/Enter for step 1/, '\n'],
      [/Enter for step 2/, '\u0003'],
    ])
    assert.is(exitCode, 130)
    assert.ok(performance.now() - started < 20_000)
  })
})
