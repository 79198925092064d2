// Resolves host names by the system's resolver in a process of its own, which can be stopped: the end of a program waits for every
// lookup that Node makes in a thread of its own (getaddrinfo(3)), 10 seconds with a silent nameserver.
import { isIP, type LookupFunction } from 'node:net'
import { run } from './run.ts'

export type HostAddress = { readonly address: string; readonly family: 4 | 6 }

const lookupMilliseconds = 2000
const keptMilliseconds = 30_000
const known = new Map<string, { readonly at: number; readonly found: readonly HostAddress[] }>()

/** Never empty. @throws Error with the code ENOTFOUND or, without an answer in time, EAI_AGAIN */
export async function addressesOf(name: string): Promise<readonly HostAddress[]> {
  const plain = name.replaceAll(/[[\]]/g, '')
  if (isIP(plain) !== 0) return [{ address: plain, family: plain.includes(':') ? 6 : 4 }]
  const before = known.get(name)
  if (before && performance.now() - before.at < keptMilliseconds) return before.found
  const limit = AbortSignal.timeout(lookupMilliseconds)
  // getent(1) asks what the system asks: /etc/hosts, DNS and others (nsswitch.conf(5)).
  const options = { input: '', allowFailure: true, signal: limit } as const
  const { stdout } = await run('getent', ['ahosts', name], options).catch((error: unknown) => {
    if (limit.aborted) return { stdout: '' }
    throw error
  })
  const found = [...stdout.matchAll(/^(\S+)\s+STREAM/gm)].map(([, address = '']): HostAddress => ({
    address,
    family: address.includes(':') ? 6 : 4,
  }))
  if (found.length > 0) {
    known.set(name, { at: performance.now(), found })
    return found
  }
  const reason = limit.aborted
    ? `no nameserver answered within ${lookupMilliseconds / 1000} s for the name ${name}`
    : `no address is known for the name ${name}`
  throw Object.assign(new Error(reason), { code: limit.aborted ? 'EAI_AGAIN' : 'ENOTFOUND' })
}

/** For the option `lookup` of node:net and node:http. */
export const lookup: LookupFunction = (name, { all = false }, callback) => {
  void answer(name, (error, found) => {
    if (error || all) callback(error, [...found])
    else callback(null, found[0]?.address ?? '', found[0]?.family)
  })
}

async function answer(
  name: string,
  tell: (error: NodeJS.ErrnoException | null, found: readonly HostAddress[]) => void,
): Promise<void> {
  try {
    tell(null, await addressesOf(name))
  } catch (error) {
    tell(error instanceof Error ? error : new Error(String(error)), [])
  }
}
