// Makes a recording of a case of the page's tests: a free world whose state changes once, and whose packets are followed then.
import type { Snapshot } from '../../lib/observe/snapshot/snapshot.ts'
import { topologyOf } from '../../lib/observe/topology/topology.ts'
import { momentsVersion, type Moment, type Recording } from '../../lib/web/moments.ts'
import { pictureOf } from '../../lib/web/record/picture.ts'
import { Writer } from '../../lib/web/sharing.ts'
import type { PageCase } from './page-cases.ts'

export async function recordingOf({ before, after, journey }: PageCase): Promise<Recording> {
  const moments: Moment[] = []
  const writer = new Writer((part) => moments.push({ at: 0, ...part }))
  const changeTo = async (snapshot: Snapshot, kind: 'start' | 'change') => {
    const state = writer.share(snapshot)
    moments.push({ at: 0, kind: 'state', state, after: { kind } })
    const picture = writer.share(await pictureOf(topologyOf(snapshot)))
    moments.push({ at: 0, kind: 'layout', picture })
  }
  moments.push({ at: 0, kind: 'begins', version: momentsVersion, subject: { kind: 'free' } })
  await changeTo(before, 'start')
  await changeTo(after, 'change')
  const { from: node, command: line } = journey
  const shared = writer.share(journey)
  moments.push({
    at: 0,
    kind: 'journey',
    number: 1,
    check: null,
    node,
    line,
    journey: shared,
    error: null,
  })
  return { netdojo: 'recording', version: momentsVersion, moments }
}
