// The broken network forwarding-off: the host no longer forwards packets.
import { broken } from '../../lib/fix/index.ts'
import { cause } from './causes.ts'
import { published, publishedInside, reachesInternet, restOfTown } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'forwarding-off',
  title: 'Since the reboot, no namespace reaches the Internet any more',
  difficulty: 1,
  story: `
    The host was restarted last night. Since then, neither ns1 nor db gets an answer from the
    Internet. The host itself has no trouble, and ns1 and ns2 reach each other.`,
  topology: picture,
  network: town,
  servers: townServers,
  fault: `
    sysctl -w net.ipv4.conf.all.forwarding=0`,
  cause: cause('forwarding-off'),
  alternatives: [cause('no-masquerade'), cause('no-default-route'), cause('forward-drop')],
  hints: [
    'How far do the packets of ns1 get? Watch them: tcpdump -ni br0 icmp, then tcpdump -ni eth0 icmp.',
    'They arrive on br0 and never leave through eth0: the host drops them. What decides about that?',
    'A sysctl decides, and a reboot resets it: sysctl net.ipv4.conf.all.forwarding',
  ],
  works: (nodes) => [
    reachesInternet(nodes, 'ns1'),
    reachesInternet(nodes, 'ns2'),
    reachesInternet(nodes, 'db'),
    published(nodes),
    publishedInside(nodes),
  ],
  unharmed: (nodes) => restOfTown(nodes, 'ns1', 'ns2', 'db', 'published', 'publishedInside'),
  solutions: [
    {
      title: 'Turn forwarding on with sysctl',
      commands: 'sysctl -w net.ipv4.conf.all.forwarding=1',
    },
    { title: 'The same with its older name', commands: 'echo 1 >/proc/sys/net/ipv4/ip_forward' },
    {
      title: 'Only on the interfaces where packets to forward come in',
      commands: 'for i in br0 br1 eth0; do sysctl -w net.ipv4.conf.$i.forwarding=1; done',
    },
  ],
  destructive: [
    {
      title: 'Flush the firewall first, as many pages on the web advise',
      commands: `
        iptables -F
        sysctl -w net.ipv4.conf.all.forwarding=1`,
    },
  ],
  explanation: `
    The kernel forwards a packet for another machine only if forwarding is on for the interface
    where the packet came in. Otherwise it drops the packet without any message. Forwarding is off
    by default, and a reboot resets the sysctl. A container engine sets it each time it starts. The
    host does not forward its own packets, so the host itself noticed nothing.`,
})
