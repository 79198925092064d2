// Reads the firewall of a namespace: nftables by its own library, and the two kinds of iptables by their programs where they have tables.
import { accessSync, constants } from 'node:fs'
import { run } from '../../exec/run.ts'
import { programPath } from '../../exec/search-path.ts'
import { netfilterType, nfgenmsg } from '../netlink/codec.ts'
import { NFT_MSG } from '../netlink/constants.ts'
import type { NetlinkSocket } from '../netlink/socket.ts'
import { isUntouched, parseIptables } from './iptables-text.ts'
import { parseNft } from './nft-text.ts'
import type { Chain, NodeState } from './state.ts'
import type { ReadFile } from './sysctls.ts'

export type Firewall = Pick<NodeState, 'chains' | 'sets'>
/** Called for each part that could not be read. */
export type Report = (what: string, reason: string) => void

/** Whether nftables has any table, which the kernel tells faster than nft starts. @throws NetlinkError */
export function hasNftTables(netfilter: NetlinkSocket): boolean {
  const type = netfilterType('NFTABLES', NFT_MSG.GETTABLE)
  return netfilter.dump({ type, body: nfgenmsg.encode() }).length > 0
}

/** The tables of iptables-legacy that exist in the calling thread's namespace: to list another would create it. */
export function legacyTables(read: ReadFile, report: Report): readonly LegacyProgram[] {
  return (['iptables', 'ip6tables'] as const).filter((program) => {
    const path = `/proc/thread-self/net/${program === 'iptables' ? 'ip' : 'ip6'}_tables_names`
    const names = read(path)
    // In a user namespace, reading fails, although the file is there.
    if (names === '' && isForbidden(path))
      report(`${program}-legacy`, "only the machine's own root is told its tables")
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

export type LegacyProgram = 'iptables' | 'ip6tables'

/** The two texts of `nft list ruleset`: its structure as JSON, and the words of its rules. */
export type Ruleset = { readonly json: string; readonly text: string }

export async function rulesetByProgram(netns: string): Promise<Ruleset> {
  const nft = async (flag: string) =>
    run('nft', [flag, 'list', 'ruleset'], { netns, input: '', allowFailure: true })
  const [json, text] = await Promise.all([nft('-j'), nft('-a')])
  if (text.exitCode !== 0) throw new Error(text.stderr.trim() || 'nft failed')
  return { json: json.stdout, text: text.stdout }
}

export async function readFirewall(
  netns: string,
  ruleset: Ruleset | undefined,
  legacy: readonly LegacyProgram[],
  report: Report,
): Promise<Firewall> {
  const nft = ruleset ? parseNft(ruleset.json, ruleset.text) : { chains: [], sets: [] }
  const [typed, old] = await Promise.all([
    Promise.all(
      (['iptables', 'ip6tables'] as const)
        .filter((program) => nft.chains.some((chain) => isOfIptables(chain, familyOf(program))))
        .map((program) => save(netns, program, 'iptables-nft', report)),
    ),
    Promise.all(legacy.map((program) => save(netns, program, 'iptables-legacy', report))),
  ])
  const iptables = typed.flat().map((chain) => withHandles(chain, nft.chains))
  return {
    chains: [
      ...nft.chains.filter((chain) => !iptables.some((other) => isOfTable(other, chain))),
      ...iptables,
      ...old.flat(),
    ].filter((chain) => !isUntouched(chain)),
    sets: nft.sets,
  }
}

/** Rules of iptables-nft have matches that only iptables can write. Its chains with a hook have names in capitals. */
function isOfIptables({ family, name }: Chain, wanted: string): boolean {
  return family === wanted && /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/.test(name)
}

function familyOf(program: LegacyProgram): 'ip' | 'ip6' {
  return program === 'iptables' ? 'ip' : 'ip6'
}

/** nft lists the tables of iptables-nft, too, without the words for all that is in them. */
function isOfTable(a: Chain, b: Chain): boolean {
  return a.family === b.family && a.table === b.table
}

/** Handles are nft's: its rules stand in the same order, unless somebody changed them between the two readings. */
function withHandles(chain: Chain, all: readonly Chain[]): Chain {
  const same = all.find((other) => isOfTable(other, chain) && other.name === chain.name)
  if (same?.rules.length !== chain.rules.length) return chain
  return {
    ...chain,
    rules: chain.rules.map((rule, index) => {
      const handle = same.rules[index]?.handle
      return handle === undefined ? rule : { ...rule, handle }
    }),
  }
}

async function save(
  netns: string,
  program: LegacyProgram,
  backend: 'iptables-nft' | 'iptables-legacy',
  report: Report,
): Promise<readonly Chain[]> {
  const variant = `${program}${backend === 'iptables-nft' ? '-nft' : '-legacy'}`
  // Where there is only one kind of iptables, its programs have no second name.
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
