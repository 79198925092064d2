// Opens a pcapng file for writing before anything is captured, so that a wrong path is reported at once.
import { closeSync, openSync, writeSync } from 'node:fs'
import { NetdojoError } from '../../errors.ts'
import { PcapngWriter } from '../../observe/capture/pcapng.ts'
import { messageOf, quoted, usageError } from './errors.ts'
import type { Terminal } from './terminal.ts'

export type PcapFile = { readonly writer: PcapngWriter; readonly close: () => void }

/** @param file a path; `-` is standard output. @throws NetdojoError `usage` */
export function openPcap(file: string, terminal: Terminal): PcapFile {
  if (file === '-') {
    if (terminal.outputIsTerminal)
      throw usageError(
        'pcapng is binary, and standard output is a terminal',
        'send it into a program (| wireshark -k -i -) or into a file',
      )
    return { writer: new PcapngWriter((block) => terminal.write(block)), close: () => {} }
  }
  const descriptor = openForWriting(file)
  return {
    writer: new PcapngWriter((block) => void writeSync(descriptor, block)),
    close: () => closeSync(descriptor),
  }
}

/** @throws NetdojoError `usage` */
export function openForWriting(file: string): number {
  try {
    return openSync(file, 'w')
  } catch (error) {
    throw new NetdojoError({
      code: 'usage',
      operation: 'write',
      object: `the file ${quoted(file)}`,
      reason: messageOf(error),
      advice: ['give a path in an existing directory that you may write to'],
      cause: error,
    })
  }
}
