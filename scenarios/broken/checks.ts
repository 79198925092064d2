// Checks that several broken networks share: what must work again, and what must not change.
import type { Check, Nodes } from '../../lib/fix/index.ts'
import { answers, curl, noAnswer, output, ping, shows, showsNo } from '../../lib/scenario/index.ts'

/** The address of the server on the Internet. */
export const far = '198.51.100.1'

export function reachesInternet({ host, namespace }: Nodes, name: string): Check {
  return {
    statement: `${name === 'host' ? 'the host' : name} reaches a server on the Internet`,
    probe: ping(name === 'host' ? host : namespace(name), far),
    expectation: answers,
  }
}

export function readsInternet({ namespace }: Nodes, name: string): Check {
  return {
    statement: `${name} reads the page of a server on the Internet`,
    probe: curl(namespace(name), `http://${far}/`),
    expectation: shows('hello from outside'),
  }
}

/** Asks whether the published port works and the server sees the real address of its client. */
export function published({ outside }: Nodes): Check {
  return {
    statement: 'port 80 of the host leads to ns1, and ns1 sees the real address of its client',
    probe: curl(outside, 'http://203.0.113.2/'),
    expectation: shows('hello from ns1: I see you as 203.0.113.1'),
  }
}

/** Asks whether the published port also serves the neighbour of the server (hairpin). */
export function publishedInside({ namespace }: Nodes): Check {
  return {
    statement: 'ns2 reads the page of ns1 at the published port',
    probe: curl(namespace('ns2'), 'http://203.0.113.2/'),
    expectation: shows('hello from ns1'),
  }
}

/** Asks whether ns2 reaches ns1 through br0 and its cables alone. */
export function readsNeighbour({ namespace }: Nodes): Check {
  return {
    statement: 'ns2 reads the page of ns1 at 172.18.0.2, and ns1 sees ns2 as its client',
    probe: curl(namespace('ns2'), 'http://172.18.0.2/'),
    expectation: shows('hello from ns1: I see you as 172.18.0.3'),
  }
}

/** Asks whether each address belongs to one machine. */
export function ownAddresses({ host }: Nodes): Check {
  return {
    statement: 'no two machines have the same address',
    probe: output(
      host,
    )`(ip -4 -o address; ip -all netns exec ip -4 -o address) | grep -o 'inet [^/]*' | grep -v 127.0 | sort | uniq -c`,
    expectation: showsNo(/^ *[2-9]/),
  }
}

/** Asks what works in the networks of town.ts when there is no fault: a repair must break none of it. */
const facts = {
  host: (nodes: Nodes) => reachesInternet(nodes, 'host'),
  ns1: (nodes: Nodes) => reachesInternet(nodes, 'ns1'),
  ns2: (nodes: Nodes) => reachesInternet(nodes, 'ns2'),
  db: (nodes: Nodes) => reachesInternet(nodes, 'db'),
  published,
  publishedInside,
  readsNeighbour,
  fence: ({ namespace }: Nodes): Check => ({
    statement: 'ns1 cannot reach db: the two networks are separated',
    probe: ping(namespace('ns1'), '172.19.0.2'),
    expectation: noAnswer,
  }),
  fenceBack: ({ namespace }: Nodes): Check => ({
    statement: 'db cannot reach ns2: the two networks are separated',
    probe: ping(namespace('db'), '172.18.0.3'),
    expectation: noAnswer,
  }),
  strangers: ({ outside }: Nodes): Check => ({
    statement: 'the Internet has no route to a private network, and you may not add one',
    probe: output(outside)`ip -4 route show`,
    expectation: showsNo('172.'),
  }),
  ownAddresses,
} as const satisfies Record<string, (nodes: Nodes) => Check>

export type Fact = keyof typeof facts

/** Facts about db, which not every network has. */
export const ofDb = ['db', 'fence', 'fenceBack'] as const satisfies readonly Fact[]

/** Asks whether the rest still works. @param except what the fault breaks, or the network does not have */
export function restOfTown(nodes: Nodes, ...except: readonly Fact[]): readonly Check[] {
  return Object.entries(facts)
    .filter(([name]) => !except.some((fact) => fact === name))
    .map(([, check]) => check(nodes))
}
