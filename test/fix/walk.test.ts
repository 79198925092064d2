// Runs `npm run fix` as a learner does: on a terminal in both languages, by a script, and with arguments that it refuses.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { brokenNames, loadBroken } from '../../lib/cli/programs/catalogue.ts'
import { chosen, shuffled } from '../../lib/fix/choose.ts'
import { readResults } from '../../lib/fix/results.ts'
import { commandLine, netdojo } from '../helpers/netdojo.ts'
import { suite } from '../helpers/suite.ts'
import { inTerminal } from '../helpers/terminal.ts'
import { newDirectory } from '../helpers/directory.ts'

const directory = newDirectory()
const networks = await Promise.all(brokenNames.map(loadBroken))
process.on('exit', () => rmSync(directory, { recursive: true }))
let users = 0

/** A user with results of their own. */
function newUser() {
  const home = join(directory, String((users += 1)))
  const env = { XDG_DATA_HOME: home, LANG: 'C', LC_ALL: '', LC_MESSAGES: '', NO_COLOR: '1' }
  return {
    results: () => readResults(join(home, 'netdojo/fix.json')),
    fix: (args: readonly string[], input = '') => netdojo('fix', args, { env, input }),
    typed: (args: string) =>
      `${Object.entries(env)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ')} ${commandLine('fix', args)}`,
  }
}

