// Measures the CNI plugin `host-local` for comparison: with many leases on the disk, it adds and deletes one more.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../lib/exec/run.ts'
import { IpAddress } from '../lib/address/ip-address.ts'
import { isInstalled } from '../lib/exec/search-path.ts'

const plugin = '/usr/lib/cni/host-local'
const debianPackage = 'containernetworking-plugins'

export type HostLocal = { readonly version: string; addAndDelete(): Promise<number> }

/** Undefined when it is missing and cannot be installed, which needs root and apt. */
export async function hostLocal(directory: string, leases: number): Promise<HostLocal | undefined> {
  if (!(await isThere()) && process.getuid?.() === 0 && isInstalled('apt-get'))
    await run('apt-get', ['install', '--yes', '--no-install-recommends', debianPackage])
  if (!(await isThere())) return undefined
  writeLeases(join(directory, 'bench'), leases)
  return {
    version: (await run('dpkg-query', ['-W', '-f', '${Version}', debianPackage])).stdout,
    async addAndDelete() {
      const started = performance.now()
      await call('ADD', directory)
      await call('DEL', directory)
      return performance.now() - started
    },
  }
}

async function isThere(): Promise<boolean> {
  const { exitCode } = await run('test', ['-x', plugin], { allowFailure: true })
  return exitCode === 0
}

/** Writes leases as the plugin does (plugins/ipam/host-local/backend/disk): one file per address, and the last allocated address. */
function writeLeases(directory: string, leases: number): void {
  mkdirSync(directory, { recursive: true })
  const first = IpAddress.parse('10.2.0.2')
  for (let n = 0; n < leases; n++)
    writeFileSync(join(directory, `${first.plus(BigInt(n))}`), `container-${n}\r\neth0`)
  writeFileSync(join(directory, 'last_reserved_ip.0'), `${first.plus(BigInt(leases - 1))}`)
}

async function call(command: 'ADD' | 'DEL', dataDir: string): Promise<void> {
  const ipam = { type: 'host-local', dataDir, ranges: [[{ subnet: '10.2.0.0/16' }]] }
  await run(plugin, [], {
    input: JSON.stringify({ cniVersion: '0.4.0', name: 'bench', type: 'bridge', ipam }),
    env: {
      CNI_COMMAND: command,
      CNI_CONTAINERID: 'measured',
      CNI_NETNS: '/proc/self/ns/net',
      CNI_IFNAME: 'eth0',
      CNI_PATH: '/usr/lib/cni',
    },
  })
}
