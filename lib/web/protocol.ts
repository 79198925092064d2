// Defines the messages between the page and its server, one JSON object each over one WebSocket. Texts are messages that the page
// translates, so that the server knows no language.
import type { Answer, Judgement } from '../fix/judge.ts'
import type { Score } from '../fix/score.ts'
import type { NodeState, Unread } from '../kernel/state/state.ts'
import type { Message } from '../language/message.ts'
import type { Journey } from '../observe/journey/journey.ts'
import type { Snapshot } from '../observe/snapshot/snapshot.ts'
import type { Dialect } from '../scenario/events.ts'
import type { ScenarioProgress } from '../workshop/progress.ts'
import type { Cause, Missed, Moment, Picture, Solution } from './moments.ts'

/** Raised when a message changes its meaning: a page of another version must be loaded again. */
export const protocolVersion = 1

/** What stands in the page: one world at a time. */
export type Opened =
  | {
      readonly kind: 'lesson'
      readonly name: string
      /** The step at which the learner begins; null goes on where the progress ends. */
      readonly from: number | null
      readonly dialect: Dialect
    }
  | { readonly kind: 'fix'; readonly name: string }
  /** An empty world, or a saved one. */
  | { readonly kind: 'free'; readonly world: string | null }

// ---- from the page ----

/** The first message. Without the token of this run, the server closes the connection. */
export type Hello = {
  readonly type: 'hello'
  readonly version: number
  readonly token: string
}

/** Ends the world that is open, and opens another one, or goes home (null). */
export type Open = { readonly type: 'open'; readonly what: Opened | null }

/** In a lesson: answers the `turn` that the server has sent last. A word that the turn does not offer is ignored. */
export type Lesson =
  /** Runs this command. With `until`, also all commands up to that one. */
  | { readonly type: 'run'; readonly until?: number }
  /** Leaves this command out, and goes on: later checks may then fail. */
  | { readonly type: 'skip' }
  /** Shows the goal of this command, which the learner types in a terminal. Goals are judged without it, too. */
  | { readonly type: 'by-hand' }
  | { readonly type: 'answer'; readonly value: string }
  /** Asks a check or a command that failed again. */
  | { readonly type: 'retry' }
  /** Goes on after a verdict or a failed command. */
  | { readonly type: 'next' }
  /** Answered by `hint`. It counts in the progress. */
  | { readonly type: 'hint' }

/** In a broken network. */
export type Fix =
  /** Asks the first statements again; answered by moments of checks. */
  | { readonly type: 'symptom' }
  | { readonly type: 'diagnose'; readonly cause: string }
  | { readonly type: 'judge' }
  | { readonly type: 'fix-hint' }
  | { readonly type: 'solution' }

/** A terminal is a bash on a pty of its own inside the sandbox. The page chooses its id. At most `mostTerminals` are open. */
export type TerminalInput =
  | {
      readonly type: 'terminal-open'
      readonly terminal: string
      readonly node: string
      readonly columns: number
      readonly rows: number
    }
  | { readonly type: 'terminal-data'; readonly terminal: string; readonly data: string }
  /** That many characters of output have been shown: the callback of `term.write`. The pty pauses while too many are not. */
  | { readonly type: 'terminal-ack'; readonly terminal: string; readonly characters: number }
  | {
      readonly type: 'terminal-resize'
      readonly terminal: string
      readonly columns: number
      readonly rows: number
    }
  | { readonly type: 'terminal-close'; readonly terminal: string }

export const mostTerminals = 8

/** A question with an answer: the server sends `reply` or `failed` with the same id. */
export type Ask = { readonly type: 'ask'; readonly id: number; readonly about: Question }

