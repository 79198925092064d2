// Reads the firewall of a namespace by nft and iptables-save; each starts only where the kernel says that it has tables.
import { accessSync, constants } from 'node:fs'
import { run } from '../../exec/run.ts'
import { isInstalled, programPath } from '../../exec/search-path.ts'
import { attributesOf, netfilterType, nfgenmsg } from '../netlink/codec.ts'
import { AF, NFT_MSG, NFTA_CHAIN } from '../netlink/constants.ts'
import type { NetlinkSocket } from '../netlink/socket.ts'
import { isUntouched, parseIptables } from './iptables-text.ts'
import { string } from './links.ts'
import { parseNft } from './nft-text.ts'
import type { Chain, NodeState } from './state.ts'
import type { ReadFile } from './sysctls.ts'

export type Firewall = Pick<NodeState, 'chains' | 'sets'>
/** Called for each part that could not be read. */
export type Report = (what: string, reason: string) => void

/** The programs that have something to list. */
export type Listed = { readonly nft: boolean; readonly iptables: readonly IptablesProgram[] }

export const nothing: Listed = { nft: false, iptables: [] }

/** All installed programs, where the kernel cannot be asked: a program that finds no table prints nothing. */
export function listable(): Listed {
  return {
    nft: isInstalled('nft'),
    iptables: programs.filter((name) => isInstalled(`${name}-nft-save`)),
  }
}

/** @throws NetlinkError */
export function listedTables(netfilter: NetlinkSocket): Listed {
  const dump = (message: number) =>
    netfilter.dump({ type: netfilterType('NFTABLES', message), body: nfgenmsg.encode() })
  if (dump(NFT_MSG.GETTABLE).length === 0) return nothing
  const chains = dump(NFT_MSG.GETCHAIN).flatMap(({ body }) => {
    const name = string(attributesOf(body.subarray(nfgenmsg.size)).get(NFTA_CHAIN.NAME))
    // Chains of iptables-nft with a hook have names in capitals. Their rules have matches that only iptables can write.
    const isOfIptables = /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/.test(name)
    return isOfIptables ? nfgenmsg.decode(body).family : []
  })
  const families = new Set(chains)
  const iptables = programs.filter((program) =>
    families.has(program === 'iptables' ? AF.INET : AF.INET6),
  )
  return { nft: true, iptables }
}

/** The programs of iptables-legacy that have tables in the calling thread's namespace. Listing a table that does not exist would create it. */
export function legacyTables(read: ReadFile, report: Report): readonly IptablesProgram[] {
  return programs.filter((program) => {
    const path = `/proc/thread-self/net/${program === 'iptables' ? 'ip' : 'ip6'}_tables_names`
    const names = read(path)
    // In a user namespace, the file exists, but reading it fails.
    if (names === '' && isForbidden(path))
      report(`${program}-legacy`, "only the machine's own root may list its tables")
    return names !== ''
  })
}

function isForbidden(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code !== 'ENOENT'
  }
}

const programs = ['iptables', 'ip6tables'] as const
export type IptablesProgram = (typeof programs)[number]

export async function readFirewall(
  netns: string | undefined,
  listed: Listed,
  legacy: readonly IptablesProgram[],
  report: Report,
): Promise<Firewall> {
  const [nft, typed, old] = await Promise.all([
    listed.nft ? listRuleset(netns, report) : '',
    Promise.all(listed.iptables.map((program) => save(netns, program, 'iptables-nft', report))),
    Promise.all(legacy.map((program) => save(netns, program, 'iptables-legacy', report))),
  ])
  const { chains, sets } = parseNft(nft)
  const iptables = typed.flat().map((chain) => withHandles(chain, chains))
  return {
    chains: [
      ...chains.filter((chain) => !iptables.some((other) => isOfTable(other, chain))),
      ...iptables,
      ...old.flat(),
    ].filter((chain) => !isUntouched(chain)),
    sets,
  }
}

/**
 * Runs the program instead of its library: nft 1.0.6 can damage its own memory when a table is removed while it lists. Then it is
 * started again.
 */
async function listRuleset(
  netns: string | undefined,
  report: Report,
  attempts = 3,
): Promise<string> {
  const args = ['-a', '-y', 'list', 'ruleset']
  const answer = await run('nft', args, { netns, input: '', allowFailure: true })
  if (answer.exitCode === 0) return answer.stdout
  if (attempts > 1) return listRuleset(netns, report, attempts - 1)
  report('nft', answer.stderr.trim() || `nft ended with ${answer.exitCode}`)
  return ''
}

function familyOf(program: IptablesProgram): 'ip' | 'ip6' {
  return program === 'iptables' ? 'ip' : 'ip6'
}

/** nft lists the tables of iptables-nft, too, but has no words for all of their matches. */
function isOfTable(a: Chain, b: Chain): boolean {
  return a.family === b.family && a.table === b.table
}

/**
 * Adds the handles, which only nft prints; the rules have the same order. If their number differs, they changed between the
 * two readings, and the text is nft's.
 */
export function withHandles(chain: Chain, all: readonly Chain[]): Chain {
  const same = all.find((other) => isOfTable(other, chain) && other.name === chain.name)
  if (!same) return chain
  if (same.rules.length !== chain.rules.length)
    return { ...chain, backend: 'nft', rules: same.rules }
  return {
    ...chain,
    rules: chain.rules.map((rule, index) => {
      const handle = same.rules[index]?.handle
      return handle === undefined ? rule : { ...rule, handle }
    }),
  }
}

async function save(
  netns: string | undefined,
  program: IptablesProgram,
  backend: 'iptables-nft' | 'iptables-legacy',
  report: Report,
): Promise<readonly Chain[]> {
  const variant = `${program}${backend === 'iptables-nft' ? '-nft' : '-legacy'}`
  // A system with only one kind of iptables has no program with this suffix.
  const name = programPath(`${variant}-save`).includes('/') ? `${variant}-save` : `${program}-save`
  try {
    const options = { netns, input: '', allowFailure: true }
    const { stdout, stderr, exitCode } = await run(name, ['-c'], options)
    if (exitCode === 0) return parseIptables(stdout, familyOf(program), backend)
    report(backend === 'iptables-nft' ? program : variant, stderr.trim() || `${name} failed`)
  } catch (error) {
    report(
      backend === 'iptables-nft' ? program : variant,
      error instanceof Error ? error.message : String(error),
    )
  }
  return []
}
