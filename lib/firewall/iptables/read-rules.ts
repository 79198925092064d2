// Reads our rules from iptables-save: those in our chains, and those that jump to our chains.
import { NetdojoError } from '../../errors.ts'
import { run } from '../../exec/run.ts'
import { families, type Ipv, type Rule } from './chains.ts'

export type Found = {
  readonly rules: readonly Rule[]
  readonly chains: readonly Pick<Rule, 'ipv' | 'table' | 'chain'>[]
}

/** `prefix` is the beginning of our chains' names. */
export async function readRules(prefix: string): Promise<Found> {
  const dumps = await Promise.all(
    families().map(async (ipv) => parse(ipv, await dump(ipv), prefix)),
  )
  return {
    rules: dumps.flatMap(({ rules }) => rules),
    chains: dumps.flatMap(({ chains }) => chains),
  }
}

async function dump(ipv: Ipv): Promise<string> {
  const program = ipv === 4 ? 'iptables-save' : 'ip6tables-save'
  return (await run(program, [])).stdout
}

function parse(ipv: Ipv, text: string, prefix: string): Found {
  const rules: Rule[] = []
  const chains: Pick<Rule, 'ipv' | 'table' | 'chain'>[] = []
  let table: Rule['table'] | undefined
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) table = tableOf(line.slice(1))
    if (table === undefined || !line.includes(prefix)) continue
    const [flag = '', chain = '', ...words] = line.split(' ')
    if (flag.startsWith(':')) chains.push({ ipv, table, chain: flag.slice(1) })
    else if (flag === '-A') rules.push({ ipv, table, chain, words })
    else throw notUnderstood(line)
  }
  return { rules, chains }
}

function tableOf(name: string): Rule['table'] | undefined {
  return name === 'raw' || name === 'nat' || name === 'filter' ? name : undefined
}

function notUnderstood(line: string): NetdojoError {
  return new NetdojoError({
    code: 'program-failed',
    operation: 'read',
    object: 'the rules of iptables-save',
    reason: `its output has a line that is neither a chain nor a rule: ${line}`,
  })
}
