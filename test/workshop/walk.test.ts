// Runs `npm run workshop` as a learner does: on a terminal of 80x24, by keys, by lines and by a script; its files and its errors.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import stringWidth from 'string-width'
import * as assert from 'uvu/assert'
import { scenarioNames } from '../../lib/cli/programs/catalogue.ts'
import { commandOf, leftAfter10Seconds, ownTraces, processesWith } from '../helpers/machine.ts'
import { netdojo } from '../helpers/netdojo.ts'
import { scoreOf } from '../../lib/workshop/progress.ts'
import { suite } from '../helpers/suite.ts'
import { inTerminal } from '../helpers/terminal.ts'
import { escape, linesOf, walk } from '../helpers/walk.ts'

/** The lines that a terminal of 80 columns would break. */
function tooLong(screen: string): readonly string[] {
  // The lines that a script types may be longer.
  return linesOf(screen).filter((line) => stringWidth(line) > 80 && !line.startsWith('$ '))
}

suite('npm run workshop', (test, slow) => {
  test('by keys: the list, a step, a guess that is wrong, a shell, and back where it was left', async () => {
    const { line, progress } = walk()
    const { screen, exitCode } = await inTerminal(line(''), [
      [/Which scenario\?[^]*leave/, '\r'],
      [/What now\?[^]*q.* leave/, '\r'],
      [/What does a new namespace have\?[^]*q.* leave/, '2'],
      [/It was: only lo, down[^]*Step 1 is done[^]*q.* leave/, '\r'],
      [/What now\?[^]*q.* leave/, 's'],
      [/host.*# $/, 'ip link add veth0 type veth peer name veth1\n'],
      [/veth0 is still on host: it must be moved to ns1[^]*# $/, 'hint\n'],
      [
        /host\$ ip link set veth0 netns ns1[^]*# $/,
        'ip link set veth0 netns ns1; ip link set veth1 netns ns2\n',
      ],
      [/✓ The goal is reached\. To go on[^]*# $/, '\u0004'],
      [/What will ping say\?[^]*q.* leave/, 'q'],
    ])
    assert.is(exitCode, 0, screen)
    assert.match(screen, /Your progress is kept/)
    assert.equal(tooLong(screen), [])
    const own = progress().scenarios['veth-pair']
    assert.is(own?.next, 2)
    assert.equal(own?.byHand, [2])
    assert.is(own?.hints, 1)
    assert.equal(own?.guesses['1'], {
      node: 'ns1',
      line: 'ip -brief address',
      guess: 'no',
      truth: 'yes',
      right: false,
    })
  })

  test('text that is typed or pasted into a menu chooses nothing; starting over asks first', async () => {
    const { line, progress } = walk()
    const { screen, exitCode } = await inTerminal(line('veth-pair'), [
      // The o, the q and the Enter of this line are keys of the menu.
      [/What now\?[^]*q.* leave/, 'sudo ip netns add q\n'],
      [/this text chooses nothing[^]*What now\?[^]*q.* leave/, 'o'],
      [/Start step 1 again\?[^]*yes, start again/, '\r'],
      [/no, go on here[^]*What now\?[^]*q.* leave/, '\r'],
      [/What does a new namespace have\?[^]*q.* leave/, '1'],
      [
        /You were right[^]*not even ping 127\.0\.0\.1 works there[^]*Step 1 is done[^]*q.* leave/,
        'q',
      ],
    ])
    assert.is(exitCode, 0, screen)
    assert.equal(tooLong(screen), [])
    assert.is(progress().scenarios['veth-pair']?.next, 2)
  })

  slow('a whole scenario by a script, on a terminal: every answer, and the score', async () => {
    const { line, script, progress } = walk()
    const answers =
      'run yes run unreachable picture hint run answer journey changes silence run unreachable run answer unreachable run answer'
    const file = script('# veth-pair', ...answers.split(' '))
    const { screen, exitCode } = await inTerminal(line(`veth-pair --no-color --script ${file}`))
    assert.is(exitCode, 0, screen)
    assert.match(screen, /✓ veth-pair is finished\.[^]*The next command: npm run workshop bridge/)
    assert.match(screen, /✗ It was: an answer comes back/)
    assert.match(screen, /The journey of +ns1\$ ping[^]*arrives/)
    assert.match(
      screen,
      /After these commands, the kernel has:[^]*address 172\.18\.0\.2\/24 on veth0/,
    )
    assert.equal(tooLong(screen), [])
    assert.not.ok(screen.includes(escape))
    const own = progress().scenarios['veth-pair']
    assert.ok(own?.finished)
    assert.equal(own.done, [1, 2, 3, 4])
    assert.is(own.steps, 4)
    assert.equal(scoreOf(own), { right: 7, asked: 8 })
  })

  slow('by hand in other spellings, in Chinese, with the rule by nft', async () => {
    const { run, script, progress } = walk()
    const rule =
      'nft \'add table ip mine; add chain ip mine out { type nat hook postrouting priority 100; }; add rule ip mine out ip saddr 172.18.0.0/24 oifname "eth0" masquerade\''
    const file = script('open', `$ ${rule}`, 'answer', 'leave')
    const args = ['--from', 'masquerade:4', '--by-hand', '--script', file]
    const { exitCode, stdout, stderr } = await run([...args, '--lang', 'zh'])
    assert.is(exitCode, 0, stdout + stderr)
    assert.match(stdout, /✓ 目标已达成/)
    assert.match(stdout, /答对了：收到应答/)
    assert.equal(tooLong(stdout), [])
    assert.equal(progress().scenarios.masquerade?.byHand, [4])
  })

  slow(
    'other things that a learner does: done before, in the way, broken and repaired',
    async () => {
      const { run, script } = walk()
      const inShell = (...lines: readonly string[]) => [
        'node',
        'host',
        ...lines.map((line) => `$ ${line}`),
      ]
      const file = script(
        ...inShell('ip netns add ns1', 'ip netns add ns2'),
        'run',
        'yes',
        // The first of three commands will fail, and the others will not.
        ...inShell('ip link add veth0 type veth peer name veth1'),
        ...'run on unreachable run'.split(' '),
        ...inShell('ip -n ns2 link set veth1 down'),
        'answer',
        'on',
        ...inShell('ip -n ns2 link set veth1 up'),
        ...'again answer over yes leave'.split(' '),
      )
      const { exitCode, stdout, stderr } = await run(['veth-pair', '--plain', '--script', file])
      assert.is(exitCode, 0, stdout + stderr)
      assert.match(stdout, /^ {2}You have already done this\./m)
      assert.match(stdout, /ip link add veth0[^]*File exists[^]*Had you already done its work\?/)
      assert.match(
        stdout,
        /veth1 on ns2 is still down[^]*The next answers may differ[^]*> on\n[^]*This does not hold: ns1 reaches ns2\n {5}expected: an answer\n {5}observed: no answer[^]*veth1 on ns2 is still down/,
      )
      // The step starts again in a new world, with the earlier steps rebuilt.
      assert.match(
        stdout,
        /> over\n[^]*rebuilt first[^]*4\. A default route through a device[^]*> leave/,
      )
    },
  )

  test('--plain: lines to read, numbers to type, and no escape sequences', async () => {
    const { run } = walk()
    // The end of the input leaves.
    const { exitCode, stdout } = await run(
      ['veth-pair', '--plain'],
      ['1', 'x', '1', 'picture', ''].join('\n'),
    )
    assert.is(exitCode, 0)
    assert.match(stdout, / {2}1\. run these commands\n {2}2\. do it yourself/)
    assert.match(stdout, /'x' is not one of the choices/)
    assert.match(stdout, /host: eth0 203\.0\.113\.2\/24/)
    assert.not.ok(stdout.includes(escape))
    assert.not.match(stdout, /[\r─│┌┐╭╮┆]/)
    assert.equal(tooLong(stdout), [])
  })

  slow('without a script or lines it needs a terminal', async () => {
    const { exitCode, stderr } = await walk().run([])
    assert.is(exitCode, 2)
    assert.match(
      stderr,
      /the workshop needs a terminal on both standard input and output\.\n +- --plain reads/,
    )
  })

  const refused: readonly (readonly [readonly string[], RegExp])[] = [
    [['brigde'], /did you mean bridge\?/],
    [['--from', 'bridge:x'], /--from must be NAME:STEP, such as masquerade:4, not 'bridge:x'/],
    [['--from', 'bridge:0'], /--from must be NAME:STEP, such as masquerade:4, not 'bridge:0'/],
    [
      ['routes', '--from', 'bridge:2'],
      /--from must name the same scenario as the argument, but 'bridge' and 'routes' are given/,
    ],
    [['--lang', 'fr'], /--lang must be one of en, zh, not 'fr'/],
    [
      ['--script', '/nowhere', 'bridge'],
      /cannot read the file '\/nowhere' of --script: .*no such file/,
    ],
    [['--from', 'veth-pair:9', '--plain'], /the step must be from 1 to 4, not 9/],
  ]
  for (const [index, [args, message]] of refused.entries()) {
    const define = index < 2 ? test : slow
    define(`2: ${args.join(' ')}`, async () => {
      const { exitCode, stderr } = await walk().run(args)
      assert.is(exitCode, 2)
      assert.match(stderr, message)
      assert.not.match(stderr, /\n\s+at /)
    })
  }

  const taken: readonly (readonly [string, readonly string[], Record<string, string>, string])[] = [
    ['workshop', [], { by_hand: 'true' }, 'npm run workshop -- --by-hand'],
    // npm 11 reads --lang as -l -a -n -g.
    [
      'workshop',
      ['zh'],
      { long: 'true', all: 'true', global: 'true' },
      'npm run workshop -- --lang zh',
    ],
    ['workshop', ['bridge:2'], { from: 'true' }, 'npm run workshop -- --from bridge:2'],
    ['workshop', ['dnat', 'vm'], { in: 'true' }, 'npm run workshop dnat -- --in vm'],
    ['workshop', ['ada'], { report: 'true' }, 'npm run workshop -- --report ada'],
    [
      'fix',
      ['7', 'zh'],
      { long: 'true', all: 'true', global: 'true' },
      'npm run fix 7 -- --lang zh',
    ],
    ['fix', ['4711'], { seed: 'true' }, 'npm run fix -- --seed 4711'],
    ['scenario', ['routes', '3'], { without: 'true' }, 'npm run scenario routes -- --without 3'],
    ['scenario', [], { all: 'true' }, 'npm run scenario -- --all'],
    [
      'scenario',
      ['dnat', 'f.pcap'],
      { parseable: 'true', all: 'true' },
      'npm run scenario dnat -- --pcap f.pcap',
    ],
  ]
  for (const [index, [program, words, set, line]] of taken.entries()) {
    const define = index < 2 ? test : slow
    define(`2: options that npm has taken: ${line}`, async () => {
      const env = Object.fromEntries(
        Object.entries(set).map(([name, value]) => [`npm_config_${name}`, value]),
      )
      const { exitCode, stderr } = await netdojo(program, words, { env })
      assert.is(exitCode, 2)
      assert.match(stderr, `- ${line}`)
    })
  }

  slow('2: a wrong answer in a script is reported with its line and the choices', async () => {
    const { run, script } = walk()
    const { exitCode, stderr } = await run(['veth-pair', '--script', script('# no', 'fly')])
    assert.is(exitCode, 2)
    assert.match(
      stderr,
      /line 2 of .* must be one of the choices, not 'fly'[^]*the choices are: run, by-hand, hint/,
    )
  })

  test('a progress file that is not understood is refused before anything starts', async () => {
    const { data, run } = walk()
    const file = join(data, 'netdojo/workshop.json')
    mkdirSync(join(data, 'netdojo'))
    writeFileSync(file, '{"version": 1')
    for (const args of [['veth-pair', '--plain'], ['--reset'], ['--report']]) {
      const { exitCode, stderr } = await run(args)
      assert.is(exitCode, 3)
      assert.match(
        stderr,
        /cannot read the progress in .*\n {2}- repair the file by hand\n {2}- or start again without it/,
      )
    }
    assert.is(readFileSync(file, 'utf8'), '{"version": 1')
  })

  slow('--report writes both, --reset forgets', async () => {
    const { data, run, script, progress } = walk()
    await run(['veth-pair', '--script', script('run', 'yes', 'leave')])
    const { stdout } = await run(['--report', join(data, 'ada.md')])
    assert.equal(stdout.split('\n'), [join(data, 'ada.json'), join(data, 'ada.md')])
    const report = JSON.parse(readFileSync(join(data, 'ada.json'), 'utf8'))
    assert.equal(report.score, { right: 1, asked: 1 })
    assert.equal(
      report.scenarios.map(({ name }: { name: string }) => name),
      [...scenarioNames],
    )
    assert.match(readFileSync(join(data, 'ada.md'), 'utf8'), /\| veth-pair +\| started +\| 1\/[4?]/)
    await run(['veth-pair', '--reset'])
    assert.equal(progress().scenarios, {})
  })

  test('SIGKILL in the middle of it: nothing is left, and progress is whole', async () => {
    const before = await ownTraces()
    const { line, progress } = walk()
    const marker = `NETDOJO_TEST=${crypto.randomUUID()}`
    const terminal = spawn(
      'script',
      ['--quiet', '--command', `${marker} sh -c '${line('veth-pair')}'`, '/dev/null'],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    )
    await new Promise<void>((resolve) => {
      let screen = ''
      terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
        screen += text
        if (/What now\?[^]*q.* leave/.test(screen)) resolve()
      })
    })
    assert.ok(processesWith(marker).length > 3, 'nothing runs that could be left')
    for (const pid of processesWith(marker)) {
      if (/start\.js workshop/.test(commandOf(pid))) process.kill(Number(pid), 'SIGKILL')
    }
    assert.equal(await leftAfter10Seconds(marker), [])
    terminal.kill('SIGKILL')
    assert.equal(await ownTraces(), before)
    assert.equal(Object.keys(progress().scenarios), ['veth-pair'])
  })
})
