// The broken network tunnel-port: the firewall of host2 drops the packets of the tunnels.
import { broken } from '../../lib/fix/index.ts'
import { curl, noAnswer } from '../../lib/scenario/index.ts'
import { cause } from './causes.ts'
import { floodsNothing, on2, reaches, wide, widePicture } from './wide.ts'

export default broken({
  name: 'tunnel-port',
  title: 'With the new firewall of host2, its containers are cut off',
  difficulty: 1,
  story: `
    The security team installed a firewall on host2. It lets in ping, ssh and answers. Since then,
    c1 and c3 do not reach c2. The machines themselves answer every ping. The team insists that the
    test server on port 8080 of host2 stays closed.`,
  topology: widePicture,
  machines: 3,
  network: wide,
  servers: [['host2', '8080']],
  fault: `
    ${on2} iptables-restore <<END
    *filter
    :INPUT DROP
    -A INPUT -i lo -j ACCEPT
    -A INPUT -p icmp -j ACCEPT
    -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
    -A INPUT -p tcp --dport 22 -j ACCEPT
    COMMIT
    END`,
  cause: cause('tunnel-port'),
  alternatives: [cause('tunnel-number'), cause('stale-entry'), cause('tunnel-mtu')],
  hints: [
    'A ping between the machines says nothing about the tunnel: that is another protocol. Which one?',
    'The counters show what the policy of the chain has dropped: nsenter --net=/run/netns/host2 iptables -vnL INPUT',
    'The packets of the tunnels come by UDP to port 4789. They need a rule, and nothing else does.',
  ],
  works: (nodes) => [
    reaches(nodes, 'c1', 'c2'),
    reaches(nodes, 'c3', 'c2'),
    reaches(nodes, 'c1', 'c2', 1450),
  ],
  unharmed: (nodes) => [
    reaches(nodes, 'c1', 'c3'),
    floodsNothing(nodes),
    {
      statement: 'port 8080 of host2 is closed to the other machines',
      probe: curl(nodes.host, 'http://203.0.113.12:8080/'),
      expectation: noAnswer,
    },
  ],
  solutions: [
    {
      title: 'A rule for the port of the tunnels',
      commands: `${on2} iptables -A INPUT -p udp --dport 4789 -j ACCEPT`,
    },
    {
      title: 'A rule for this port, from the machines of the wire alone',
      commands: `${on2} iptables -A INPUT -s 203.0.113.0/24 -p udp --dport 4789 -j ACCEPT`,
    },
  ],
  destructive: [
    {
      title: 'Set the policy back to ACCEPT: the test server is open',
      commands: `${on2} iptables -P INPUT ACCEPT`,
    },
    {
      title: 'A rule for the packets of host alone: c3 is still cut off',
      commands: `${on2} iptables -A INPUT -s 203.0.113.2 -p udp --dport 4789 -j ACCEPT`,
    },
    {
      title: 'Accept everything from the wire: the test server is open',
      commands: `${on2} iptables -I INPUT -i eth0 -j ACCEPT`,
    },
  ],
  explanation: `
    The packets of a tunnel are UDP packets to port 4789, and for the kernel of host2 they are
    packets for itself: they pass INPUT, and not FORWARD. The policy of INPUT dropped them. They
    were no answers either, because each direction of a tunnel has a source port of its own. The
    frames inside never reached the bridge. Cloud networks often close this port too.`,
})
