// Calls the chain of CNI plugins that users of containerd configure: bridge with host-local, then portmap, one process per plugin.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../lib/exec/run.ts'
import { namespaceOf, subnet, type Contender } from './contender.ts'

export const cniDirectory = '/usr/lib/cni'

export async function cni(): Promise<Contender> {
  const dataDir = mkdtempSync(join(tmpdir(), 'netdojo-bench-cni-'))
  const bridge = {
    cniVersion: '1.0.0',
    name: 'bench',
    type: 'bridge',
    bridge: 'cni0',
    isGateway: true,
    ipMasq: true,
    hairpinMode: true,
    ipam: { type: 'host-local', dataDir, ranges: [[{ subnet }]], routes: [{ dst: '0.0.0.0/0' }] },
  }
  const results = new Map<number, unknown>()
  return {
    // The plugin creates its bridge with the first container.
    create: async () => {},
    async connect(index) {
      const result: unknown = JSON.parse(await call('ADD', index, bridge))
      results.set(index, result)
      await call('ADD', index, portmap(index, result))
    },
    async disconnect(index) {
      const result = results.get(index)
      await call('DEL', index, portmap(index, result))
      await call('DEL', index, { ...bridge, prevResult: result })
    },
    remove: async () => {},
  }
}

function portmap(index: number, prevResult: unknown) {
  return {
    cniVersion: '1.0.0',
    name: 'bench',
    type: 'portmap',
    snat: true,
    runtimeConfig: {
      portMappings: [{ hostPort: 10_000 + index, containerPort: 80, protocol: 'tcp' }],
    },
    prevResult,
  }
}

async function call(
  command: string,
  index: number,
  config: { readonly type: string; readonly prevResult?: unknown },
): Promise<string> {
  const { exitCode, stdout, stderr } = await run(join(cniDirectory, config.type), [], {
    env: {
      CNI_COMMAND: command,
      CNI_CONTAINERID: `bench-${index}`,
      CNI_NETNS: namespaceOf(index),
      CNI_IFNAME: 'eth0',
      CNI_PATH: cniDirectory,
    },
    input: JSON.stringify(config),
    allowFailure: true,
  })
  if (exitCode !== 0) throw new Error(`${config.type} ${command}: ${stdout}${stderr}`)
  return stdout
}