export type Question =
  /** Runs a ping or curl on a node and follows its packets. The moment of the journey comes before the reply. */
  | { readonly kind: 'follow'; readonly node: string; readonly line: string }
  /** Follows the packets of a check of this lesson or broken network, by its number. */
  | { readonly kind: 'follow-check'; readonly check: number }
  /** Why is this line here? Plays the lesson in a second sandbox without the command; the moment `missed` comes before the reply. */
  | { readonly kind: 'why'; readonly command: number }
  /** Try without it: the same, and follows the packets of the check there. */
  | { readonly kind: 'without'; readonly command: number; readonly check: number }
  /** Explains the terms that stand in the text. */
  | { readonly kind: 'glossary'; readonly text: string }
  /**
   * Writes the world as a script of ip, nft and sysctl lines into the user's data directory. Without `replace`, a world that has this
   * name stays as it is, and the answer is `world-exists`.
   */
  | { readonly kind: 'save'; readonly name: string; readonly replace?: boolean }
  | { readonly kind: 'forget-world'; readonly name: string }
  /** Forgets the progress of one lesson. */
  | { readonly kind: 'forget-progress'; readonly lesson: string }

/** Whether somebody looks at the page: what the kernel does not tell by itself is then read every second. */
export type Visible = { readonly type: 'visible'; readonly visible: boolean }

/** Language, theme and borders: the next page has another port, and so nothing in its browser's memory. */
export type Choose = { readonly type: 'choose'; readonly name: string; readonly value: string }

export type FromPage = Choose | Hello | Open | Lesson | Fix | TerminalInput | Ask | Visible

// ---- to the page ----

/** Answers `hello`. Then follow `opened` with its moments, if a world is open (after a reload), and `home`. */
export type Welcome = {
  readonly type: 'welcome'
  readonly version: number
  /** Where the worlds are built: `namespaces`, `here`, `container` or `vm`. */
  readonly backend: string
  readonly choices: Readonly<Record<string, string>>
}

export type Home = {
  readonly type: 'home'
  /** In teaching order. */
  readonly lessons: readonly {
    readonly name: string
    readonly title: string
    /** A heading above this and the next lessons, where a chapter begins. */
    readonly chapter: string | null
    readonly progress: ScenarioProgress | null
  }[]
  /** From easy to difficult; the number is the position from 1. */
  readonly broken: readonly {
    readonly name: string
    readonly title: string
    readonly difficulty: 1 | 2 | 3
    readonly score: Score | null
  }[]
  readonly worlds: readonly {
    readonly name: string
    readonly saved: string
    readonly lines: number
  }[]
}

/** A world begins, or is shown again after a reload: the page forgets the moments and terminals of the one before. */
export type WorldOpened = {
  readonly type: 'opened'
  readonly what: Opened
  /** The terminals that are still open after a reload; `terminal-data` with their last output follows. */
  readonly terminals: readonly { readonly terminal: string; readonly node: string }[]
}

/** What is being done until the first picture: "Building host and outside …". */
export type Building = { readonly type: 'building'; readonly doing: Message }

/** One moment of the world: the page folds it into what it shows, as it folds those of a recording. */
export type Happened = { readonly type: 'moment'; readonly moment: Moment }

/**
 * The page forgets these moments, by their positions among all moments except parts, and these parts. No later moment refers to them.
 * The number of the others stays as it is.
 */
export type Forgotten = {
  readonly type: 'forgotten'
  readonly moments: readonly number[]
  readonly parts: readonly number[]
  /** Whether marks of the timeline are gone. */
  readonly isCut: boolean
}

/**
 * The nodes that have changed since the last state or `now`, and only in what packets change: counters, conntrack, neighbours. It is no
 * moment, so that an hour of packets is not an hour of moments.
 */
export type Now = {
  readonly type: 'now'
  readonly states: readonly NodeState[]
  readonly unread: readonly Unread[]
}

