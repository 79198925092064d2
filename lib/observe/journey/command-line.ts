// Reads a command line as far as a journey needs: the addresses that it names, the node that it enters, and whether its success is an answer.
import { isIP } from 'node:net'
import { basename } from 'node:path'

/** The command's words from which the missing packet is named when nothing was sent. */
export function targetsOf(command: string): readonly string[] {
  const found = wordsOf(command).flatMap((word) => {
    const host = /^\w+:\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)/.exec(word)?.[1] ?? word
    const address = host.replace(/^\[|\]$/g, '').replace(/^([\d.]+):\d+$/, '$1')
    return isIP(address) === 0 ? [] : [address]
  })
  return [...new Set(found)]
}

/** Programs that end with 0 only when they were answered. */
const trusted = new Set([
  'ping',
  'ping6',
  'ping4',
  'arping',
  'curl',
  'wget',
  'ssh',
  'scp',
  'dig',
  'host',
])

export function isTrusted(command: string): boolean {
  const words = unwrapped(wordsOf(command)).words
  // What a shell makes of several commands, its exit code does not say.
  return trusted.has(basename(words[0] ?? ''))
}

/** What stands before the program: the namespace that it enters, as a path or a process; undefined for this one. */
export function enteredBy(command: string): { readonly netns: string } | undefined {
  const { netns } = unwrapped(wordsOf(command))
  return netns === undefined ? undefined : { netns }
}

function wordsOf(command: string): readonly string[] {
  return command.split(/[\s'"]+/).filter((word) => word !== '')
}

/** Takes `sudo`, `env`, `timeout 5`, `ip netns exec ns1`, `nsenter …` off the front. */
function unwrapped(all: readonly string[]): {
  readonly words: readonly string[]
  readonly netns?: string
} {
  let words = all
  let netns: string | undefined
  for (;;) {
    const [first = '', ...rest] = words
    const program = basename(first)
    if (program === 'ip') {
      const at = rest.findIndex((word) => !word.startsWith('-'))
      // ip takes every beginning of a word for the word.
      if (!rest[at]?.startsWith('net') || !rest[at + 1]?.startsWith('e')) break
      const name = rest[at + 2] ?? ''
      netns = name.startsWith('/') ? name : `/run/netns/${name}`
      words = rest.slice(at + 3)
    } else if (program === 'nsenter') {
      const entered = enteredByNsenter(rest)
      netns = entered.netns ?? netns
      words = entered.words
    } else if (program === 'timeout') {
      words = rest.slice(rest.findIndex((word) => /^[\d.]+[smhd]?$/.test(word)) + 1)
    } else if (/^(sudo|env|nice|nohup|stdbuf|setpriv|exec|command|time)$/.test(program)) {
      words = rest.slice(rest.findIndex((word) => !word.startsWith('-') && !/^\w+=/.test(word)))
    } else break
    if (words.length === 0 || words.length === all.length) break
  }
  return netns === undefined ? { words } : { words, netns }
}

function enteredByNsenter(words: readonly string[]) {
  let pid: string | undefined
  let netns: string | undefined
  let at = 0
  for (; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (!word.startsWith('-')) break
    const next = words[at + 1] ?? ''
    if (word === '--') {
      at += 1
      break
    }
    if (/^(-t|--target)$/.test(word)) [pid, at] = [next, at + 1]
    else if (/^(-t\d+|--target=)/.test(word)) pid = word.replace(/^-t|^--target=/, '')
    else if (word.startsWith('--net=')) netns = word.slice(6)
    else if (/^-n./.test(word)) netns = word.slice(2).replace(/^=/, '')
    else if (word === '-n' || word === '--net') netns ??= ''
  }
  const path = netns === '' && pid !== undefined ? `/proc/${pid}/ns/net` : netns
  const all = words.some((word) => word === '-a' || word === '--all')
  const entered =
    path === undefined || path === ''
      ? all && pid !== undefined
        ? `/proc/${pid}/ns/net`
        : undefined
      : path
  return { netns: entered, words: words.slice(at) }
}
