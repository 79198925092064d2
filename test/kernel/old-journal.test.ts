// Reads journal entries of an older version (old-journal.jsonl): changes are still rolled back, and removals are finished.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { batchApplier, netlinkApplier } from '../../lib/kernel/apply.ts'
import { commandOf } from '../../lib/kernel/command.ts'
import type { Operation } from '../../lib/kernel/operation.ts'
import { finish, rollBack } from '../../lib/kernel/undo.ts'
import { sandboxSuite, sh } from '../helpers/sandbox.ts'

type Entry = {
  readonly change: 'create' | 'connect' | 'disconnect' | 'remove'
  readonly operations: readonly Operation[]
}

/** A network with the nftables backend, then one with iptables; each was created, connected, disconnected and removed. */
const entries = readFileSync(join(import.meta.dirname, 'old-journal.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line): Entry => JSON.parse(line)[1])

const state = "ip -br link | cut -d' ' -f1; ip -n c1 -br link | cut -d' ' -f1; nft -s list ruleset"

sandboxSuite('old journal', (test, slow) => {
  for (const [name, applier, define] of [
    ['netlink', netlinkApplier, test],
    ['a process a batch', batchApplier, slow],
  ] as const)
    define(`${name}: each stored change is applied, rolled back and finished`, async () => {
      sh('ip netns add c1; ip -n c1 link set lo up')
      for (const backend of [entries.slice(0, 4), entries.slice(4)]) {
        const [create, connect, disconnect, remove] = backend.map(({ operations }) => operations)
        if (!create || !connect || !disconnect || !remove)
          throw new Error('the fixture is not whole')
        assert.equal(
          backend.map(({ change }) => change),
          ['create', 'connect', 'disconnect', 'remove'],
        )
        await applier.apply(create)
        const created = sh(state)
        assert.match(created, 'nd-web')
        await applier.apply(connect)
        assert.match(sh(state), 'ndv')
        await rollBack(applier, connect)
        assert.is(sh(state), created)
        await rollBack(applier, create)
        await rollBack(applier, create)
        assert.not.match(sh(state), /nd-web|netdojo/i)
        await applier.apply([...create, ...connect])
        await finish(applier, disconnect)
        await finish(applier, remove)
        await finish(applier, remove)
        assert.not.match(sh(state), /nd-web|ndv|netdojo/i)
      }
      sh('ip netns delete c1')
    })

  test('each stored operation has its command', () => {
    const kinds = new Set<string>()
    for (const { operations } of entries)
      for (const operation of operations) {
        kinds.add(operation.kind)
        assert.match(commandOf(operation), /^(ip|nft|sysctl|iptables|ip6tables|conntrack|nsenter) /)
      }
    assert.is(kinds.size, 17)
  })
})
