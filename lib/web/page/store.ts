// Keeps what the page knows as signals: the moments of one world, the moment that the reader looks at, and what can be done now.
import { batch, computed, signal } from '@preact/signals'
import { difference } from '../../observe/difference/difference.ts'
import type { Message } from '../../language/message.ts'
import type {
  AddressPool,
  Gap,
  Missed as MissedMoment,
  Moment,
  Picture,
  Subject,
} from '../moments.ts'
import type { Forgotten, Goal, Home, Now, Opened, Turn, WorldOpened } from '../protocol.ts'
import { Reader } from '../sharing.ts'
import { Folding } from './fold.ts'
import type { Followed, Mark, Shown } from './model.ts'
import { mode } from './packets/mode.ts'
import { room } from './text.ts'

/** `none`: not yet connected. `recording`: a file is read, and no kernel is behind it. */
export type Source = 'none' | 'live' | 'recording'

export const source = signal<Source>('none')
export const home = signal<Home | null>(null)
export const opened = signal<Opened | null>(null)
/** What is being done until the first picture. */
export const building = signal<Message | null>(null)
/** Why the world is over; null while it lives. */
export const ended = signal<{
  readonly why: 'ended' | 'taken-over' | 'lost'
  readonly error: string | null
} | null>(null)
export const notice = signal<string | null>(null)
/** The last turn that is not "busy": the action bar does not change while the lab works. */
export const turn = signal<Exclude<Turn, { kind: 'busy' }> | null>(null)
export const isBusy = signal(false)
export const goal = signal<Goal | null>(null)
export const hints = signal<readonly Message[]>([])
export const missedBy = signal<ReadonlyMap<number, Missing>>(new Map())
export type Missing = 'asked' | MissedMoment['checks']

/** Whether a reader at the end of a recording has turned to what was learnt. */
export const endingIsShown = signal(false)

/** The network of a second lab, in which a command was left out: its packets are followed there. */
export const elsewhere = signal<{
  readonly command: number
  readonly picture: Picture
  readonly state: Shown['state']
  /** The packets of the same check in the lesson itself; null if the lesson has not asked it yet. */
  readonly original: Followed | null
} | null>(null)

/** The answers that the reader of a recording has given, by the number of the check. */
export const answers = signal<ReadonlyMap<number, string>>(new Map())

/** The state now, when only counters differ from the last moment. */
const counters = signal<Shown['state']>(null)

// Moments are added to one array: the count tells the readers that it has grown.
let moments: Moment[] = []
let reader = new Reader()
let folding = new Folding(reader)
const count = signal(0)
export const subject = signal<Subject | null>(null)
/** Whether the beginning of the timeline was forgotten. */
export const isCut = signal(false)

/** The moment that the reader looks back at; null for now. */
export const cursor = signal<number | null>(null)
/** A and B of a comparison: indexes of moments. */
export const compared = signal<{ readonly from: number; readonly to: number } | null>(null)

/** The index of the moment that is shown. */
export const at = computed(() => Math.min(cursor.value ?? Infinity, count.value - 1))

/** The story until now, whatever the reader looks at. Each moment is folded once. */
export const storyNow = computed(() => {
  void count.value
  return folding.story()
})
export const story = computed(() =>
  at.value >= count.value - 1 ? storyNow.value : folding.story(at.value),
)
export const marks = computed<readonly Mark[]>(() => storyNow.value.marks)

/** The mark that the reader looks at; -1 before the first. */
export const markAt = computed(() => marks.value.findLastIndex(({ begins }) => begins <= at.value))

export const shown = computed<Shown>(() => {
  const range = compared.value
  const [to, from] = range ? [range.to, range.from] : [shownMoment(), null]
  const now = networkAt(to)
  const before = from === null ? networkBefore(to) : networkAt(from)
  const { changes, traffic } =
    before.state && now.state && before.state !== now.state
      ? difference(before.state, now.state)
      : { changes: [], traffic: [] }
  // In a comparison the picture is that of A, and what B has more is dashed.
  const other = elsewhere.value
  const counted = range === null && cursor.value === null ? counters.value : null
  return {
    ...(range ? before : now),
    ...(counted ? { state: counted } : {}),
    ...(other ? networkOf(other.picture, other.state) : {}),
    before: range ? now : before,
    changes,
    traffic,
    compared: range !== null,
    changedBy: changedBy(to),
    journeys: story.value.journeys,
  }
})

/** The address pools at the moment that is shown, and those before the last change. */
export const pools = computed(() => poolsAt(at.value))
export const poolsBefore = computed(() => {
  const last = lastOf('ipam', at.value)
  return last < 0 ? [] : poolsAt(last - 1)
})
/** Whether the lesson is about addresses only: its commands change no network. */
export const isStill = computed(
  () =>
    count.value > 0 &&
    pools.value.length > 0 &&
    moments.filter(({ kind }) => kind === 'layout').length === 1,
)

export function add(moment: Moment): void {
  if (moment.kind === 'part') return reader.add(moment)
  if (moment.kind === 'forgotten') return addGap(moment)
  if (moment.kind === 'begins') begin(moment.subject)
  if (moment.kind === 'missed')
    missedBy.value = new Map(missedBy.value).set(moment.command, moment.checks)
  if (moment.kind === 'state') counters.value = null
  moments.push(moment)
  folding.add(moment)
  count.value = moments.length
}

