// The live names that complete an argument, by what the help calls the argument.
import { existsSync, readdirSync } from 'node:fs'
import { readContainers } from '../container/read-containers.ts'
import { readRecords } from '../network/read-records.ts'
import { stateDirectory } from './state-directory.ts'

/** A value, and a few words about it. */
export type Candidate = readonly [value: string, description: string]

/** Of `<network>`, `[network...]`, `--net <network>` and so on. */
export const candidates: Readonly<Record<string, () => Promise<readonly Candidate[]>>> = {
  network: async () => {
    const { networks } = await readRecords(stateDirectory())
    return networks.map(({ name, subnets }) => [
      name,
      subnets.map(({ subnet }) => subnet).join(', '),
    ])
  },
  container: async () => {
    const containers = await readContainers(stateDirectory())
    return (containers ?? []).map(({ name, command }) => [name, command.join(' ')])
  },
  namespace: async () => {
    const containers = (await readContainers(stateDirectory())) ?? []
    const own = new Set(containers.map(({ netns }) => netns))
    const names = existsSync('/run/netns') ? readdirSync('/run/netns') : []
    return [
      ...containers.map(({ name }) => [name, 'container'] as const),
      ...names
        .filter((name) => !own.has(`/run/netns/${name}`))
        .map((name) => [name, 'namespace'] as const),
    ]
  },
  driver: async () => [['bridge', 'a Linux bridge']],
  format: async () => [
    ['table', 'for people'],
    ['json', 'an object a line'],
  ],
}
