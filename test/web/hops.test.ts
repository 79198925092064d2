// The rows, stations, bytes and questions of packets say what the journey says, and nothing else. The journeys are recorded ones.
import * as assert from 'uvu/assert'
import type { Journey, Way } from '../../lib/observe/journey/journey.ts'
import { bytesAt } from '../../lib/web/page/packets/bytes.ts'
import { questionAt } from '../../lib/web/page/packets/challenge.ts'
import { packetsOf, protocolCounts, type Packet } from '../../lib/web/page/packets/rows.ts'
import { isGapAfter, isGapBefore, lineAt } from '../../lib/web/page/packets/stations.ts'
import { suite } from '../helpers/suite.ts'
import { caseNames, caseOf } from '../helpers/page-cases.ts'

suite('hops', (test) => {
  test('who refuses a packet is its end, and the answer arrives', () => {
    const [request, answer] = packetsOf(caseOf('refused').journey)
    assert.equal(rowsOf(request).slice(-2), [
      'ns2 arrives: for TCP port 81',
      'ns2 ✗ TCP: nothing listens there',
    ])
    assert.is(answer?.way.drop, null)
    assert.is(rowsOf(answer).at(-1), 'ns1 arrives: the program that asked')
    assert.is(answer?.form, 'error')
  })

  test('a flood is one packet with its count; the segments of a connection are not alike', () => {
    const { journey } = caseOf('flood')
    const packets = packetsOf(journey)
    assert.equal(
      packets.filter(({ isMain }) => isMain).map(({ way, times }) => [way.what, times]),
      [
        ['ICMP echo request', 400],
        ['ICMP echo reply', 400],
      ],
    )
    assert.equal([...protocolCounts(journey)], [['ICMP', 800]])
    const alike = packetsOf(counted(caseOf('dnat').journey)).map(({ times }) => times)
    assert.equal([...new Set(alike)], [1])
  })

  test('hops that the kernel lost are a gap, where they are missing and only there', () => {
    const way = packetsOf(caseOf('dnat').journey)[0]?.way
    if (!way) throw new Error('no packet')
    const lost = ['outside', 'host', 'ns1']
    assert.equal(gapsOf(way, lost), [], 'a whole way has none, also where events were lost')
    const without = (cut: (hop: Way['hops'][number]) => boolean) => ({
      ...way,
      hops: way.hops.filter((hop) => !cut(hop)),
    })
    const noWay = without(({ kind, node }) => kind === 'leaves' && node === 'host')
    assert.equal(gapsOf(noWay, lost), ['host end'])
    assert.equal(gapsOf(noWay, []), [], 'nothing was lost: the journey knows why')
    const noHook = without((hop) => hop.kind === 'hook' && hop.hook === 'forward')
    assert.equal(gapsOf(noHook, lost), ['before postrouting'])
    const noEnd = { ...way, hops: way.hops.slice(0, 4) }
    assert.equal(gapsOf(noEnd, ['ns1']), [`${noEnd.hops.at(-1)?.node} end`])
    const at = noHook.hops.findIndex(
      (hop) => hop.kind === 'hook' && hop.hook === 'postrouting' && hop.node === 'host',
    )
    const names = lineAt({ way: noHook }, at, lost).stations.map(({ name }) => name.text)
    assert.equal(names.slice(names.indexOf('…') - 1, names.indexOf('…') + 2), [
      'routing',
      '…',
      'POSTROUTING',
    ])
  })

  test('the bytes of a hop are those of the frames: a router takes one from the time to live', () => {
    const { journey } = caseOf('dnat')
    const [request, answer] = packetsOf(journey)
    const aged = [request, answer].map((packet) =>
      packet?.way.hops.flatMap((_, index) =>
        bytesAt(packet.way, index)
          .changes.filter(({ from }) => from === 8)
          .map(({ before, after }) => `${packet.way.hops[index]?.node} ${before} ${after}`),
      ),
    )
    assert.equal(aged, [['host 40 3f'], ['host 40 3f']])
  })

  test('each question has the answer that the next row shows, and what is refused is never "a program gets it"', () => {
    for (const name of caseNames) {
      const packets = packetsOf(caseOf(name).journey)
      for (const [packet, { rows, way }] of packets.entries())
        for (const [row, { dead, hop }] of rows.entries()) {
          const question = questionAt(packets, { packet, row })
          if (!question) continue
          const { right, answers } = question
          assert.ok(
            answers.some(({ value }) => value === right),
            `${name} ${row}: ${right}`,
          )
          assert.is(new Set(answers.map(({ text }) => text.text)).size, answers.length)
          assert.is(dead, right === 'drop' || right === 'nobody', `${name} ${row}`)
          if (way.hops[hop]?.kind === 'delivered') assert.is(way.drop, null)
        }
    }
  })

  test('what conntrack remembers is told as that, and is no new entry', () => {
    const others = packetsOf(caseOf('dnat').journey).filter(({ isMain }) => !isMain)
    const rows = others.flatMap(rowsOf).filter((row) => /PREROUTING|conntrack/.test(row))
    assert.ok(
      rows.includes('host PREROUTING: destination 172.18.0.2, as conntrack remembers'),
      rows.join('\n'),
    )
  })
})

function rowsOf(packet: Packet | undefined): readonly string[] {
  return (packet?.rows ?? []).map(
    ({ node, label, words, dead }) => `${node} ${dead ? '✗ ' : ''}${label.text}: ${words.text}`,
  )
}

function gapsOf(way: Way, lost: readonly string[]): readonly string[] {
  return way.hops.flatMap((hop, index) => [
    ...(isGapBefore(way, index, lost)
      ? [`before ${hop.kind === 'hook' ? hop.hook : hop.kind}`]
      : []),
    ...(isGapAfter(way, index, lost) ? [`${hop.node} end`] : []),
  ])
}

/** As a journey of today: the recorded one has no counts. */
function counted(journey: Journey): Journey {
  const conversations = journey.conversations.map((each) =>
    Object.assign({}, each, { count: { request: 6, answer: 6 } }),
  )
  return { ...journey, conversations }
}