/** Forgotten moments keep their positions, which marks and the cursor name. */
function addGap({ count: length, isCut: cut, at: time }: Gap & { readonly at: number }): void {
  const gone: Moment = { at: time, kind: 'forgotten', count: 1, isCut: cut }
  isCut.value = cut
  for (let index = 0; index < length; index += 1) {
    moments.push(gone)
    folding.add(gone)
  }
  count.value = moments.length
}

export function forgetMoments({ moments: indexes, parts, isCut: cut }: Forgotten): void {
  const gone: Moment = { at: 0, kind: 'forgotten', count: 1, isCut: cut }
  for (const index of indexes) moments[index] = gone
  reader.forget(parts)
  isCut.value = cut
  // Without the lines that were forgotten.
  folding = new Folding(reader)
  for (const moment of moments) folding.add(moment)
  batch(() => {
    count.value = 0
    count.value = moments.length
  })
}

/** Packets alone have changed something in these nodes. */
export function addNow({ states, unread }: Now): void {
  const last = counters.value ?? networkAt(Infinity).state
  if (!last) return
  const fresh = new Map(states.map((state) => [state.name, state]))
  const nodes = last.nodes.map((node) => fresh.get(node.name) ?? node)
  counters.value = { version: last.version, nodes, unread }
}

/** A recording has all its moments at once. */
export function addAll(all: readonly Moment[]): void {
  batch(() => {
    for (const moment of all) add(moment)
  })
}

export function open(message: WorldOpened | null): void {
  batch(() => {
    opened.value = message?.what ?? null
    forget()
  })
}

/** Shows the network at this mark. The last mark of a live lab is now. */
export function goTo(index: number): void {
  const mark = marks.value[index]
  if (mark === undefined || mark.moment === null) return
  const isNow = source.value === 'live' && mark.moment >= count.value - 1
  cursor.value = isNow ? null : mark.moment
}

export function backToNow(): void {
  batch(() => {
    cursor.value = source.value === 'recording' ? count.value - 1 : null
    compared.value = null
  })
}

export const looksBack = computed(() => source.value === 'live' && cursor.value !== null)

/** The moment at which the question of this check is asked. */
export function momentOfQuestion({ begins, moment, number }: Mark): number | null {
  for (let index = begins; index <= (moment ?? -1); index += 1) {
    const found = moments[index]
    if (found?.kind === 'question' && found.check === number) return index
  }
  return null
}

function begin(next: Subject): void {
  batch(() => {
    subject.value = next
    moments = []
    folding = new Folding(reader)
    cursor.value = null
    compared.value = null
    missedBy.value = new Map()
  })
}

function forget(): void {
  reader = new Reader()
  folding = new Folding(reader)
  moments = []
  count.value = 0
  subject.value = null
  isCut.value = false
  cursor.value = null
  compared.value = null
  turn.value = null
  isBusy.value = false
  goal.value = null
  counters.value = null
  hints.value = []
  answers.value = new Map()
  missedBy.value = new Map()
  building.value = null
  ended.value = null
  notice.value = null
}

type Network = Pick<Shown, 'size' | 'layout' | 'topology' | 'folds' | 'state'>

function networkAt(index: number): Network {
  let picture: Picture | null = null
  let state: Shown['state'] = null
  for (let i = Math.min(index, count.value - 1); i >= 0 && !(picture && state); i -= 1) {
    const moment = moments[i]
    if (moment?.kind === 'layout') picture ??= reader.read(moment.picture)
    if (moment?.kind === 'state') state ??= reader.read(moment.state)
  }
  return networkOf(picture, state)
}

function networkOf(picture: Picture | null, state: Shown['state']): Network {
  const size = room.value === 'middle' && !picture?.middle ? 'wide' : room.value
  const layout = picture?.[size] ?? null
  return { size, layout, topology: picture?.topology ?? null, folds: picture?.folds ?? [], state }
}

/** Packets move on the picture of their own moment. */
function shownMoment(): number {
  const followed = mode.value
  if (!followed || elsewhere.value) return at.value
  return marks.value.findLast(({ begins }) => begins <= followed.moment)?.moment ?? at.value
}

function poolsAt(index: number): readonly AddressPool[] {
  for (let i = Math.min(index, count.value - 1); i >= 0; i -= 1) {
    const moment = moments[i]
    if (moment?.kind === 'ipam') return reader.read(moment.pools)
  }
  return []
}

/** The network before the last state that is another one. */
function networkBefore(index: number): Network {
  const last = lastState(index)
  return networkAt(last - 1)
}

function lastState(index: number): number {
  return lastOf('state', index)
}

function lastOf(kind: Moment['kind'], index: number): number {
  let last = Math.min(index, moments.length - 1)
  while (last >= 0 && moments[last]?.kind !== kind) last -= 1
  return last
}

function changedBy(index: number): Shown['changedBy'] {
  const state = moments[lastState(index)]
  if (state?.kind !== 'state') return null
  const { after } = state
  if (after.kind === 'command') return { kind: 'command', number: after.command }
  return after.kind === 'check' ? { kind: 'check', number: after.check } : null
}
