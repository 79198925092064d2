// `network inspect`: the records of networks with their endpoints, as they are stored; those that are there even if others are not.
import { NetdojoError } from '../../errors.ts'
import { readRecords } from '../../network/read-records.ts'
import { endWith, exitCodeOf } from '../ending.ts'
import { findNetwork } from '../find-network.ts'
import { errorParagraph } from '../paragraph.ts'
import { stateDirectory } from '../state-directory.ts'
import type { Terminal } from '../terminal.ts'

export async function inspect(terminal: Terminal, words: readonly string[]): Promise<void> {
  const { networks, endpoints } = await readRecords(stateDirectory())
  const errors: NetdojoError[] = []
  const found = words.flatMap((word) => {
    try {
      const network = findNetwork(networks, word)
      const own = endpoints.filter((endpoint) => endpoint.network === network.name)
      return [{ ...network, endpoints: own }]
    } catch (error) {
      if (!(error instanceof NetdojoError)) throw error
      errors.push(error)
      return []
    }
  })
  terminal.write(`${JSON.stringify(found, undefined, 4)}\n`)
  for (const error of errors) terminal.writeError(errorParagraph(error))
  if (errors[0]) endWith(exitCodeOf(errors[0]))
}
