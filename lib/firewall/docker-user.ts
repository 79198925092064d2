// Docker sets the policy of FORWARD to DROP, which no accept elsewhere can overrule; DOCKER-USER is where it lets others in (moby 39439).
import { existsSync } from 'node:fs'
import { run } from '../exec/program.ts'
import { isInstalled } from '../exec/search-path.ts'
import type { IptablesOperation } from '../kernel/operation.ts'

/** For the families in which Docker is at work, see `dockerFamilies`. */
export function dockerUserRules(
  bridge: string,
  families: readonly (4 | 6)[],
  kind: 'insert-rule' | 'remove-rule',
): readonly IptablesOperation[] {
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

/** Where Docker has its chain; nowhere, on a host without it. */
export async function dockerFamilies(): Promise<readonly (4 | 6)[]> {
  // Asking iptables takes as long as making a bridge: first see whether there is any trace of Docker.
  const traces = ['/proc/sys/net/ipv4/conf/docker0', '/run/docker.sock']
  if (!traces.some((path) => existsSync(path))) return []
  const [four, six] = await Promise.all([hasChain('iptables'), hasChain('ip6tables')])
  return [...(four ? [4 as const] : []), ...(six ? [6 as const] : [])]
}

async function hasChain(program: string): Promise<boolean> {
  if (!isInstalled(program)) return false
  const { exitCode } = await run(program, ['-w', '-S', 'DOCKER-USER'], { allowFailure: true })
  return exitCode === 0
}
