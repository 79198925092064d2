// Folds moments, one by one, into the rows of the story and the marks of the timeline; what comes after a given moment is there as "later".
import type { CheckStarted, CommandStarted, StepStarted } from '../../scenario/events.ts'
import type { Moment, Outlined } from '../moments.ts'
import type { Reader } from '../sharing.ts'
import type { CheckRow, CommandRow, Followed, Mark, Row, Step, TextRow } from './model.ts'

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

/** A row with its history: looking back reads it, and folds nothing again. */
type Draft = {
  step: number
  /** As it was announced. What is known of it before it happens is also written here later. */
  row: Mutable<Row>
  begins: number
  /** What readers have of the announced row. A component is drawn again only for another object. */
  copy: Row | null
  /** What has happened to it, oldest first. */
  readonly versions: Version[]
}

/** What is different from the announced row since this moment. */
type Version = {
  readonly index: number
  readonly changed: Fields
  copy: Row | null
}

type Fields = Partial<Omit<CommandRow, 'kind' | 'number' | 'state'>> &
  Partial<Omit<CheckRow, 'kind' | 'number' | 'state'>> & {
    readonly state?: CommandRow['state'] | CheckRow['state']
  }

export type Story = {
  readonly title: string
  readonly about: string
  readonly steps: readonly Step[]
  readonly marks: readonly Mark[]
  readonly journeys: readonly Followed[]
  /** The step of the newest moment; 0 before the first. */
  readonly step: number
  readonly learnt: { readonly learnt: readonly string[]; readonly engine: readonly string[] } | null
  readonly isOver: boolean
}

export class Folding {
  readonly #reader: Reader
  readonly #steps = new Map<number, { title: string; text: string }>()
  readonly #drafts: Draft[] = []
  readonly #byCommand = new Map<number, Draft>()
  readonly #byCheck = new Map<number, Draft>()
  readonly #journeys: { draft: Draft | null; followed: Followed; step: number; begins: number }[] =
    []
  /** Calls and titles of parts stand before the next command. */
  #texts: TextRow[] = []
  readonly #titles: [string, string] = ['', '']
  /** In a broken network, the same checks are asked again and again: each time is a row and a mark. */
  #isFix = false
  /** In a lesson, a command that does none of its work is only a look around. */
  #isLesson = false
  /** What was typed besides the commands of the lesson. */
  readonly #typed: { step: number; begins: number; label: string }[] = []
  #step = 0
  readonly #stepsBegun: { readonly step: number; readonly index: number }[] = []
  #open: Draft | undefined
  #learnt: Story['learnt'] = null
  #over = Infinity

  #length = 0

  constructor(reader: Reader) {
    this.#reader = reader
  }

  add(moment: Moment): void {
    this.#add(moment, this.#length)
    this.#length += 1
  }

