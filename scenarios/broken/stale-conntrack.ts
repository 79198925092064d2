// The broken network stale-conntrack: a rule changed, but an entry of connection tracking still uses the old one.
import { broken } from '../../lib/fix/index.ts'
import { answers, output } from '../../lib/scenario/index.ts'
import type { Check, Nodes } from '../../lib/fix/index.ts'
import { cause } from './causes.ts'
import { restOfTown } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'stale-conntrack',
  title: 'The log server has moved, but one sender still reaches the old one',
  difficulty: 3,
  story: `
    The log server (UDP port 514 of the host) has moved from ns1 to ns2, and the rule was changed.
    But a machine outside, which sends several lines a second, still reaches ns1. Port 515 is an old
    service of ns1. Its rule is already gone, but it must serve its last client until that client
    stops.`,
  topology: picture,
  network: `${town}
    iptables -t nat -A PREROUTING -p udp --dport 514 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:514
    iptables -t nat -A PREROUTING -p udp --dport 515 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:515
    for port in 514 515; do
      ip netns exec outside bash -c "while sleep 0.2; do echo line; done >/dev/udp/203.0.113.2/$port" >/dev/null 2>&1 &
    done`,
  // The servers never answer. An answer that is on its way while its entry is deleted would make a new entry in the other direction.
  servers: [
    ...townServers,
    ['ns1', '514', '--udp'],
    ['ns1', '515', '--udp'],
    ['ns2', '514', '--udp'],
  ],
  fault: `
    until conntrack -L -p udp --orig-port-dst 514 2>/dev/null | grep -q udp; do sleep 0.05; done
    until conntrack -L -p udp --orig-port-dst 515 2>/dev/null | grep -q udp; do sleep 0.05; done
    iptables -t nat -D PREROUTING -p udp --dport 515 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:515
    iptables -t nat -D PREROUTING -p udp --dport 514 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:514
    iptables -t nat -A PREROUTING -p udp --dport 514 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.3:514`,
  cause: cause('stale-conntrack'),
  alternatives: [cause('dnat-wrong-address'), cause('duplicate-address'), cause('no-server')],
  hints: [
    'The rule is right: iptables -t nat -vnL PREROUTING. But does its counter grow with every line?',
    'Only the first packet of a connection passes the nat table. The kernel remembers the result for all other packets. Where? conntrack -L -p udp',
    'The entry lives as long as packets come. Delete this entry only: conntrack -D with its protocol and port.',
  ],
  works: (nodes) => [arrives(nodes, 'ns2', 514, 'the log lines from outside reach ns2')],
  unharmed: (nodes) => [
    ...restOfTown(nodes),
    arrives(nodes, 'ns1', 515, 'the last client of port 515 still reaches ns1'),
  ],
  solutions: [
    {
      title: 'Delete the entry by its port: the current rules apply to the next packet',
      commands: 'conntrack -D -p udp --orig-port-dst 514',
    },
    {
      title: 'Delete the entry by the answer that it expects',
      commands: 'conntrack -D -p udp --reply-src 172.18.0.2 --reply-port-src 514',
    },
  ],
  destructive: [
    {
      title: 'Delete all entries: the last client of port 515 is cut off too',
      commands: 'conntrack -F',
    },
    {
      title: 'Delete all entries that lead to ns1: the entry of port 515 is one of them',
      commands: 'conntrack -D -p udp --reply-src 172.18.0.2',
    },
  ],
  explanation: `
    The nat table sees only the first packet of a connection. Connection tracking stores the result
    and applies it to all other packets. A UDP sender that never pauses and keeps its port never
    makes a new connection. So the old entry stayed, with the old address in it. A container engine
    that moves a published UDP port must delete its entries (see issue 123 of the CNI plugins).
    Flushing the whole table also cuts off connections that depend on it.`,
})

/** Asks whether a datagram arrives within four seconds. */
function arrives({ namespace }: Nodes, name: string, port: number, statement: string): Check {
  return {
    statement,
    probe: output(
      namespace(name),
    )`timeout 4 tcpdump -nc 1 --immediate-mode -i eth0 udp dst port ${port} 2>/dev/null`,
    expectation: answers,
  }
}
