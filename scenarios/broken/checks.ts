// Checks that several broken networks share: what must work again, and what must not change.
import type { Check, Nodes } from '../../lib/fix/index.ts'
import { answers, curl, noAnswer, output, ping, shows, showsNo } from '../../lib/scenario/index.ts'

/** The address of the server on the Internet. */
export const far = '198.51.100.1'

export function reachesInternet({ namespace }: Pick<Nodes, 'namespace'>, name: string): Check {
  return {
    statement: `${name} reaches a server on the Internet`,
    probe: ping(namespace(name), far),
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

/** Asks whether the two networks are still separated. */
export function fenced({ namespace }: Nodes): Check {
  return {
    statement: 'ns1 cannot reach db: the two networks are separated',
    probe: ping(namespace('ns1'), '172.19.0.2'),
    expectation: noAnswer,
  }
}

/** Asks whether the Internet still has no route to a private network. */
export function strangersKnowNothing({ outside }: Nodes): Check {
  return {
    statement: 'the Internet has no route to a private network, and you may not add one',
    probe: output(outside)`ip -4 route show`,
    expectation: showsNo('172.'),
  }
}

/** Asks whether the two namespaces on br0 reach each other directly, without NAT. */
export function readsNeighbour({ namespace }: Pick<Nodes, 'namespace'>): Check {
  return {
    statement: 'ns2 reads the page of ns1 at 172.18.0.2',
    probe: curl(namespace('ns2'), 'http://172.18.0.2/'),
    expectation: shows('hello from ns1'),
  }
}
