// Keeps the moments of a live world for a page that is loaded again. Its size is bounded: states that no mark of the timeline shows are
// forgotten first, then the oldest lines that somebody typed. What the lesson itself did is always kept.
import type { Moment } from '../moments.ts'
import type { Forgotten } from '../protocol.ts'

type Kept = {
  readonly moment: Exclude<Moment, { readonly kind: 'part' }>
  /** The position among all moments except parts, as the page counts them. */
  readonly index: number
  /** Parts below this id came before it. */
  readonly partsUntil: number
  /** Whether the next moment of its kind replaces it, unless a mark of the timeline comes between them. */
  readonly isReplaced: boolean
}

export type HistoryOptions = {
  /** So many moments that changes and typed lines cause may be kept. */
  readonly most: number
  /** The last ones are kept in any case. */
  readonly last: number
}

const usual: HistoryOptions = { most: 600, last: 200 }

export class History {
  readonly #options: HistoryOptions
  #kept: Kept[] = []
  readonly #parts = new Map<number, unknown>()
  #partsUntil = 0
  #length = 0
  #bounded = 0
  #isLesson = false
  #isCut = false

  constructor(options: HistoryOptions = usual) {
    this.#options = options
  }

  /** @returns what is to be forgotten now. */
  add(moment: Moment): Forgotten | undefined {
    if (moment.kind === 'part') {
      for (const value of moment.values) this.#parts.set(this.#partsUntil++, value)
      return undefined
    }
    if (moment.kind === 'begins') this.#isLesson = moment.subject.kind === 'scenario'
    const isReplaced = this.#isReplaced(moment)
    const [index, partsUntil] = [this.#length++, this.#partsUntil]
    const kept = { moment, index, partsUntil, isReplaced }
    this.#kept.push(kept)
    if (isBounded(kept)) this.#bounded += 1
    return this.#bounded > this.#options.most ? this.#forget() : undefined
  }

  /** All moments; where some were forgotten, one says how many. */
  *replay(): Generator<Moment> {
    const parts = [...this.#parts]
    let [next, part] = [0, 0]
    for (const { moment, index, partsUntil } of this.#kept) {
      const { at } = moment
      const end = parts.findIndex(([id]) => id >= partsUntil)
      const own = parts.slice(part, end < 0 ? undefined : end)
      part += own.length
      for (const run of runsOf(own)) yield { at, kind: 'part', ...run }
      if (index > next) yield this.#gap(index - next)
      yield moment
      next = index + 1
    }
    if (this.#length > next) yield this.#gap(this.#length - next)
  }

  #isReplaced(moment: Moment): boolean {
    switch (moment.kind) {
      case 'state':
        return moment.after.kind === 'change'
      case 'layout':
      case 'ipam':
        return true
      case 'typed':
        // In a lesson it is no mark.
        return this.#isLesson && moment.commands.length === 0
      default:
        return false
    }
  }

  #forget(): Forgotten {
    const before = this.#kept
    this.#drop(replacedIn(this.#old()))
    if (this.#bounded > this.#options.most / 2) {
      // The marks themselves are too many.
      const typed = this.#old().filter(({ moment, isReplaced }) => isLine(moment) && !isReplaced)
      this.#isCut ||= typed.length > 0
      this.#drop(new Set(typed))
      this.#drop(replacedIn(this.#old()))
    }
    const now = new Set(this.#kept)
    const moments = before.filter((each) => !now.has(each)).map(({ index }) => index)
    return { type: 'forgotten', moments, parts: this.#sweep(), isCut: this.#isCut }
  }

  #old(): readonly Kept[] {
    return this.#kept.slice(0, -this.#options.last)
  }

  #drop(gone: ReadonlySet<Kept>): void {
    this.#kept = this.#kept.filter((each) => !gone.has(each))
    this.#bounded = this.#kept.filter(isBounded).length
  }

  /** @returns the parts that no moment needs any more. */
  #sweep(): readonly number[] {
    const needed = new Set<number>()
    const open = this.#kept.flatMap(({ moment }) => partOf(moment) ?? [])
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (needed.has(id)) continue
      needed.add(id)
      open.push(...referencesIn(this.#parts.get(id)))
    }
    const gone = [...this.#parts.keys()].filter((id) => !needed.has(id))
    for (const id of gone) this.#parts.delete(id)
    return gone
  }

  #gap(count: number): Moment {
    return { at: 0, kind: 'forgotten', count, isCut: this.#isCut }
  }
}

function isBounded({ moment, isReplaced }: Kept): boolean {
  return isReplaced || isLine(moment)
}

/** A line that somebody typed and that is no command of a lesson. */
function isLine(moment: Moment): boolean {
  return moment.kind === 'typed' && moment.commands.length === 0
}

/** Moments that no mark shows, because one of the same kind follows before the next mark. */
function replacedIn(kept: readonly Kept[]): ReadonlySet<Kept> {
  const replaced = new Set<Kept>()
  const seen = new Set<Moment['kind']>()
  for (const each of kept.toReversed()) {
    const { kind } = each.moment
    if (!each.isReplaced) seen.clear()
    else if (seen.has(kind)) replaced.add(each)
    seen.add(kind)
  }
  return replaced
}

function partOf(moment: Moment): number | undefined {
  switch (moment.kind) {
    case 'state':
      return moment.state.part
    case 'layout':
      return moment.picture.part
    case 'ipam':
      return moment.pools.part
    case 'journey':
      return moment.journey?.part
    default:
      return undefined
  }
}

/** The ids in `{ "$": 12 }`, at any depth. */
function referencesIn(value: unknown): readonly number[] {
  if (typeof value !== 'object' || value === null) return []
  const [only, ...more] = Object.entries(value)
  if (only?.[0] === '$' && more.length === 0) return [Number(only[1])]
  return Object.values(value).flatMap(referencesIn)
}

/** Values whose ids follow each other stand in one moment. */
function runsOf(parts: readonly (readonly [number, unknown])[]) {
  const runs: { readonly id: number; readonly values: unknown[] }[] = []
  for (const [id, value] of parts) {
    const last = runs.at(-1)
    if (last && last.id + last.values.length === id) last.values.push(value)
    else runs.push({ id, values: [value] })
  }
  return runs
}
