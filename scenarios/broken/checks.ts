// What is asked in more than one of the broken networks: does it work, and is what must not change still so?
import type { Check, Nodes } from '../../lib/fix/index.ts'
import { answers, curl, output, ping, shows, showsNo } from '../../lib/scenario/index.ts'

/** 'A server on the Internet'. */
export const far = '198.51.100.1'

/** It fails in any way: a wall may refuse or be silent. */
export const noAnswer: Check['expectation'] = {
  expected: 'no answer',
  wants: { what: 'failure', reason: '' },
  judge: ({ outcome, summary }) => ({ holds: outcome === 'failed', evidence: summary }),
}

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

/** The published port works, and the server sees who its clients are. */
export function published({ outside }: Nodes): Check {
  return {
    statement: 'port 80 of the host leads to ns1, which sees the real address of its client',
    probe: curl(outside, 'http://203.0.113.2/'),
    expectation: shows('hello from ns1: I see you as 203.0.113.1'),
  }
}

/** The fence between the two networks stands. */
export function fenced({ namespace }: Nodes): Check {
  return {
    statement: 'ns1 cannot reach db: the two networks are kept apart',
    probe: ping(namespace('ns1'), '172.19.0.2'),
    expectation: noAnswer,
  }
}

/** Nobody asks the Internet for favours. */
export function strangersKnowNothing({ outside }: Nodes): Check {
  return {
    statement: 'the Internet has no route to a private network: it is not yours to change',
    probe: output(outside)`ip -4 route show`,
    expectation: showsNo('172.'),
  }
}

/** On the same wire, without any translation. */
export function readsNeighbour({ namespace }: Pick<Nodes, 'namespace'>): Check {
  return {
    statement: 'ns2 reads the page of ns1 at its own address',
    probe: curl(namespace('ns2'), 'http://172.18.0.2/'),
    expectation: shows('hello from ns1'),
  }
}
