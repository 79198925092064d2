// Compiles a pcap filter (pcap-filter(7)) by tcpdump to the kernel's bytecode: a frame that does not match never leaves the kernel.
import { NetdojoError } from '../../errors.ts'
import { run } from '../../exec/run.ts'
import { struct } from '../../kernel/netlink/codec.ts'

/** linux/filter.h. */
const sock_filter = struct({ code: 'u16', ifTrue: 'u8', ifFalse: 'u8', value: 'u32' })

/** Instructions of 8 bytes each. @throws NetdojoError `usage` for an expression that tcpdump does not understand. */
export async function compileFilter(expression: string): Promise<Buffer> {
  const args = ['-y', 'EN10MB', '-ddd', expression]
  const { stdout, stderr, exitCode } = await run('tcpdump', args, { allowFailure: true })
  if (exitCode === 0) return instructions(stdout)
  throw new NetdojoError({
    code: 'usage',
    operation: 'filter by',
    object: `'${expression}'`,
    reason: stderr.trim().replace(/^tcpdump: /, '') || 'tcpdump does not understand it',
    advice: ["examples: 'icmp', 'tcp port 80', 'host 172.18.0.2 and not arp': man pcap-filter"],
  })
}

/** The first line has the number of instructions; each further line has the four numbers of one. */
function instructions(text: string): Buffer {
  const [, ...lines] = text.trim().split('\n')
  return Buffer.concat(
    lines.map((line) => {
      const [code = 0, ifTrue = 0, ifFalse = 0, value = 0] = line.split(' ').map(Number)
      return sock_filter.encode({ code, ifTrue, ifFalse, value })
    }),
  )
}
