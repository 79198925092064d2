// A file for pcapng: one that cannot be written is the user's mistake, and known before anything is captured.
import { closeSync, openSync, writeSync } from 'node:fs'
import { NetdojoError } from '../../errors.ts'
import { PcapngWriter } from '../../observe/capture/pcapng.ts'

export type PcapFile = { readonly writer: PcapngWriter; readonly close: () => void }

/** `-` is our standard output. @throws NetdojoError `usage` */
export function openPcap(file: string): PcapFile {
  if (file === '-' && process.stdout.isTTY) {
    throw refusal('to the terminal', 'pcapng is nothing to read: send it into a program or a file')
  }
  const descriptor = file === '-' ? 1 : open(file)
  return {
    writer: new PcapngWriter((block) => void writeSync(descriptor, block)),
    close: () => {
      if (descriptor !== 1) closeSync(descriptor)
    },
  }
}

function open(file: string): number {
  try {
    return openSync(file, 'w')
  } catch (error) {
    throw refusal(`the file ${file}`, error instanceof Error ? error.message : String(error))
  }
}

function refusal(object: string, reason: string): NetdojoError {
  return new NetdojoError({ code: 'usage', operation: 'write', object, reason })
}
