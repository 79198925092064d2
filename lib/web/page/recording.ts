// Opens a recorded run: its moments are all there, and the reader moves through them with the cursor.
import { batch, signal } from '@preact/signals'
import { momentsVersion, type Recording } from '../moments.ts'
import * as store from './store.ts'

/** Why a file cannot be read; null if it can. */
export const unreadable = signal<'broken' | { readonly version: unknown } | null>(null)

export function openRecording(value: unknown): void {
  store.source.value = 'recording'
  if (!isRecording(value)) {
    unreadable.value = 'broken'
    return
  }
  if (value.version !== momentsVersion) {
    unreadable.value = { version: value.version }
    return
  }
  batch(() => {
    unreadable.value = null
    store.open(null)
    store.addAll(value.moments)
    // A reader begins where the network is ready, before the first command.
    const first = store.marks.value[0]
    store.cursor.value = first ? Math.max(0, first.begins - 1) : null
  })
}

/** Takes the file that the reader has chosen. */
export async function openFile(file: Blob): Promise<void> {
  try {
    openRecording(JSON.parse(await file.text()))
  } catch {
    openRecording(null)
  }
}

function isRecording(value: unknown): value is Recording {
  return (
    typeof value === 'object' &&
    value !== null &&
    'netdojo' in value &&
    value.netdojo === 'recording' &&
    'moments' in value &&
    Array.isArray(value.moments)
  )
}
