// What this kernel can do, tried in an empty network of its own.
import { join } from 'node:path'
import { NetdojoError } from '../../errors.ts'
import { run } from '../../exec/program.ts'
import { inNamespaces } from '../../sandbox/namespaces.ts'
import { startError } from '../../sandbox/start-error.ts'
import { fault, note, ok, unknown, type Finding } from './finding.ts'

/** Each with what the kernel said when it refused; absent when it did not. */
export type Features = ReadonlyMap<string, string | undefined>

/** Without these the scenarios cannot be played; the others are for what comes after them. */
const needed: ReadonlySet<string> = new Set([
  'veth',
  'bridge',
  'nftables',
  'NAT',
  'iptables',
  'conntrack',
])

/** @returns the error, when no world can be made here. */
export async function readFeatures(): Promise<Features | NetdojoError> {
  const { program, args, env } = inNamespaces(['sh', join(import.meta.dirname, 'features.sh')])
  try {
    const { stdout, stderr } = await run(program, args, { env, allowFailure: true })
    if (stdout === '') return startError(stderr)
    return new Map(
      stdout.split('\n').map((line) => {
        const [name = '', answer, ...said] = line.split(' ')
        return [name, answer === 'ok' ? undefined : said.join(' ').trim()]
      }),
    )
  } catch (error) {
    if (error instanceof NetdojoError) return error
    throw error
  }
}

export function kernel(features: Features | NetdojoError): readonly Finding[] {
  if (features instanceof NetdojoError)
    return [unknown('kernel', 'kernel', 'what it can do is tried in namespaces: see above')]
  const there = [...features].flatMap(([name, said]) => (said === undefined ? [name] : []))
  const lacking = [...features].filter(([, said]) => said !== undefined)
  const missing = lacking.filter(([name]) => needed.has(name))
  const optional = lacking.flatMap(([name]) => (needed.has(name) ? [] : [name]))
  return [
    ok('kernel', 'kernel', there.join(', ')),
    ...missing.map(([name, said]) =>
      fault(
        'kernel',
        name,
        `not here: ${said}`,
        `${modules[name] ? `sudo modprobe ${modules[name]}, or ` : ''}a distribution's own kernel; or --in vm`,
      ),
    ),
    ...(optional.length === 0
      ? []
      : [note('kernel', 'kernel', `not here, and no scenario needs it: ${optional.join(', ')}`)]),
  ]
}

const modules: Readonly<Record<string, string>> = {
  veth: 'veth',
  bridge: 'bridge',
  nftables: 'nf_tables',
  NAT: 'nft_masq nft_chain_nat',
  iptables: 'xt_MASQUERADE iptable_nat',
  conntrack: 'nf_conntrack_netlink',
}
