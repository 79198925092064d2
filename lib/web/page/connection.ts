// Connects the page with its server: sends what the learner does, and passes what comes on to the store, to terminals and to those who asked.
import { batch } from '@preact/signals'
import {
  protocolVersion,
  type FromPage,
  type Opened,
  type Question,
  type ReplyAnswer,
  type TerminalOutput,
  type ToPage,
} from '../protocol.ts'
import * as store from './store.ts'
import { keepChoicesIn, takeChoices, translate } from './text.ts'

type Waiting = { resolve: (answer: ReplyAnswer) => void; reject: (error: Error) => void }

const waiting = new Map<number, Waiting>()
let socket: WebSocket | null = null
let lastId = 0
let onTerminal: (
  message:
    | TerminalOutput
    | { type: 'terminals'; open: readonly { terminal: string; node: string }[] },
) => void = () => undefined

/** @param listener takes what terminals print. */
export function listenToTerminals(listener: typeof onTerminal): void {
  onTerminal = listener
}

/** The token comes in the address once, and stays in this tab only. */
export function connect(): void {
  const token = ownToken()
  store.source.value = 'live'
  if (token === null) {
    store.ended.value = { why: 'lost', error: 'no-token' }
    return
  }
  socket = new WebSocket(`ws://${location.host}/live`)
  socket.addEventListener('open', () => send({ type: 'hello', version: protocolVersion, token }))
  socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only our own server is connected
    receive(JSON.parse(data) as ToPage)
  })
  socket.addEventListener('close', () => {
    store.ended.value ??= { why: 'lost', error: null }
    refuseAll(translate('The connection to the server has ended.'))
  })
  document.addEventListener('visibilitychange', () =>
    send({ type: 'visible', visible: document.visibilityState === 'visible' }),
  )
}

export function send(message: FromPage): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
}

const chosen = new Map<string, string>()

/** A border that is dragged is kept where it comes to rest. */
function choose(name: string, value: string): void {
  if (chosen.size === 0)
    setTimeout(() => {
      for (const [each, last] of chosen) send({ type: 'choose', name: each, value: last })
      chosen.clear()
    }, 300)
  chosen.set(name, value)
}

/** Ends the world that is open; null goes home. */
export function openWorld(what: Opened | null): void {
  if (what === null) store.open(null)
  send({ type: 'open', what })
}

/** @throws the error that the server gives instead of an answer, or why no answer can come any more. */
export function ask(about: Question): Promise<ReplyAnswer> {
  lastId += 1
  const id = lastId
  return new Promise((resolve, reject) => {
    if (socket?.readyState !== WebSocket.OPEN)
      return reject(new Error(translate('The connection to the server has ended.')))
    waiting.set(id, { resolve, reject })
    send({ type: 'ask', id, about })
  })
}

/** Nobody answers these any more. */
function refuseAll(reason: string): void {
  for (const { reject } of waiting.values()) reject(new Error(reason))
  waiting.clear()
}

function receive(message: ToPage): void {
  batch(() => {
    switch (message.type) {
      case 'welcome':
        takeChoices(message.choices)
        return keepChoicesIn(choose)
      case 'home':
        store.home.value = message
        return
      case 'opened':
        // Another world stands in the page: nothing is said about the one before.
        refuseAll('')
        store.open(message)
        return onTerminal({ type: 'terminals', open: message.terminals })
      case 'building':
        store.building.value = message.doing
        return
      case 'moment':
        return store.add(message.moment)
      case 'turn':
        store.isBusy.value = message.kind === 'busy'
        if (message.kind === 'busy') return
        store.turn.value = message
        if (message.kind !== 'command') store.goal.value = null
        store.hints.value = []
        return
      case 'goal':
        store.goal.value = message
        return
      case 'hint':
        store.hints.value = message.lines
        return
      case 'now':
        return store.addNow(message)
      case 'forgotten':
        return store.forgetMoments(message)
      case 'terminal-opened':
      case 'terminal-data':
      case 'terminal-ended':
        return onTerminal(message)
      case 'reply':
        waiting.get(message.id)?.resolve(message.answer)
        waiting.delete(message.id)
        return
      case 'failed':
        waiting.get(message.id)?.reject(new Error(message.error))
        waiting.delete(message.id)
        return
      case 'ended':
        store.ended.value = { why: 'ended', error: message.error }
        return refuseAll(translate('The lab has ended.'))
      case 'taken-over':
        store.ended.value = { why: 'taken-over', error: null }
        return
      case 'notice':
        store.notice.value = message.text
        return
      default:
    }
  })
}

function ownToken(): string | null {
  const given = /^#?(?:token=)?([\w-]{20,})$/.exec(location.hash)?.[1]
  if (given === undefined) return sessionStorage.getItem('netdojo token')
  sessionStorage.setItem('netdojo token', given)
  history.replaceState(null, '', location.pathname)
  return given
}
