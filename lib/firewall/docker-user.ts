// Plans the rules in Docker's DOCKER-USER chain: Docker sets the policy of FORWARD to DROP, which an accept in another table
// cannot overrule, and leaves this chain for rules of others (moby 39439).
import { existsSync, realpathSync } from 'node:fs'
import { run } from '../exec/run.ts'
import { isInstalled, programPath } from '../exec/search-path.ts'
import { hasNftChain } from '../kernel/netlink/set-element.ts'
import type { IptablesOperation } from '../kernel/operation.ts'

type IptablesRule = IptablesOperation & { readonly rule: readonly string[] }

/** Rules for one bridge, in the families that `dockerFamilies` returns. */
export function dockerUserRules(
  bridge: string,
  families: readonly (4 | 6)[],
  kind: 'insert-rule' | 'remove-rule',
): readonly IptablesRule[] {
  return families.flatMap((ipv) =>
    rulesFor(bridge).map((rule) => ({ kind, ipv, table: 'filter', chain: 'DOCKER-USER', rule })),
  )
}

/**
 * Each rule is inserted at the top, so the last one is matched first. Docker's rules decide about packets to its own bridges; all
 * others of this bridge are accepted here, and our own table decides about them.
 */
function rulesFor(bridge: string): readonly (readonly string[])[] {
  return [
    ['-o', bridge, '-j', 'ACCEPT'],
    ['-i', bridge, '-j', 'ACCEPT'],
    ['-i', bridge, '-o', 'br-+', '-j', 'RETURN'],
    ['-i', bridge, '-o', 'docker+', '-j', 'RETURN'],
  ]
}

/** Restores missing rules of these bridges: Docker keeps them, but a reload of the host's firewall removes them. */
export async function repairDockerUser(
  bridgesOf: (ipv: 4 | 6) => readonly string[],
  families: readonly (4 | 6)[],
): Promise<readonly IptablesOperation[]> {
  const repairs = families.map(async (ipv) => {
    const present = await rulesPresent(ipv)
    return bridgesOf(ipv).flatMap((bridge) => repairOne(bridge, ipv, present))
  })
  return (await Promise.all(repairs)).flat()
}

/** The order of the rules matters: when one is missing, all are removed and inserted again. */
function repairOne(
  bridge: string,
  ipv: 4 | 6,
  present: readonly string[],
): readonly IptablesOperation[] {
  const wanted = dockerUserRules(bridge, [ipv], 'insert-rule')
  const isPresent = ({ rule }: IptablesRule) => present.includes(rule.join(' '))
  const found = dockerUserRules(bridge, [ipv], 'remove-rule').filter(isPresent)
  return found.length === wanted.length ? [] : [...found, ...wanted]
}

async function rulesPresent(ipv: 4 | 6): Promise<readonly string[]> {
  const { stdout } = await run(program(ipv), ['-w', '-S', 'DOCKER-USER'], { allowFailure: true })
  return stdout.split('\n').map((line) => line.replace('-A DOCKER-USER ', ''))
}

/** The families in which the DOCKER-USER chain exists; none on a host without Docker. */
export async function dockerFamilies(): Promise<readonly (4 | 6)[]> {
  // Asking iptables takes as long as creating a bridge: look for a trace of Docker first.
  const traces = ['/proc/sys/net/ipv4/conf/docker0', '/run/docker.sock']
  if (!traces.some((path) => existsSync(path))) return []
  const [four, six] = await Promise.all([hasChain(4), hasChain(6)])
  return [...(four ? [4 as const] : []), ...(six ? [6 as const] : [])]
}

async function hasChain(ipv: 4 | 6): Promise<boolean> {
  if (!isInstalled(program(ipv))) return false
  // iptables-nft keeps its chains in nf_tables, which answers without a process.
  if (realpathSync(programPath(program(ipv))).endsWith('xtables-nft-multi')) {
    const isPresent = await hasNftChain(ipv, 'filter', 'DOCKER-USER')
    if (isPresent !== undefined) return isPresent
  }
  const { exitCode } = await run(program(ipv), ['-w', '-S', 'DOCKER-USER'], { allowFailure: true })
  return exitCode === 0
}

function program(ipv: 4 | 6): string {
  return ipv === 4 ? 'iptables' : 'ip6tables'
}
