// The telling of a journey as a pure function, on evidence recorded from a kernel; and on the same evidence with a part taken away.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import type { Journey } from '../../../lib/observe/journey/journey.ts'
import { journeyMermaid } from '../../../lib/observe/journey/mermaid.ts'
import { reconstructJourney } from '../../../lib/observe/journey/reconstruct.ts'
import { journeyText } from '../../../lib/observe/journey/text.ts'
import type { Evidence } from '../../../lib/observe/journey/world.ts'
import { plain, type outline } from '../../helpers/journey.ts'
import { recorded } from '../../helpers/recorded.ts'
import { suite } from '../../helpers/suite.ts'

const root = join(import.meta.dirname, '../../..')
const path = join(root, 'docs/journey.md')
const picture = /(<!-- Told from recorded[^\n]*-->\n\n```\n)(.*?)(\n```)/s

const { evidence, answers } = recorded('masquerade')
const pinged = /ICMP echo request/

function told(changes: Partial<Evidence> = {}): Journey {
  return reconstructJourney({ ...evidence, ...changes }, answers).journey
}

suite('tell', (test) => {
  test('the whole: from the program through the host to the server, and back', () => {
    const { outcome, drop, conversations } = told()
    assert.equal([outcome, drop, conversations.length], ['answered', null, 1])
    const [conversation] = conversations
    assert.match(conversation?.request.what ?? '', pinged)
    const nodes = (hops: Parameters<typeof outline>[0] = []) => [
      ...new Set(hops.map(({ node }) => node)),
    ]
    assert.equal(nodes(conversation?.request.hops), ['ns1', 'host', 'outside'])
    assert.equal(nodes(conversation?.answer?.hops), ['outside', 'host', 'ns1'])
  })

  test('without what was traced on outside, the cable ends there', () => {
    const traced = evidence.traced.filter(({ node }) => node !== 'outside')
    const { outcome, drop } = told({ traced, exitCode: 1 })
    assert.equal(
      [outcome, drop?.node, drop?.where, drop?.reason],
      ['dropped', 'outside', 'wan', 'unknown'],
    )
  })

  test('without the frames of outside, it left the host and came nowhere', () => {
    const { drop } = told({
      exitCode: 1,
      frames: evidence.frames.filter(({ node }) => node !== 'outside'),
      traced: evidence.traced.filter(({ node }) => node !== 'outside'),
    })
    assert.equal([drop?.node, drop?.where, drop?.reason], ['host', 'eth0', 'unknown'])
    assert.is(drop?.why.text, 'no reason found')
    assert.ok((drop?.checked.length ?? 0) > 4, 'what was checked is told')
  })

  test('without the last chain of FORWARD, something took it in that hook', () => {
    const traced = evidence.traced.filter(
      ({ node, message }) =>
        node === 'ns1' || (node === 'host' && /^(prerouting|forward_first)/.test(message.chain)),
    )
    const frames = evidence.frames.filter(
      ({ node, interface: name }) => node === 'ns1' || (node === 'host' && name !== 'eth0'),
    )
    const { drop } = told({ traced, frames, exitCode: 1 })
    assert.equal([drop?.node, drop?.where, drop?.reason], ['host', 'FORWARD', 'dropped-in-hook'])
  })

  test('without anything sent, the command says why', () => {
    const { outcome, drop } = told({
      frames: [],
      traced: [],
      exitCode: 1,
      targets: [],
      stderr: 'ping: local error: message too long, mtu=1400',
    })
    assert.equal([outcome, drop?.reason, drop?.node], ['not-sent', 'mtu', 'ns1'])
  })

  test('where its own node began nothing, what a program began elsewhere is told', () => {
    const { conversations } = told({ from: 'outside' })
    assert.equal(
      conversations.map(({ request }) => request.hops[0]?.node),
      ['ns1'],
    )
  })

  test('a command that succeeded never failed: what was reconstructed otherwise is told beside it', () => {
    const traced = evidence.traced.filter(({ node }) => node !== 'outside')
    const { outcome, drop, disagreement } = told({ traced })
    assert.equal([outcome, drop], ['answered', null])
    assert.match(
      disagreement?.text ?? '',
      /^the command succeeded, and one of its conversations did not: /,
    )
    assert.match(
      journeyText(told({ traced }), plain),
      /✓ answered\n  the command succeeded, and one/,
    )
  })

  test('a command that failed although it was answered: both are told', () => {
    const { outcome, disagreement } = told({ exitCode: 7, stderr: 'curl: (7) bad\n' })
    assert.is(outcome, 'answered')
    assert.is(
      disagreement?.text,
      'an answer reached ns1, and the command ended with the exit code 7 (curl: (7) bad)',
    )
  })

  test('routes that were not answered yet are questions', () => {
    const { questions } = reconstructJourney(evidence, new Map())
    assert.ok(
      questions.some(
        ({ node, destination, source, input }) =>
          `${node} ${destination} ${source} ${input}` === 'host 198.51.100.1 172.18.0.2 br0',
      ),
    )
    assert.equal(reconstructJourney(evidence, answers).questions, [])
  })

  test('as text: 80 columns, the rule as it was typed, and what it changed', () => {
    const text = journeyText(told(), plain)
    assert.ok(text.split('\n').every((line) => line.length <= 80))
    const flowing = text.replaceAll(/\s+/g, ' ')
    assert.ok(
      flowing.includes('iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE'),
    )
    assert.ok(flowing.includes('source 172.18.0.2 → 203.0.113.2'))
    assert.ok(flowing.includes('destination 203.0.113.2 → 172.18.0.2 (translated back'))
  })

  test('docs/journey.md shows it as it is', () => {
    const page = readFileSync(path, 'utf8')
    const text = journeyText(told(), plain).trimEnd()
    if (process.env.UPDATE)
      writeFileSync(
        path,
        page.replace(picture, (_, open: string, __, close: string) => `${open}${text}${close}`),
      )
    else assert.is(picture.exec(page)?.[2], text)
  })

  test('docs/journey.md has every reason', () => {
    const types = readFileSync(join(root, 'lib/observe/journey/journey.ts'), 'utf8')
    const reasons = [
      ...(/export type DropReason =([^]*?)\n\n/.exec(types)?.[1] ?? '').matchAll(/'(.+)'/g),
    ]
    assert.ok(reasons.length > 15)
    const page = readFileSync(path, 'utf8')
    assert.equal(
      reasons.map(([, reason]) => reason).filter((reason) => !page.includes(`\`${reason}\``)),
      [],
    )
  })

  test('as a Mermaid diagram: a participant a node, and an arrow a cable', () => {
    const lines = journeyMermaid(told()).trimEnd().split('\n')
    assert.is(lines[0], 'sequenceDiagram')
    assert.equal(
      lines.filter((line) => line.includes('participant')).map((line) => line.split(' as ')[1]),
      ['ns1', 'host', 'outside'],
    )
    assert.equal(
      lines.flatMap((line) => /^ {2}(n\d->>n\d)/.exec(line)?.[1] ?? []),
      ['n0->>n1', 'n1->>n2', 'n2->>n1', 'n1->>n0'],
    )
    assert.is(
      lines.slice(1).every((line) => /^ {2}(participant|Note over|n\d)/.test(line)),
      true,
    )
  })

  test('it survives JSON', () => {
    const journey = told()
    assert.equal(JSON.parse(JSON.stringify(journey)), journey)
  })
})
