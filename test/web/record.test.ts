// Tests recordings of real runs: what a page needs is in them, in the order of what happened, and small enough for a page.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { loadScenario } from '../../lib/cli/programs/catalogue.ts'
import type { Moment, Recording } from '../../lib/web/moments.ts'
import { outlineOf } from '../../lib/web/record/outline.ts'
import { Reader } from '../../lib/web/sharing.ts'
import { newDirectory } from '../helpers/directory.ts'
import { netdojo } from '../helpers/netdojo.ts'
import { suite } from '../helpers/suite.ts'

const directory = newDirectory()

async function recorded(name: string): Promise<Recording> {
  const program = /^\d/.test(name) ? 'fix' : 'scenario'
  const file = join(directory, `${name}.json`)
  const { exitCode, stderr } = await netdojo(program, [name, '--record', file])
  assert.is(exitCode, 0, stderr)
  const text = readFileSync(file, 'utf8')
  assert.ok(text.length < 1_500_000, `${text.length} bytes`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the test checks the fields that it uses
  return JSON.parse(text) as Recording
}

type Kind = Moment['kind']
type Of<Each extends Kind> = Extract<Moment, { readonly kind: Each }>

function ofKind<Each extends Kind>(moments: readonly Moment[], kind: Each): readonly Of<Each>[] {
  return moments.filter((moment): moment is Of<Each> => moment.kind === kind)
}

suite('recordings', (test, slow) => {
  test('bridge-nat: states, pictures, questions and journeys', async () => {
    const { moments, version } = await recorded('bridge-nat')
    assert.is(version, 1)
    const [first, second] = moments
    assert.equal([first?.kind, second?.kind], ['begins', 'outline'])
    const reader = new Reader()
    for (const part of ofKind(moments, 'part')) reader.add(part)

    // A state after each command and check, and what a command adds is in its own state.
    const states = ofKind(moments, 'state')
    assert.is(states.length, 1 + 22 + 13)
    const stateAfter = (command: number) => {
      const found = states.find(
        ({ after }) => after.kind === 'command' && after.command === command,
      )
      assert.ok(found)
      return reader.read(found.state)
    }
    const devices = (command: number) =>
      stateAfter(command).nodes[0]?.links.map(({ name }) => name) ?? []
    assert.ok(devices(1).includes('br0'))
    assert.not.ok(devices(1).includes('veth1'))
    const has = (command: number, text: string) =>
      JSON.stringify(stateAfter(command)).includes(text)
    assert.not.ok(has(21, '--to-destination 172.18.0.2:80'))
    assert.ok(has(22, '--to-destination 172.18.0.2:80'))
    assert.not.ok(has(22, 'netdojo_trace') || has(22, 'receivedPackets'))

    // The last picture is of the last state, and its wires lead from device to device.
    const last = ofKind(moments, 'layout').at(-1)
    assert.ok(last)
    for (const layout of [reader.read(last.picture).wide, reader.read(last.picture).narrow]) {
      assert.equal(
        layout.nodes.map(({ node }) => node.name),
        ['host', 'ns1', 'ns2', 'outside'],
      )
      const ids = new Set(layout.nodes.flatMap((node) => node.devices.map(({ id }) => id)))
      assert.is(layout.wires.length, 6)
      for (const { from, to } of layout.wires)
        assert.ok(ids.has(from) && ids.has(to), `${from} ${to}`)
    }

    // Every check was asked as a question, answered by the kernel, and followed in the same run.
    const [asked, answered] = [ofKind(moments, 'question'), ofKind(moments, 'answer')]
    const followed = ofKind(moments, 'journey').filter(({ check }) => check !== null)
    assert.equal(asked.length, 13)
    assert.equal(
      answered.map(({ right }) => right),
      [
        'unreachable',
        'answer',
        'answer',
        'answer',
        'unreachable',
        'answer',
        'answer',
        'silence',
        'answer',
        'answer',
        'refused',
        'answer from ns1',
        'answer from outside',
      ],
    )
    assert.equal(
      followed.map(({ journey }) => journey && reader.read(journey).outcome),
      [
        'not-sent',
        'answered',
        'answered',
        'answered',
        'not-sent',
        'answered',
        'answered',
        'dropped',
        'answered',
        'answered',
        'refused',
        'answered',
        'answered',
      ],
    )
    const position = (find: (moment: Moment) => boolean) => moments.findIndex(find)
    const check = 12
    const order = [
      position((each) => each.kind === 'question' && each.check === check),
      position(
        (each) =>
          each.kind === 'event' &&
          each.event.type === 'check-started' &&
          each.event.check === check,
      ),
      position((each) => each.kind === 'journey' && each.check === check),
      position(
        (each) =>
          each.kind === 'event' && each.event.type === 'check-ended' && each.event.check === check,
      ),
      position((each) => each.kind === 'answer' && each.check === check),
      position(
        (each) =>
          each.kind === 'state' && each.after.kind === 'check' && each.after.check === check,
      ),
    ]
    assert.equal(
      order,
      order.toSorted((one, other) => one - other),
    )
    assert.ok(order[0] !== -1)

    // What the dry run lists is what then happens.
    assert.equal(
      ofKind(moments, 'outline')[0]?.steps,
      JSON.parse(JSON.stringify(await outlineOf(await loadScenario('bridge-nat'), 'ip'))),
    )
  })

  test('bitmap-ipam: the pools after each command that changes them', async () => {
    const { moments } = await recorded('bitmap-ipam')
    const reader = new Reader()
    for (const part of ofKind(moments, 'part')) reader.add(part)
    const pools = ofKind(moments, 'ipam').map(({ pools }) => reader.read(pools))
    const [created] = pools[0] ?? []
    assert.equal(created, {
      subnet: '192.168.0.0/29',
      gateway: '192.168.0.1',
      used: [],
      reserved: ['192.168.0.0', '192.168.0.7'],
      next: '192.168.0.2',
    })
    const full = pools.find(([first]) => first?.next === null)?.[0]
    assert.equal(
      full?.used.map(({ owner }) => owner),
      ['c', 'db', 'cache', 'a', 'b'],
    )
  })

  test('a broken network: the symptom fails, and after the repair everything holds', async () => {
    const { moments } = await recorded('9')
    const [begins] = moments
    assert.ok(begins?.kind === 'begins' && begins.subject.kind === 'broken')
    const { subject } = begins
    assert.is(subject.name, 'forward-drop')
    assert.is(subject.solution?.cause, 'forward-drop')
    const look = subject.causes.find(({ name }) => name === 'forward-drop')?.look
    assert.match(look?.output ?? '', 'Chain FORWARD (policy DROP')
    const checks = moments.flatMap((moment) =>
      moment.kind === 'event' && moment.event.type === 'check-ended' ? [moment.event.holds] : [],
    )
    const [works, unharmed] = [subject.works.length, subject.unharmed.length]
    assert.equal(checks, [
      ...subject.works.map(() => false),
      ...Array.from({ length: unharmed + works + unharmed }, () => true),
    ])
    assert.equal(ofKind(moments, 'question'), [])
    const reader = new Reader()
    for (const part of ofKind(moments, 'part')) reader.add(part)
    const [symptom] = ofKind(moments, 'journey')
    const drop = symptom?.journey && reader.read(symptom.journey).drop
    assert.equal([drop?.reason, drop?.node], ['dropped-by-policy', 'host'])
  })

  slow('masquerade: the packets that a capture watches are followed, too', async () => {
    const { moments } = await recorded('masquerade')
    const reader = new Reader()
    for (const part of ofKind(moments, 'part')) reader.add(part)
    const followed = ofKind(moments, 'journey').filter(({ check }) => check !== null)
    assert.equal(
      followed.map(({ check }) => check),
      [1, 2, 3, 4, 5, 6, 7, 8],
    )
    assert.equal(
      followed.map(({ journey }) => (journey && reader.read(journey).drop?.reason) ?? null),
      ['no-route', null, 'forwarding-off', 'no-route', 'no-route', null, null, null],
    )
    assert.ok(followed.every(({ line }) => /^(ping|curl) /.test(line)))
  })

  test('a file that cannot be written is an error before the run', async () => {
    const { exitCode, stdout, stderr } = await netdojo('scenario', [
      'veth-pair',
      '--record',
      join(directory, 'missing/file.json'),
    ])
    assert.is(exitCode, 2)
    assert.is(stdout, '')
    assert.match(stderr, 'no such file or directory')
  })
})
