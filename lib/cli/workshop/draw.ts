// Draws for the program inside the sandbox. ELK takes longer to load than all the rest: here it is loaded while the sandbox is
// built and the steps before are done again, so that nobody waits for the first picture.
import { usualCharset } from '../../observe/topology/canvas.ts'
import { topologyVersion, type Topology } from '../../observe/topology/topology.ts'
import { columns } from '../../workshop/flow.ts'
import type { Picture } from './message.ts'

/** Answers with a line of JSON: a `Picture`. */
export type Draw = (topology: Topology, answer: (line: string) => void) => Promise<void>

/** Begins to load. */
export function drawing(): Draw {
  const options = { columns: columns - 3, charset: usualCharset() }
  const loading = import('../../observe/topology/text.ts').then(async ({ topologyText }) => {
    // The first picture takes ten times as long as the second.
    await topologyText(small, options)
    return topologyText
  })
  const draw = async (topology: Topology): Promise<Picture> => {
    try {
      return { text: await (await loading)(topology, options) }
    } catch (error) {
      return { error: String(error) }
    }
  }
  return async (topology, answer) => answer(JSON.stringify(await draw(topology)))
}

const small: Topology = {
  version: topologyVersion,
  nodes: ['host', 'outside'].map((name) => ({
    name,
    forwards: false,
    bridges: [],
    interfaces: [{ name: 'eth0', up: true, addresses: [] }],
    marks: [],
  })),
  cables: [
    {
      ends: [
        { node: 'host', link: 'eth0' },
        { node: 'outside', link: 'eth0' },
      ],
      up: true,
    },
  ],
}
