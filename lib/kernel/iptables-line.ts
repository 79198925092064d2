// An operation on iptables, as the arguments of the program, which are also a line of `iptables-restore`.
import type { IptablesOperation } from './operation.ts'
import { word } from './word.ts'

const flags = {
  'add-chain': '-N',
  'append-rule': '-A',
  'insert-rule': '-I',
  'remove-rule': '-D',
  'remove-chain': '-X',
} as const

/** The words after `iptables -t TABLE`. @throws NetdojoError `usage` for a value that is not one word. */
export function iptablesWords(operation: IptablesOperation): readonly string[] {
  return [flags[operation.kind], word(operation.chain), ...(operation.rule ?? []).map(ruleWord)]
}

export function iptablesProgram(ipv: 4 | 6): string {
  return ipv === 4 ? 'iptables' : 'ip6tables'
}

/** Options, `!`, lists and `[address]:port` are the rules' own grammar; all else is a word. */
function ruleWord(text: string): string {
  if (/^(!|-{1,2}[a-z][a-z-]*|[A-Z]+(,[A-Z]+)*|\[[\da-f:.]+\]:\d+)$/i.test(text)) return text
  return word(text)
}
