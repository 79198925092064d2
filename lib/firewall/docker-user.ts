// Docker sets the policy of FORWARD to DROP, which no accept elsewhere can overrule; DOCKER-USER is where it lets others in (moby 39439).
import { existsSync, realpathSync } from 'node:fs'
import { run } from '../exec/run.ts'
import { isInstalled, programPath } from '../exec/search-path.ts'
import { hasNftChain } from '../kernel/netlink/set-element.ts'
import type { IptablesOperation } from '../kernel/operation.ts'

type IptablesRule = IptablesOperation & { readonly rule: readonly string[] }

/** For the families in which Docker is at work, see `dockerFamilies`. */
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
 * Each is inserted at the top, so the last here comes first there: to Docker's own bridges, Docker's rules decide;
 * everything else of ours passes here, and our own table has the last word on it.
 */
function rulesFor(bridge: string): readonly (readonly string[])[] {
  return [
    ['-o', bridge, '-j', 'ACCEPT'],
    ['-i', bridge, '-j', 'ACCEPT'],
    ['-i', bridge, '-o', 'br-+', '-j', 'RETURN'],
    ['-i', bridge, '-o', 'docker+', '-j', 'RETURN'],
  ]
}

/** What brings the rules of these bridges back where they are missing: Docker empties nothing of ours, a firewall's reload does. */
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

/** Their order matters: where one is missing, all are taken out and put back. */
function repairOne(
  bridge: string,
  ipv: 4 | 6,
  present: readonly string[],
): readonly IptablesOperation[] {
  const wanted = dockerUserRules(bridge, [ipv], 'insert-rule')
  const isThere = ({ rule }: IptablesRule) => present.includes(rule.join(' '))
  const there = dockerUserRules(bridge, [ipv], 'remove-rule').filter(isThere)
  return there.length === wanted.length ? [] : [...there, ...wanted]
}

async function rulesPresent(ipv: 4 | 6): Promise<readonly string[]> {
  const { stdout } = await run(program(ipv), ['-w', '-S', 'DOCKER-USER'], { allowFailure: true })
  return stdout.split('\n').map((line) => line.replace('-A DOCKER-USER ', ''))
}

/** Where Docker has its chain; nowhere, on a host without it. */
export async function dockerFamilies(): Promise<readonly (4 | 6)[]> {
  // Asking iptables takes as long as making a bridge: first see whether there is any trace of Docker.
  const traces = ['/proc/sys/net/ipv4/conf/docker0', '/run/docker.sock']
  if (!traces.some((path) => existsSync(path))) return []
  const [four, six] = await Promise.all([hasChain(4), hasChain(6)])
  return [...(four ? [4 as const] : []), ...(six ? [6 as const] : [])]
}

async function hasChain(ipv: 4 | 6): Promise<boolean> {
  if (!isInstalled(program(ipv))) return false
  // The iptables of today keeps its chains in nf_tables, where they can be asked for without starting it.
  if (realpathSync(programPath(program(ipv))).endsWith('xtables-nft-multi')) {
    const isThere = await hasNftChain(ipv, 'filter', 'DOCKER-USER')
    if (isThere !== undefined) return isThere
  }
  const { exitCode } = await run(program(ipv), ['-w', '-S', 'DOCKER-USER'], { allowFailure: true })
  return exitCode === 0
}

function program(ipv: 4 | 6): string {
  return ipv === 4 ? 'iptables' : 'ip6tables'
}
