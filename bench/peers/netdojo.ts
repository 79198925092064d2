// Runs netdojo as a contender, by netlink or with one process per batch; the state is on the disk.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { batchApplier, openNetworks, type Endpoint } from '../../lib/index.ts'
import { namespaceOf, subnet, type Contender } from './contender.ts'

export async function netdojo({ netlink }: { netlink: boolean }): Promise<Contender> {
  const networks = await openNetworks({
    stateDirectory: mkdtempSync(join(tmpdir(), 'netdojo-bench-')),
    ...(netlink ? {} : { applier: batchApplier }),
  })
  const endpoints = new Map<number, Endpoint>()
  return {
    create: async () => void (await networks.create({ name: 'bench', subnet })),
    async connect(index) {
      const request = { netns: namespaceOf(index), ports: [`${10_000 + index}:80`] }
      endpoints.set(index, await networks.connect('bench', request))
    },
    disconnect: async (index) => endpoints.get(index)?.disconnect(),
    remove: () => networks.remove('bench', { force: true }),
  }
}
