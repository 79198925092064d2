// Checks a scenario in Chinese: complete, at most 80 columns wide, and chosen by --lang or LANG.
import stringWidth from 'string-width'
import * as assert from 'uvu/assert'
import { netdojo } from '../../helpers/netdojo.ts'
import { suite } from '../../helpers/suite.ts'

const env = { LC_ALL: '', LC_MESSAGES: '', LANG: 'zh_CN.UTF-8' }

suite('languages', (test, slow) => {
  test('LANG chooses the language of the list, and --lang comes before LANG', async () => {
    assert.match((await netdojo('scenario', [], { env })).stdout, /veth-pair +两个网络命名空间/)
    assert.match(
      (await netdojo('scenario', ['--lang', 'en'], { env })).stdout,
      /veth-pair +A cable/,
    )
    assert.match((await netdojo('scenario', ['--lang', 'zh'])).stdout, /运行一个：npm run/)
  })

  test('a whole scenario: our own lines fit, and only programs and names are English', async () => {
    const { stdout, exitCode } = await netdojo('scenario', ['veth-pair', '--diff', '--no-color'], {
      env,
    })
    assert.is(exitCode, 0)
    const prose = stdout.split('\n').filter((line) => /\p{Script=Han}/u.test(line))
    assert.ok(prose.length > 30, String(prose.length))
    // A full stop may stand in the margin.
    assert.equal(
      prose.filter((line) => stringWidth(line.replace(/[，。；：）”…]$/u, '')) > 80),
      [],
    )
    assert.match(stdout, /^✓ veth-pair：8 项检查全部成立 {2}13 条命令，[\d.]+ 秒$/m)
    assert.not.match(stdout, /What this step|checks hold|answers, ttl/)
  })

  slow('a failing check shows in Chinese what was expected and observed', async () => {
    const { stdout, exitCode } = await netdojo('scenario', [
      'veth-pair',
      '--without',
      '6',
      '--lang',
      'zh',
      '--no-color',
    ])
    assert.is(exitCode, 1)
    assert.match(stdout, /去掉第 6 条命令/)
    assert.match(stdout, /已去掉/)
    assert.match(stdout, /期望：有应答\n +实际：/)
    assert.match(stdout, /8 项检查中有 \d 项不成立/)
  })

  slow(
    'JSON is English in every language; a language that we do not speak is refused',
    async () => {
      const { stdout } = await netdojo('scenario', ['veth-pair', '--json'], { env })
      assert.not.match(stdout, /\p{Script=Han}/u)
      const refused = await netdojo('scenario', ['--lang', 'fr'])
      assert.is(refused.exitCode, 2)
      assert.match(refused.stderr, /--lang must be one of en, zh, not 'fr'/)
    },
  )
})
