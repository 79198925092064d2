// A pcap filter (pcap-filter(7)) as the kernel's bytecode, made by tcpdump: what does not match costs nothing above the kernel.
import { NetdojoError } from '../../errors.ts'
import { run } from '../../exec/run.ts'

/** @throws NetdojoError `usage` for an expression that tcpdump does not understand. */
export async function compileFilter(expression: string): Promise<string> {
  const args = ['-y', 'EN10MB', '-ddd', expression]
  const { stdout, stderr, exitCode } = await run('tcpdump', args, { allowFailure: true })
  if (exitCode === 0) return stdout.trim().replaceAll(/\s+/g, ' ')
  throw new NetdojoError({
    code: 'usage',
    operation: 'filter by',
    object: `'${expression}'`,
    reason: stderr.trim().replace(/^tcpdump: /, '') || 'tcpdump does not understand it',
    advice: ["examples: 'icmp', 'tcp port 80', 'host 172.18.0.2 and not arp': man pcap-filter"],
  })
}
