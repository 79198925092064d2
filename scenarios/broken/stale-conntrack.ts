// stale-conntrack: the rule has changed, and the connection remembers the old one.
import { broken } from '../../lib/fix/index.ts'
import { answers, output } from '../../lib/scenario/index.ts'
import type { Check, Nodes } from '../../lib/fix/index.ts'
import { cause } from './causes.ts'
import { picture, street } from './town.ts'

export default broken({
  name: 'stale-conntrack',
  title: 'The log server has moved, and a sender still writes to the old one',
  difficulty: 3,
  story: `
    The log server (UDP port 514 of the host) has moved from ns1 to ns2, and the rule was changed. But a
    machine outside, which sends several lines a second, still lands on ns1. Meanwhile port 515, an old
    service of ns1 whose rule is already gone, is to serve its last client until it hangs up.`,
  topology: picture,
  network: `${street}
    iptables -t nat -A PREROUTING -p udp --dport 514 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:514
    iptables -t nat -A PREROUTING -p udp --dport 515 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:515
    for port in 514 515; do
      ip netns exec outside bash -c "while sleep 0.2; do echo line; done >/dev/udp/203.0.113.2/$port" >/dev/null 2>&1 &
    done`,
  // They never answer: an answer on its way while its entry is deleted would make a new one, the other way round.
  servers: [
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
    'Only the first packet of a connection passes the nat table; for all others the answer is remembered. Where? conntrack -L -p udp',
    'The entry lives as long as packets come. Delete it, and only it: conntrack -D with its protocol and port.',
  ],
  works: (nodes) => [arrives(nodes, 'ns2', 514, 'the log lines from outside reach ns2')],
  unharmed: (nodes) => [
    arrives(nodes, 'ns1', 515, 'the last client of port 515 still reaches ns1'),
  ],
  solutions: [
    {
      title: 'Delete the entry, by its port: the next packet is judged by the rules of today',
      commands: 'conntrack -D -p udp --orig-port-dst 514',
    },
    {
      title: 'By the answer that it waits for',
      commands: 'conntrack -D -p udp --reply-src 172.18.0.2 --reply-port-src 514',
    },
  ],
  destructive: [
    {
      title: 'Forget all connections: the last client of port 515 is cut off, too',
      commands: 'conntrack -F',
    },
    {
      title: 'All that leads to ns1: so does port 515',
      commands: 'conntrack -D -p udp --reply-src 172.18.0.2',
    },
  ],
  explanation: `
    The nat table sees only the first packet of a connection; what it decided is kept by connection
    tracking and done to all others. A UDP sender that never pauses and keeps its port never makes a new
    connection, so the old entry, and the old address in it, lived on. Engines that move a published
    UDP port delete its entries (the CNI plugins learned it from their issue 123); flushing the whole
    table also cuts off those who depend on it.`,
})

/** A datagram comes within four seconds. */
function arrives({ namespace }: Nodes, name: string, port: number, statement: string): Check {
  return {
    statement,
    probe: output(
      namespace(name),
    )`timeout 4 tcpdump -nc 1 --immediate-mode -i eth0 udp dst port ${port} 2>/dev/null`,
    expectation: answers,
  }
}