  /** @param until the index of the last moment that has happened for the reader; without it, all have. */
  story(until: number = Infinity): Story {
    // A broken network has no steps while it is live.
    const isLoose = this.#drafts.some(({ step }) => step === 0)
    const order = [...(isLoose ? [0] : []), ...this.#steps.keys()]
    const steps = order.map((number) => ({
      number,
      title: this.#steps.get(number)?.title ?? '',
      text: this.#steps.get(number)?.text ?? '',
      rows: this.#drafts.filter(({ step }) => step === number).map((draft) => rowAt(draft, until)),
    }))
    const journeys = this.#journeys
      .filter(({ begins }) => begins <= until)
      // Those that the outline announces stand first.
      .toSorted((one, other) => one.begins - other.begins)
      .map(({ followed }) => followed)
    const [title, about] = this.#titles
    const marks = this.#marks(this.#length, until)
    const step = this.#stepsBegun.findLast(({ index }) => index <= until)?.step ?? 0
    return {
      title,
      about,
      steps,
      marks,
      journeys,
      step,
      learnt: this.#learnt,
      isOver: this.#over <= until,
    }
  }

  #add(moment: Moment, index: number): void {
    switch (moment.kind) {
      case 'event':
        return this.#event(moment.event, index)
      case 'question': {
        const draft = this.#check(
          this.#step,
          { ...moment, number: moment.check, statement: '' },
          index,
        )
        known(draft, {
          question: {
            text: moment.text,
            options: moment.answers.map(({ value, text }) => ({ value, label: text })),
          },
        })
        if (draft.versions.length === 0) happened(draft, index, { state: 'asked' })
        return
      }
      case 'begins':
        this.#isFix = moment.subject.kind === 'broken'
        this.#isLesson = moment.subject.kind === 'scenario'
        return
      case 'outline':
        return this.#outline(moment)
      case 'answer': {
        const draft = this.#byCheck.get(moment.check)
        if (draft) happened(draft, index, { truth: moment.right, guess: moment.guess })
        return
      }
      case 'typed':
        if (moment.commands.length === 0 && !this.#isLesson)
          this.#typed.push({
            step: this.#step,
            begins: index,
            label: `${moment.node}$ ${moment.line}`,
          })
        for (const number of moment.commands) {
          const draft = this.#byCommand.get(number)
          if (!draft || draft.row.kind !== 'command') continue
          this.#begin(draft, index)
          known(draft, { moment: index })
          happened(draft, index, { state: moment.isOtherWay ? 'other-way' : 'typed' })
        }
        return
      case 'journey': {
        const draft = (moment.check !== null && this.#byCheck.get(moment.check)) || null
        const followed = {
          title: moment.line,
          node: moment.node,
          line: moment.line,
          journey: moment.journey && this.#reader.read(moment.journey),
          error: moment.error,
          moment: index,
        }
        const announced = this.#journeys.find(
          (journey) =>
            moment.check === null &&
            journey.begins === Infinity &&
            journey.followed.line === moment.line,
        )
        if (announced) Object.assign(announced, { followed, begins: index })
        else this.#journeys.push({ draft, followed, step: this.#step, begins: index })
        if (draft) happened(draft, index, { journey: followed })
        return
      }
      default:
    }
  }

  #outline({ steps }: Outlined): void {
    for (const { step, title, text, entries } of steps) {
      this.#steps.set(step, { title, text })
      for (const entry of entries)
        if (entry.kind === 'command')
          this.#command(step, { ...entry, number: entry.command }, Infinity)
        else if (entry.kind === 'check')
          this.#check(step, { ...entry, number: entry.check }, Infinity)
        else {
          const { node, line } = entry
          const followed = { title: line, node, line, journey: null, error: null, moment: Infinity }
          this.#journeys.push({ draft: null, followed, step, begins: Infinity })
        }
    }
  }

  #event(event: Extract<Moment, { kind: 'event' }>['event'], index: number): void {
    switch (event.type) {
      case 'scenario-started':
        this.#titles.splice(0, 2, event.title, event.about)
        this.#learnt = event.ending ?? null
        return
      case 'step-started':
        return this.#stepStarted(event, index)
      case 'call-started':
        this.#texts.push({ kind: 'call', text: event.source })
        return
      case 'part-started':
        this.#texts.push({ kind: 'part', text: event.title })
        return
      case 'command-started': {
        const draft = this.#command(this.#step, { ...event, number: event.command }, index)
        this.#open = draft
        return happened(draft, index, { state: event.skipped ? 'skipped' : 'running' })
      }
      case 'command-ended': {
        const draft = event.command === null ? this.#open : this.#byCommand.get(event.command)
        if (!draft) return
        known(draft, { moment: index })
        const { exitCode, stdout, stderr } = event
        const ended = exitCode === 0 ? 'run' : 'failed'
        const state = draft.versions.at(-1)?.changed.state === 'skipped' ? 'skipped' : ended
        return happened(draft, index, { state, exitCode, output: stdout + stderr })
      }
      case 'check-started': {
        const draft = this.#check(this.#step, { ...event, number: event.check }, index)
        known(draft, { statement: event.statement, why: event.lesson?.why ?? null })
        return happened(draft, index, { state: 'checking' })
      }
      case 'check-ended': {
        const draft = this.#byCheck.get(event.check)
        if (!draft) return
        known(draft, { moment: index })
        const { holds, observed, output } = event
        return happened(draft, index, { state: 'judged', holds, observed, output })
      }
      case 'scenario-ended':
        this.#over = index
        return
      default:
    }
  }

  #stepStarted({ step, title, text }: StepStarted, index: number): void {
    this.#step = step
    this.#stepsBegun.push({ step, index })
    this.#steps.set(step, { title, text })
  }

  #command(
    step: number,
    {
      number,
      node,
      line,
      typed,
    }: Pick<CommandStarted, 'node' | 'line' | 'typed'> & { number: number | null },
    index: number,
  ): Draft {
    const known = number === null ? this.#announced(node, line) : this.#byCommand.get(number)
    if (known && index !== Infinity) return this.#begin(known, index)
    const row: CommandRow = {
      kind: 'command',
      number,
      node,
      line,
      typed,
      state: 'later',
      exitCode: null,
      output: '',
      moment: null,
    }
    const draft = this.#draft(step, row, index)
    if (number !== null) this.#byCommand.set(number, draft)
    return draft
  }

  #check(
    step: number,
    {
      number,
      statement,
      node,
      line,
    }: Pick<CheckStarted, 'statement' | 'node' | 'line'> & { number: number },
    index: number,
  ): Draft {
    const known = this.#isFix ? this.#toCome(number) : this.#byCheck.get(number)
    if (known && index !== Infinity) {
      this.#byCheck.set(number, known)
      return this.#begin(known, index)
    }
    const row: CheckRow = {
      kind: 'check',
      number,
      statement,
      node,
      line,
      state: 'later',
      question: null,
      guess: null,
      truth: null,
      holds: null,
      observed: null,
      why: null,
      output: '',
      moment: null,
      journey: null,
    }
    const draft = this.#draft(step, row, index)
    this.#byCheck.set(number, draft)
    return draft
  }

  /** A command that only shows something has no number: it is the next one with this line. */
  #announced(node: string, line: string): Draft | undefined {
    return this.#drafts.find(
      ({ row, begins, step }) =>
        begins === Infinity &&
        step === this.#step &&
        row.kind === 'command' &&
        row.number === null &&
        row.node === node &&
        row.line === line,
    )
  }

  /** The next time that this check of a broken network is asked, if it was announced. */
  #toCome(number: number): Draft | undefined {
    return this.#drafts.find(
      ({ row, begins, step }) =>
        begins === Infinity && step === this.#step && row.kind === 'check' && row.number === number,
    )
  }

  #draft(step: number, row: Row, begins: number): Draft {
    const draft: Draft = { step, row, begins: Infinity, copy: null, versions: [] }
    this.#drafts.push(draft)
    return begins === Infinity ? draft : this.#begin(draft, begins)
  }

  #begin(draft: Draft, index: number): Draft {
    if (draft.begins === Infinity && this.#texts.length > 0) {
      const texts = this.#texts.map((row) => ({
        step: draft.step,
        row,
        begins: index,
        copy: null,
        versions: [],
      }))
      this.#drafts.splice(this.#drafts.indexOf(draft), 0, ...texts)
      this.#texts = []
    }
    draft.begins = Math.min(draft.begins, index)
    return draft
  }

  /** A mark reaches until the next one begins: the state and the picture come after a command's end. */
  #marks(length: number, until: number): readonly Mark[] {
    const rows = this.#drafts.filter(({ row }) => isMarked(row))
    const own = this.#journeys.filter(({ draft }) => draft === null)
    const begun = [
      ...rows.map((draft) => ({
        begins: draft.begins,
        step: draft.step,
        isCheck: draft.row.kind === 'check',
        sign: markOf(rowAt(draft, until)),
      })),
      ...own.map(({ followed, step, begins }) => ({
        begins,
        step,
        isCheck: false,
        sign: packetMark(followed),
      })),
      ...this.#typed.map(({ begins, step, label }) => ({
        begins,
        step,
        isCheck: false,
        sign: { kind: 'typed', number: null, label } as const,
      })),
    ].toSorted((a, b) => a.step - b.step || (a.begins === b.begins ? 0 : a.begins - b.begins))
    return Array.from(begun, ({ begins, step, isCheck, sign }, index) => {
      const next = begun[index + 1]?.begins ?? Infinity
      const moment = begins === Infinity ? null : Math.min(next, length) - 1
      return { step, moment, begins, isCheck, ...sign }
    })
  }
}