/** What the learner can do now. It replaces the turn before. */
export type Turn = { readonly type: 'turn' } & (
  | { readonly kind: 'busy' }
  /** The next command. Not all can be typed: the scenario itself needs the result of a server or a call of the library. */
  | {
      readonly kind: 'command'
      readonly command: number
      readonly node: string
      readonly canType: boolean
      /** The last command before the next question. */
      readonly until: number
    }
  /** The moment of the question came before. */
  | { readonly kind: 'question'; readonly check: number; readonly options: readonly Choice[] }
  /** The answer is compared; with `retry` if the check does not hold. */
  | {
      readonly kind: 'verdict'
      readonly check: number
      readonly guess: string
      /** The value of the right answer, if one of them is. */
      readonly truth: string | null
      /** Null if the guess does not count, because the network is not the lesson's. */
      readonly right: boolean | null
      readonly holds: boolean
      /** In what the network differs from the lesson's, if the check does not hold. */
      readonly differs: readonly GoalLine[]
    }
  | { readonly kind: 'command-failed'; readonly command: number | null; readonly output: string }
  | { readonly kind: 'finished'; readonly next: string | null }
  | ({ readonly kind: 'fix' } & FixState)
  | { readonly kind: 'free' }
)

export type Choice = { readonly value: string; readonly label: Message }

/** The goal of the next command, judged again after each change of the network. */
export type Goal = {
  readonly type: 'goal'
  readonly command: number
  /** What the command changes. */
  readonly wanted: readonly Message[]
  /** What is still missing or wrong; nothing when the goal is reached. */
  readonly missing: readonly GoalLine[]
  /** Whether the learner asked for it by `by-hand`. */
  readonly isShown: boolean
}

export type GoalLine = {
  readonly text: Message
  readonly node: string
  /** Something is wrong, and not only missing. */
  readonly isMistake: boolean
}

export type Hint = { readonly type: 'hint'; readonly lines: readonly Message[] }

/** How far the learner is with a broken network, whose texts are in the moment `begins`. */
export type FixState = {
  readonly score: Score
  /** The answers at the beginning, or those of the last `symptom`. */
  readonly symptom: readonly Answer[]
  /** The causes that the learner has named, in their order. */
  readonly named: readonly (Cause & { readonly right: boolean })[]
  /** How many of the hints may be shown. */
  readonly hints: number
  /** Of the last `judge`. */
  readonly judgement: Judgement | null
  /** When it was asked for, or all is done. */
  readonly solution: Solution | null
}

export type TerminalOutput =
  | { readonly type: 'terminal-opened'; readonly terminal: string; readonly node: string }
  | { readonly type: 'terminal-data'; readonly terminal: string; readonly data: string }
  /** `code` is null when the node or the world has ended. */
  | { readonly type: 'terminal-ended'; readonly terminal: string; readonly code: number | null }

export type Reply = { readonly type: 'reply'; readonly id: number; readonly answer: ReplyAnswer }

export type ReplyAnswer =
  /** The number of the journey. */
  | { readonly kind: 'follow'; readonly journey: number }
  | {
      readonly kind: 'without'
      readonly missed: Missed
      /** With the picture of that other world. Null if packets cannot be followed there; `error` says why. */
      readonly followed: {
        readonly journey: Journey
        readonly state: Snapshot
        readonly picture: Picture
      } | null
      readonly error: string | null
    }
  | {
      readonly kind: 'glossary'
      readonly terms: readonly { readonly term: string; readonly meaning: string }[]
    }
  | { readonly kind: 'save'; readonly path: string; readonly lines: number }
  | { readonly kind: 'world-exists'; readonly lines: number }
  | { readonly kind: 'done' }

/** An `ask` could not be answered. The text is the error's, with what to do next. */
export type Failed = { readonly type: 'failed'; readonly id: number; readonly error: string }

/** The world has ended; everything stays readable. `error` says why, if it did not end by itself. */
export type Ended = { readonly type: 'ended'; readonly error: string | null }

/** Another page has taken this run over. The connection closes. */
export type TakenOver = { readonly type: 'taken-over' }

/** Shown as a line: something could not be done, and the world goes on. */
export type Notice = { readonly type: 'notice'; readonly text: string }

export type ToPage =
  | Welcome
  | Home
  | WorldOpened
  | Building
  | Happened
  | Forgotten
  | Now
  | Turn
  | Goal
  | Hint
  | TerminalOutput
  | Reply
  | Failed
  | Ended
  | TakenOver
  | Notice
