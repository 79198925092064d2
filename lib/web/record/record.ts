// Records the play of a scenario: its stream of moments becomes one value, which a file keeps.
import type { Emit, ScenarioEvent } from '../../scenario/events.ts'
import type { Guide } from '../../scenario/guide.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { momentsVersion, type Moment, type Recording, type Subject } from '../moments.ts'
import { pictureOf } from './picture.ts'
import { outlineOfRun } from './outline.ts'
import { recordingGuide } from './play.ts'
import { MomentStream } from './stream.ts'

export type RunRecording = {
  readonly guide: Guide
  readonly emit: Emit
  readonly ended: () => Promise<Recording>
}

export function record(
  { name, topology }: Scenario,
  subject: Subject = { kind: 'scenario', name },
): RunRecording {
  const moments: Moment[] = []
  const events: ScenarioEvent[] = []
  const stream = new MomentStream({
    emit: (moment) => void moments.push(moment),
    layOut: pictureOf,
    hasOutside: topology.includes('outside'),
  })
  return {
    guide: recordingGuide(stream, subject.kind === 'scenario'),
    emit: (event) => {
      events.push(event)
      stream.event(event)
    },
    ended: async () => {
      await stream.ended()
      const first: readonly Moment[] = [
        { at: 0, kind: 'begins', version: momentsVersion, subject },
        { at: 0, kind: 'outline', steps: outlineOfRun(events) },
      ]
      return { netdojo: 'recording', version: momentsVersion, moments: [...first, ...moments] }
    },
  }
}
