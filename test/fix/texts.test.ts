// Checks that every text of the broken networks has its Chinese, and that no text names the fault before the end.
import * as assert from 'uvu/assert'
import { brokenNames, loadBroken } from '../../lib/cli/programs/catalogue.ts'
import { nodesOf } from '../../lib/fix/world.ts'
import zh from '../../lib/language/zh/broken/index.ts'
import { textsOfBroken } from '../helpers/broken-texts.ts'
import { placeholders } from '../helpers/texts.ts'
import { suite } from '../helpers/suite.ts'

const networks = await Promise.all(brokenNames.map(loadBroken))
const texts = new Set(networks.flatMap((broken) => textsOfBroken(broken, nodesOf())))

suite('texts of broken networks', (test) => {
  test('each has its Chinese, with the same values in it', () => {
    assert.ok(texts.size > 200)
    const missing = [...texts].filter((text) => !/\p{Script=Han}/u.test(zh[text] ?? ''))
    assert.equal(missing, [])
    for (const text of texts) assert.equal(placeholders(zh[text] ?? ''), placeholders(text), text)
  })

  test('no Chinese is left over from a text that is gone', () => {
    assert.equal(
      Object.keys(zh).filter((text) => !texts.has(text)),
      [],
    )
  })

  test('commands and addresses in a text are the same in both languages', () => {
    // Addresses, names of sysctls and options are the same in every language.
    const literal = /(?:\d{1,3}\.){3}\d{1,3}(?:\/\d+)?|\b\w+(?:\.\w+){3,}|(?<= )--?[a-zA-Z][\w-]*/g
    for (const text of texts) {
      const lost = (text.match(literal) ?? []).filter((word) => !zh[text]?.includes(word))
      assert.equal(lost, [], text)
    }
  })

  test('what is seen before the end does not name the cause', () => {
    for (const { name, title, story, cause } of networks) {
      const before = `${title} ${story}`.toLowerCase()
      assert.not.ok(before.includes(name.replaceAll('-', ' ')), name)
      assert.not.ok(before.includes(cause.statement.toLowerCase()), name)
    }
  })

  test('each network is complete: causes to choose from, hints, an explanation, a picture that fits', () => {
    for (const broken of networks) {
      const { name, title, cause, alternatives, hints, topology, destructive } = broken
      assert.ok(title.length <= 69, `${name}: its title does not fit the list`)
      const causes = [cause, ...alternatives].map(({ name }) => name)
      assert.is(new Set(causes).size, causes.length, name)
      assert.ok(causes.length >= 4 && hints.length >= 2 && destructive.length >= 1, name)
      assert.match(topology, /^[\x20-\x7E\n]+$/, name)
      assert.ok(
        topology.split('\n').every((line) => line.length <= 76),
        name,
      )
    }
    assert.ok(networks.length >= 14)
  })
})
