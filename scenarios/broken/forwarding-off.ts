// forwarding-off: the host is no router any more, which only those behind it notice.
import { broken } from '../../lib/fix/index.ts'
import { cause } from './causes.ts'
import { fenced, reachesInternet } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'forwarding-off',
  title: 'Since the reboot, nobody behind the host reaches the Internet',
  difficulty: 1,
  story: `
    The host was restarted last night. Since then neither ns1 nor db gets an answer from the
    Internet. From the host itself everything works, and ns1 and ns2 reach each other.`,
  topology: picture,
  network: town,
  servers: townServers,
  fault: `
    sysctl -w net.ipv4.conf.all.forwarding=0`,
  cause: cause('forwarding-off'),
  alternatives: [cause('no-masquerade'), cause('no-default-route'), cause('forward-drop')],
  hints: [
    'How far do the packets of ns1 come? Watch them: tcpdump -ni br0 icmp, then tcpdump -ni eth0 icmp.',
    'They arrive on br0 and never leave by eth0: the host keeps them. Who decides about that?',
    'A setting of the kernel that a reboot resets: sysctl net.ipv4.conf.all.forwarding',
  ],
  works: (nodes) => [reachesInternet(nodes, 'ns1'), reachesInternet(nodes, 'db')],
  unharmed: (nodes) => [fenced(nodes)],
  solutions: [
    { title: 'Switch it on by sysctl', commands: 'sysctl -w net.ipv4.conf.all.forwarding=1' },
    { title: 'The same by its older name', commands: 'echo 1 >/proc/sys/net/ipv4/ip_forward' },
    {
      title: 'Only where packets come in that are to be passed on',
      commands: 'for i in br0 br1 eth0; do sysctl -w net.ipv4.conf.$i.forwarding=1; done',
    },
  ],
  destructive: [
    {
      title: 'Flush the firewall first, as many a page on the web advises',
      commands: `
        iptables -F
        sysctl -w net.ipv4.conf.all.forwarding=1`,
    },
  ],
  explanation: `
    A packet for another machine's address is passed on only where the interface that it came in by
    has forwarding switched on; otherwise the host drops it, without a word to anybody. The default
    is off, a sysctl is forgotten with the reboot, and a container engine sets it each time it starts.
    The host's own packets are not forwarded, which is why it noticed nothing.`,
})
