// Opens the file of a recording before the run, so that a wrong path is reported at once, and writes it after the run.
import { closeSync, writeFileSync } from 'node:fs'
import type { Recording } from '../../web/moments.ts'
import { openForWriting } from './pcap-file.ts'

/** @returns what writes the recording. @throws NetdojoError `usage` */
export function recordingFile(path: string): (recording: Recording) => void {
  const descriptor = openForWriting(path)
  return (recording) => {
    writeFileSync(descriptor, JSON.stringify(recording))
    closeSync(descriptor)
  }
}
