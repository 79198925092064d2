// Computes layouts in a thread of its own: for a large network ELK takes seconds, and a server must go on meanwhile.
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import type { Style } from './contents.ts'
import { layoutOf, type Layout } from './layout.ts'
import type { Topology } from './topology.ts'

type Question = { readonly id: number; readonly topology: Topology; readonly style: Style }
type Answer =
  | { readonly id: number; readonly layout: Layout }
  | { readonly id: number; readonly error: unknown }

let thread: Worker | undefined
let asked = 0
const waiting = new Map<number, PromiseWithResolvers<Layout>>()

/** Like `layoutOf`, without blocking this thread. The first call also starts the thread, which takes about 0.3 s. */
export function layoutApart(topology: Topology, style: Style): Promise<Layout> {
  const question: Question = { id: (asked += 1), topology, style }
  const answer = Promise.withResolvers<Layout>()
  waiting.set(question.id, answer)
  const worker = (thread ??= started())
  worker.ref()
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  worker.postMessage(question)
  return answer.promise
}

function started(): Worker {
  const worker = new Worker(new URL(import.meta.url))
  worker.on('message', (answer: Answer) => {
    const open = waiting.get(answer.id)
    waiting.delete(answer.id)
    // A thread without work does not keep the process alive.
    if (waiting.size === 0) worker.unref()
    if ('layout' in answer) open?.resolve(answer.layout)
    else open?.reject(answer.error)
  })
  worker.on('error', (error) => {
    thread = undefined
    for (const open of waiting.values()) open.reject(error)
    waiting.clear()
  })
  return worker
}

if (!isMainThread)
  parentPort?.on('message', ({ id, topology, style }: Question) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    const reply = (answer: Answer) => parentPort?.postMessage(answer)
    layoutOf(topology, style).then(
      (layout) => reply({ id, layout }),
      (error: unknown) => reply({ id, error }),
    )
  })
