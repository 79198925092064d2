// Calls netavark as podman does. Podman chooses the address, so this file passes one.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IpAddress } from '../../lib/address/ip-address.ts'
import { run } from '../../lib/exec/run.ts'
import { gateway, namespaceOf, subnet, type Contender } from './contender.ts'

export const netavarkProgram = '/usr/lib/podman/netavark'

export async function netavark(): Promise<Contender> {
  const directory = mkdtempSync(join(tmpdir(), 'netdojo-bench-netavark-'))
  const call = async (verb: string, index: number) => {
    const { exitCode, stdout, stderr } = await run(
      netavarkProgram,
      ['--config', directory, verb, namespaceOf(index)],
      { input: JSON.stringify(config(index)), allowFailure: true },
    )
    if (exitCode !== 0) throw new Error(`netavark ${verb}: ${stdout}${stderr}`)
  }
  return {
    // It creates its bridge with the first container.
    create: async () => {},
    connect: (index) => call('setup', index),
    disconnect: (index) => call('teardown', index),
    remove: async () => {},
  }
}

function config(index: number) {
  const address = IpAddress.parse(gateway).plus(BigInt(index + 1))
  return {
    container_id: index.toString(16).padStart(64, '0'),
    container_name: `c${index}`,
    port_mappings: [
      { container_port: 80, host_ip: '', host_port: 10_000 + index, protocol: 'tcp', range: 1 },
    ],
    networks: { bench: { static_ips: [`${address}`], interface_name: 'eth0' } },
    network_info: {
      bench: {
        name: 'bench',
        id: 'b'.repeat(64),
        driver: 'bridge',
        network_interface: 'podman9',
        subnets: [{ subnet, gateway }],
        ipv6_enabled: false,
        internal: false,
        dns_enabled: false,
        ipam_options: { driver: 'host-local' },
      },
    },
  }
}