suite('npm run fix', (test, slow) => {
  test('the list shows symptoms without names, and what is solved', async () => {
    const { fix } = newUser()
    const { stdout, exitCode } = await fix([])
    assert.is(exitCode, 0)
    assert.match(stdout, /^ {3}1 {2}\* {4}Since the reboot, no namespace reaches the Internet/m)
    assert.match(stdout, /^0 of 20 solved/m)
    assert.not.match(stdout, /forwarding-off/)
    assert.ok(stdout.split('\n').every((line) => line.length <= 80))
    assert.match((await fix(['--lang', 'zh'])).stdout, /重启之后，所有命名空间都上不了互联网/)
  })

  test('on a terminal: shell, wrong diagnosis, hint, repair, right diagnosis, and the solution', async () => {
    const user = newUser()
    const { screen, exitCode } = await inTerminal(user.typed('1'), [
      [/host# $/, 'exit\n'],
      [/What next\?[^]*q.* leave/, 'h'],
      [/Hint 1 of 3[^]*What next\?[^]*q.* leave/, 'c'],
      [/What is the cause\?[^]*Enter.* back/, keyOf('forwarding-off', 'no-masquerade')],
      [
        /No\. This command shows[^]*iptables -t nat -vnL POSTROUTING[^]*What next\?[^]*q.* leave/,
        's',
      ],
      [/host# $/, 'sysctl -w net.ipv4.conf.all.forwarding=1; exit\n'],
      [/What next\?[^]*q.* leave/, '\r'],
      [
        /Repaired, and everything else still works[^]*What is the cause\?[^]*Enter.* back/,
        keyOf('forwarding-off', 'forwarding-off'),
      ],
    ])
    assert.match(screen, /The symptom:\s+ns1\$ ping [^\n]*\s+→ no answer within 0\.5 s/)
    assert.match(screen, /The cause: The host does not forward packets/)
    assert.match(
      screen,
      /The commands that broke it\s+sysctl -w net\.ipv4\.conf\.all\.forwarding=0/,
    )
    assert.match(screen, /Solved: diagnosis and repair are right/)
    assert.is(exitCode, 0)
    assert.equal(user.results(), {
      'forwarding-off': {
        repaired: true,
        diagnosed: true,
        answers: 2,
        checks: 1,
        hints: 1,
        told: false,
      },
    })
    const { stdout } = await user.fix([])
    assert.match(stdout, /^✓ {2}1 {2}/m)
    assert.match(stdout, /^1 of 20 solved/m)
  })

  slow('the same in Chinese, and Ctrl-D leaves', async () => {
    const user = newUser()
    const { screen, exitCode } = await inTerminal(user.typed('2 --lang zh'), [
      [/host# $/, 'exit\n'],
      [/回到 shell[^]*q.* 离开/, 'c'],
      [/原因是什么？[^]*Enter.* 返回/, keyOf('no-masquerade', 'no-masquerade')],
      [/对，就是这个原因。[^]*q.* 离开/, '\r'],
      [/还没有：症状仍然存在。[^]*q.* 离开/, '\u0004'],
    ])
    assert.match(screen, /故障网络 2：ns1 和 ns2 收不到互联网的应答，db 却可以/)
    assert.match(screen, /0\.5 秒内没有应答/)
    assert.match(screen, /尚未解决。[^]*诊断：正确（回答次数：1）/)
    assert.is(exitCode, 1)
    assert.is(user.results()['no-masquerade']?.diagnosed, true)
  })

  test('by a script: a destructive repair is refused, and a look at the solution is remembered', async () => {
    const user = newUser()
    const script = join(directory, 'script')
    writeFileSync(
      script,
      `# a comment
      $ iptables -t nat -D PREROUTING 1
      check
      solution
      $ iptables -t nat -A PREROUTING -d 203.0.113.2 -p tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80
      2
      dnat-without-local
      `,
    )
    const { stdout, exitCode } = await user.fix(['dnat-without-local', '--script', script])
    assert.match(
      stdout,
      /✗ port 80 of the host leads to ns1[^]*Refused: your repair cures the symptom/,
    )
    assert.match(stdout, /Repaired, and everything else still works[^]*Right: that is the cause/)
    assert.match(stdout, /Diagnosis and repair are right, but you looked at the solution first/)
    assert.is(exitCode, 1)
    assert.is(user.results()['dnat-without-local']?.told, true)
  })

  slow('--plain has no pictures and no signs; a wrong answer is reported', async () => {
    const { stdout, exitCode } = await newUser().fix(['4', '--plain'], 'fly\nshell\ncheck\nleave\n')
    assert.match(stdout, /'fly' is not one of the choices/)
    assert.match(stdout, /A script cannot open a shell/)
    assert.match(stdout, /fails: ns1 reaches ns2/)
    assert.not.match(stdout, /[✓✗→]|\+---/)
    assert.is(exitCode, 1)
  })

  test('--seed opens the same network for everybody; --random an unsolved one, and prints its seed', async () => {
    const [seeded, random] = await Promise.all([
      newUser().fix(['--seed', '7']),
      newUser().fix(['--random']),
    ])
    assert.is(opened(seeded.stdout), chosen(brokenNames, 7))
    const seed = /npm run fix -- --seed (\d+)/.exec(random.stdout)?.[1]
    assert.ok(seed, random.stdout)
    assert.is(opened(random.stdout), chosen(brokenNames, Number(seed)))
  })

  const refusals: readonly (readonly [readonly string[], string])[] = [
    [['99'], "'99': the number must be from 1 to 20"],
    [['1', '--random'], "--random chooses a network and takes no number, but '1' is given"],
    [['0'], "'0': the number must be from 1 to 20"],
    [['nosuch'], 'npm run fix lists all broken networks'],
    [['--seed', 'x'], "--seed must be a whole number from 0 to 999999999, not 'x'"],
    [['--lang', 'fr'], "--lang must be one of en, zh, not 'fr'"],
    [['1', '--script', '/nosuch'], "the file '/nosuch' of --script"],
  ]
  for (const [index, [args, reason]] of refusals.entries()) {
    const define = index < 2 ? test : slow
    define(`2: ${args.join(' ')}`, async () => {
      const { exitCode, stderr } = await newUser().fix(args)
      assert.is(exitCode, 2)
      assert.match(stderr, reason)
      assert.not.match(stderr, /^\s+at /m)
    })
  }

  test('2: an option that npm took for itself', async () => {
    const { exitCode, stderr } = await netdojo('fix', ['7'], { env: { npm_config_seed: '7' } })
    assert.is(exitCode, 2)
    assert.match(stderr, 'npm run fix 7 -- --seed')
  })

  test('3: results that cannot be read are reported before a network is built', async () => {
    writeFileSync(join(directory, 'broken'), '')
    const { exitCode, stderr } = await netdojo('fix', ['1'], {
      env: { XDG_DATA_HOME: join(directory, 'broken') },
      input: '',
    })
    assert.is(exitCode, 3)
    assert.match(stderr, 'set XDG_DATA_HOME to another directory')
  })

  test('--help speaks the language', async () => {
    const { stdout, exitCode } = await newUser().fix(['--help', '--lang=zh'])
    assert.is(exitCode, 0)
    assert.match(stdout, /故障网络：找到故障[^]*退出码：0 已解决/)
  })
})

/** The key of a cause in the menu of a network that its number opened. */
function keyOf(network: string, cause: string): string {
  const broken = networks.find(({ name }) => name === network)
  assert.ok(broken)
  const causes = shuffled([broken.cause, ...broken.alternatives], 0, ({ name }) => name)
  return String(causes.findIndex(({ name }) => name === cause) + 1)
}

/** The name of the opened network, found by its number. */
function opened(stdout: string): string | undefined {
  return brokenNames[Number(/^Broken network (\d+)/m.exec(stdout)?.[1]) - 1]
}
