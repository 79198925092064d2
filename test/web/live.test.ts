// Tests the lab behind the page as the page uses it: lessons, terminals, changes by hand, followed packets, broken networks, progress.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import noMasquerade from '../../scenarios/broken/no-masquerade.ts'
import type { Snapshot } from '../../lib/observe/snapshot/snapshot.ts'
import { Reader } from '../../lib/web/sharing.ts'
import { suite } from '../helpers/suite.ts'
import { until } from '../helpers/until.ts'
import { type Page, Web } from '../helpers/web.ts'

suite('web: live', (test) => {
  test('a lesson: commands are run and typed, questions answered, and the progress is the file of the workshop', async () => {
    await using web = await Web.start(['veth-pair'])
    const page = await web.page()
    assert.equal((await page.get('opened')).what, {
      kind: 'lesson',
      name: 'veth-pair',
      from: null,
      dialect: 'ip',
    })
    const outline = await page.moment('outline')
    assert.is(outline.steps.length, 4)
    assert.is((await page.turn('command', 1)).until, 2)
    page.send({ type: 'run' })
    await page.turn('command', 2)
    assert.equal(nodesIn(page), ['host', 'ns1', 'outside'])
    // Typed in a terminal, without a word to the page before.
    await page.get('goal', ({ command, missing }) => command === 2 && missing.length > 0)
    await page.terminal('t', 'host')
    page.type('t', 'ip  netns add ns2\n')
    await page.turn('question', 1)
    const typed = await page.moment('typed', ({ commands }) => commands.length > 0)
    assert.equal([typed.node, typed.commands, typed.isOtherWay], ['host', [2], false])
    page.send({ type: 'answer', value: 'yes' })
    const verdict = await page.turn('verdict', 1)
    assert.equal([verdict.right, verdict.truth, verdict.holds], [true, 'yes', true])
    page.send({ type: 'next' })
    // Another way to the same network, and a hint before it.
    await page.turn('command', 3)
    await page.get('goal', ({ command, missing }) => command === 3 && missing.length > 0)
    page.send({ type: 'hint' })
    const hint = await page.get('hint')
    assert.ok(
      hint.lines.some(({ text }) => text === 'host$ ip link add veth0 type veth peer name veth1'),
      JSON.stringify(hint.lines),
    )
    page.type('t', 'ip link add name veth1 type veth peer name veth0\n')
    await page.turn('command', 4)
    const other = await page.moment('typed', ({ commands }) => commands.includes(3))
    assert.is(other.isOtherWay, true)
    // All commands up to the next question, at once.
    page.send({ type: 'run', until: 99 })
    await page.turn('question', 2)
    page.send({ type: 'answer', value: 'answer' })
    const wrong = await page.turn('verdict', 2)
    assert.equal([wrong.right, wrong.truth], [false, 'unreachable'])
    const followed = await page.moment('journey', ({ check }) => check === 2)
    assert.ok(followed.journey, String(followed.error))
    const { scenarios } = JSON.parse(readFileSync(join(web.data, 'netdojo/workshop.json'), 'utf8'))
    const own = scenarios['veth-pair']
    assert.equal([own.done, own.byHand, own.hints, own.guesses[1].right], [[1], [1, 2], 1, true])
    assert.is(own.guesses[2].right, false)
    page.close()
  })

  test('a command that is left out makes a check fail; what differs is named, and the check can be asked again', async () => {
    await using web = await Web.start(['veth-pair'])
    const page = await web.page()
    await page.turn('command', 1)
    page.send({ type: 'run', until: 2 })
    await page.turn('question', 1)
    page.send({ type: 'answer', value: 'yes' })
    await page.turn('verdict', 1)
    page.send({ type: 'next' })
    await page.turn('command', 3)
    page.send({ type: 'run', until: 5 })
    await page.turn('question', 2)
    page.send({ type: 'answer', value: 'answer' })
    await page.turn('verdict', 2)
    page.send({ type: 'next' })
    await page.turn('command', 6)
    page.send({ type: 'run', until: 8 })
    await page.turn('command', 9)
    page.send({ type: 'skip' })
    const skipped = await page.moment(
      'event',
      ({ event }) => event.type === 'command-started' && event.skipped,
    )
    assert.is(skipped.event.type === 'command-started' && skipped.event.command, 9)
    await page.turn('question', 3)
    page.send({ type: 'answer', value: 'answer' })
    const failed = await page.turn('verdict', 3)
    assert.equal([failed.holds, failed.right], [false, null])
    assert.ok(
      failed.differs.some(({ text }) => /veth1/.test(text.text)),
      JSON.stringify(failed),
    )
    await page.terminal('t', 'ns2')
    page.type('t', 'ip link set veth1 up\n')
    await page.moment('state', ({ after }) => after.kind === 'change')
    page.send({ type: 'retry' })
    const again = await page.get('turn', (turn) => turn.kind === 'verdict' && turn.holds)
    assert.ok(again)
    page.close()
  })

  test('every change is seen, whoever made it: devices, rules, sysctls, namespaces, listeners', async () => {
    await using web = await Web.start(['free'])
    const page = await web.page()
    await page.turn('free')
    await page.terminal('t', 'host')
    const sees = async (line: string, isSeen: (state: Snapshot) => boolean) => {
      page.type('t', `${line}\n`)
      assert.ok(await until(() => isSeen(stateIn(page)), 20), line)
    }
    const node = (state: Snapshot, name: string) => state.nodes.find((each) => each.name === name)
    const host = (state: Snapshot) => node(state, 'host')
    await sees('ip netns add ns1', (state) => node(state, 'ns1') !== undefined)
    await sees('ip -n ns1 link add br0 type bridge', (state) =>
      Boolean(node(state, 'ns1')?.links.some(({ name }) => name === 'br0')),
    )
    await sees('ip route add 192.0.2.0/24 via 203.0.113.1', (state) =>
      Boolean(host(state)?.routes.some(({ to }) => to === '192.0.2.0/24')),
    )
    await sees('iptables -t nat -A POSTROUTING -s 192.0.2.0/24 -j MASQUERADE', (state) =>
      JSON.stringify(host(state)?.chains).includes('MASQUERADE'),
    )
    await sees(
      'sysctl -w net.ipv4.conf.all.arp_ignore=1',
      (state) => host(state)?.sysctls['net.ipv4.conf.all.arp_ignore'] === '1',
    )
    await sees('serve 8080 &', (state) =>
      Boolean(host(state)?.listeners.some(({ port }) => port === 8080)),
    )
    await sees('ip netns delete ns1', (state) => node(state, 'ns1') === undefined)
    // Packets alone change counters, which are no moment.
    const before = page.moments.filter(({ kind }) => kind === 'state').length
    page.type('t', 'ping -c 1 203.0.113.1\n')
    await page.get('now', ({ states }) => JSON.stringify(states).includes('"icmp"'))
    assert.is(page.moments.filter(({ kind }) => kind === 'state').length, before)
    page.close()
  })

  test('packets are followed; a wrong node and an unknown word are errors, and the world goes on', async () => {
    await using web = await Web.start(['free'])
    const page = await web.page()
    await page.turn('free')
    const answer = await page.ask({
      kind: 'follow',
      node: 'host',
      line: 'ping -c 1 -W 1 198.51.100.1',
    })
    assert.equal(answer, { kind: 'follow', journey: 1 })
    const { journey, line } = await page.moment('journey', ({ number }) => number === 1)
    assert.is(line, 'ping -c 1 -W 1 198.51.100.1')
    assert.ok(journey)
    for (const about of [
      { kind: 'follow', node: 'nonesuch', line: 'ping -c 1 198.51.100.1' },
      { kind: 'follow-check', check: 1 },
      { kind: 'why', command: 1 },
    ] as const) {
      const error = await page.ask(about).then(() => 'it was answered', String)
      assert.match(error, /^Error: /, about.kind)
    }
    await page.terminal('t', 'host')
    page.type('t', 'netdojo --version; echo o""k\n')
    assert.ok(await page.shows('t', 'ok'))
    page.close()
  })

  test('a free world is saved as a script, opened again, and forgotten', async () => {
    await using web = await Web.start(['free'])
    const page = await web.page()
    await page.turn('free')
    await page.terminal('t', 'host')
    page.type(
      't',
      'ip netns add db; ip link add br7 type bridge; ip addr add 10.7.0.1/24 dev br7; ip link set br7 up\n',
    )
    assert.ok(await until(() => JSON.stringify(stateIn(page)).includes('10.7.0.1'), 20))
    const saved = await page.ask({ kind: 'save', name: 'mine' })
    assert.ok(saved.kind === 'save' && saved.lines > 2)
    const { lines } = saved
    assert.equal(await page.ask({ kind: 'save', name: 'mine' }), { kind: 'world-exists', lines })
    const replaced = await page.ask({ kind: 'save', name: 'mine', replace: true })
    assert.is(replaced.kind, 'save')
    const refused = await page.ask({ kind: 'save', name: '../mine' }).then(() => '', String)
    assert.match(refused, /the name must be/)
    page.send({ type: 'open', what: null })
    assert.equal(
      (await page.get('home')).worlds.map(({ name }) => name),
      ['mine'],
    )
    page.received.length = 0
    page.send({ type: 'open', what: { kind: 'free', world: 'mine' } })
    await page.turn('free')
    assert.ok(JSON.stringify(stateIn(page)).includes('10.7.0.1'))
    assert.equal(nodesIn(page), ['host', 'db', 'outside'])
    await page.ask({ kind: 'forget-world', name: 'mine' })
    page.send({ type: 'open', what: null })
    await page.get('home', ({ worlds }) => worlds.length === 0)
    page.close()
  })

  test('why a line is there: the checks that miss it, and the way of a packet without it', async () => {
    await using web = await Web.start(['veth-pair'])
    const page = await web.page()
    await page.turn('command', 1)
    assert.equal(await page.ask({ kind: 'why', command: 9 }), { kind: 'done' })
    const missed = await page.moment('missed')
    assert.is(missed.command, 9)
    assert.ok(
      missed.checks.some(({ check, sends }) => check === 3 && sends === true),
      JSON.stringify(missed),
    )
    const without = await page.ask({ kind: 'without', command: 9, check: 3 })
    assert.is(without.kind, 'without')
    if (without.kind !== 'without') return
    assert.ok(without.followed, String(without.error))
    assert.ok(without.followed?.picture.wide)
    // Without command 1, ns1 does not exist: it sends nothing that can be followed.
    await page.ask({ kind: 'why', command: 1 })
    const { checks } = await page.moment('missed', ({ command }) => command === 1)
    assert.equal(
      checks.map(({ check, sends }) => [check, sends]),
      [
        [1, false],
        [2, false],
        [3, false],
        [4, true],
        [5, false],
        [6, false],
        [8, true],
      ],
    )
    page.close()
  })

  test('a broken network: hint, wrong and right cause, repair in a terminal, judgement, result', async () => {
    await using web = await Web.start(['fix', '2'])
    const page = await web.page()
    const found = await page.turn('fix')
    assert.is(found.symptom[0]?.holds, false)
    const { subject } = await page.moment('begins')
    assert.ok(subject.kind === 'broken')
    if (subject.kind !== 'broken') return
    assert.is(subject.solution, null)
    const wrong = subject.causes.find(({ name }) => name !== noMasquerade.cause.name)
    page.send({ type: 'fix-hint' })
    await page.get('turn', (turn) => turn.kind === 'fix' && turn.hints === 1)
    page.send({ type: 'diagnose', cause: wrong?.name ?? '' })
    const no = await page.get('turn', (turn) => turn.kind === 'fix' && turn.named.length === 1)
    assert.is(no.kind === 'fix' && no.named[0]?.right, false)
    page.send({ type: 'diagnose', cause: noMasquerade.cause.name })
    await page.get('turn', (turn) => turn.kind === 'fix' && turn.score.diagnosed)
    await page.terminal('t', 'host')
    page.type('t', `${noMasquerade.solutions[0]?.commands}\necho do""ne\n`)
    assert.ok(await page.shows('t', 'done'))
    page.send({ type: 'judge' })
    const judged = await page.get('turn', (turn) => turn.kind === 'fix' && turn.judgement !== null)
    assert.ok(judged.kind === 'fix' && judged.judgement?.repaired, JSON.stringify(judged))
    assert.ok(judged.kind === 'fix' && judged.solution)
    const results = join(web.data, 'netdojo/fix.json')
    const { networks } = JSON.parse(readFileSync(results, 'utf8'))
    assert.equal(networks[noMasquerade.name], {
      repaired: true,
      diagnosed: true,
      answers: 2,
      checks: 1,
      hints: 1,
      told: false,
    })
    page.send({ type: 'open', what: null })
    const home = await page.get('home')
    assert.is(home.broken[1]?.score?.repaired, true)
    page.close()
  })

  test('a page that is loaded again gets everything again, and its terminals go on', async () => {
    await using web = await Web.start(['veth-pair'])
    const first = await web.page()
    await first.turn('command', 1)
    await first.terminal('t', 'host')
    first.type('t', 'echo be""fore\n')
    assert.ok(await first.shows('t', 'before'))
    first.send({ type: 'run', until: 2 })
    await first.turn('question', 1)
    first.close()
    const again = await web.page()
    await again.turn('question', 1)
    assert.equal(again.moments, first.moments)
    assert.ok(await again.shows('t', 'before'))
    again.type('t', 'echo af""ter\n')
    assert.ok(await again.shows('t', 'after'))
    again.close()
  })
})

/** The network of the last state, which `now` may follow. */
function stateIn(page: Page): Snapshot {
  const reader = new Reader()
  let state: Snapshot = { version: 1, nodes: [], unread: [] }
  for (const message of page.received) {
    if (message.type === 'now') {
      const { states } = message
      const nodes = state.nodes.map((node) => states.find(({ name }) => name === node.name) ?? node)
      state = { version: 1, nodes, unread: message.unread }
    }
    if (message.type !== 'moment') continue
    const { moment } = message
    if (moment.kind === 'part') reader.add(moment)
    if (moment.kind === 'state') state = reader.read(moment.state)
  }
  return state
}

function nodesIn(page: Page): readonly string[] {
  return stateIn(page).nodes.map(({ name }) => name)
}
