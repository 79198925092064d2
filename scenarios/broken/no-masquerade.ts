// no-masquerade: the requests arrive, and the answers have nowhere to go.
import { broken } from '../../lib/fix/index.ts'
import { cause } from './causes.ts'
import { published, reachesInternet, readsInternet, strangersKnowNothing } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'no-masquerade',
  title: 'ns1 and ns2 get no answer from the Internet; db does',
  difficulty: 1,
  story: `
    Somebody tidied up the rules of the host. ns1 and ns2 have not got an answer from the Internet
    since; db, on the other bridge, has. The host itself is fine.`,
  topology: picture,
  network: town,
  servers: townServers,
  fault: `
    iptables -t nat -D POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE`,
  cause: cause('no-masquerade'),
  alternatives: [
    cause('forwarding-off'),
    cause('masquerade-wrong-interface'),
    cause('forward-drop'),
  ],
  hints: [
    'Do the packets leave the host? Watch them there: tcpdump -ni eth0 icmp',
    'They leave. Look at the address that they come from: who on the Internet could answer it?',
    'What does the host do for db that it does not do for ns1? iptables -t nat -vnL POSTROUTING',
  ],
  works: (nodes) => [reachesInternet(nodes, 'ns1'), readsInternet(nodes, 'ns2')],
  unharmed: (nodes) => [
    published(nodes),
    reachesInternet(nodes, 'db'),
    strangersKnowNothing(nodes),
  ],
  solutions: [
    {
      title: 'MASQUERADE: whatever address eth0 has',
      commands: 'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE',
    },
    {
      title: 'SNAT: one address, written down',
      commands:
        'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j SNAT --to-source 203.0.113.2',
    },
    {
      title: 'A table of your own in nft',
      commands: `
        nft add table ip mine
        nft add chain ip mine out '{ type nat hook postrouting priority 100; }'
        nft add rule ip mine out ip saddr 172.18.0.0/24 oifname eth0 masquerade`,
    },
  ],
  destructive: [
    {
      title: 'MASQUERADE for everybody and everything: ns1 no longer knows its clients',
      commands: 'iptables -t nat -A POSTROUTING -j MASQUERADE',
    },
    {
      title: "Flush the table and begin anew: db's rule and the published port are gone",
      commands: `
        iptables -t nat -F
        iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE`,
    },
    {
      title: 'A route on the Internet to your private network',
      commands: 'ip -n outside route add 172.18.0.0/24 via 203.0.113.2',
    },
  ],
  explanation: `
    The requests of ns1 left the host with 172.18.0.2 as their source, and arrived. But that is a
    private address: everybody may have one like it, so nobody on the Internet has a route to it, and
    the answers had nowhere to go. MASQUERADE writes the host's address over it on the way out and
    remembers that, so that the answer can be turned back.`,
})