function isMarked(row: Row): boolean {
  return row.kind === 'check' || (row.kind === 'command' && row.number !== null)
}

type Sign = Pick<Mark, 'kind' | 'number' | 'label'>

function packetMark({ journey, moment, node, line }: Followed): Sign {
  const kind = moment === Infinity ? 'later' : journey?.drop ? 'dead' : 'packet'
  return { kind, number: null, label: `${node}$ ${line}` }
}

function markOf(row: Row): Sign {
  if (row.kind === 'command') {
    const { state, number, node, line } = row
    const kind =
      state === 'other-way' ? 'typed' : state === 'next' || state === 'running' ? 'later' : state
    return { kind, number, label: `${number}  ${node}$ ${line}` }
  }
  if (row.kind !== 'check') return { kind: 'later', number: null, label: '' }
  const kind = row.state === 'judged' ? (row.holds ? 'holds' : 'fails') : 'later'
  return { kind, number: row.number, label: row.statement }
}

/** The row as it was after this moment. */
function rowAt(draft: Draft, until: number): Row {
  const version = draft.versions.findLast(({ index }) => index <= until)
  if (!version) return (draft.copy ??= { ...draft.row })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the fields are those of the row's kind
  return (version.copy ??= { ...draft.row, ...version.changed } as Row)
}

/** What the reader may see before it has happened. */
function known(draft: Draft, fields: Fields): void {
  Object.assign(draft.row, fields)
  draft.copy = null
  for (const version of draft.versions) version.copy = null
}

function happened(draft: Draft, index: number, fields: Fields): void {
  const changed = { ...draft.versions.at(-1)?.changed, ...fields }
  draft.versions.push({ index, changed, copy: null })
}
