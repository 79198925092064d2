// The broken network no-masquerade: packets leave with a private source address, so no answer comes back.
import { broken } from '../../lib/fix/index.ts'
import { cause } from './causes.ts'
import { reachesInternet, readsInternet, restOfTown } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'no-masquerade',
  title: 'ns1 and ns2 get no answer from the Internet; db does',
  difficulty: 1,
  story: `
    Somebody cleaned up the rules of the host. Since then, ns1 and ns2 get no answer from the
    Internet. db, on the other bridge, still gets answers. The host itself has no trouble.`,
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
    'Do the packets leave the host? Watch eth0: tcpdump -ni eth0 icmp',
    'They leave. Look at their source address: can a machine on the Internet answer it?',
    'What does the host do for db, but not for ns1? iptables -t nat -vnL POSTROUTING',
  ],
  works: (nodes) => [reachesInternet(nodes, 'ns1'), readsInternet(nodes, 'ns2')],
  unharmed: (nodes) => restOfTown(nodes, 'ns1', 'ns2'),
  solutions: [
    {
      title: 'MASQUERADE: the address that eth0 has at the moment',
      commands: 'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE',
    },
    {
      title: 'SNAT: one fixed address',
      commands:
        'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j SNAT --to-source 203.0.113.2',
    },
    {
      title: 'Your own table in nft',
      commands: `
        nft add table ip mine
        nft add chain ip mine out '{ type nat hook postrouting priority 100; }'
        nft add rule ip mine out ip saddr 172.18.0.0/24 oifname eth0 masquerade`,
    },
  ],
  destructive: [
    {
      title: 'MASQUERADE for all packets: ns1 no longer sees its real clients',
      commands: 'iptables -t nat -A POSTROUTING -j MASQUERADE',
    },
    {
      title: 'Flush the table and write it again: the rule for db and the published port are gone',
      commands: `
        iptables -t nat -F
        iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE`,
    },
    {
      title: 'Add a route to your private network on the Internet',
      commands: 'ip -n outside route add 172.18.0.0/24 via 203.0.113.2',
    },
  ],
  explanation: `
    The requests of ns1 left the host with 172.18.0.2 as their source, and arrived. But this is a
    private address. Anybody may use the same one, so no machine on the Internet has a route to it.
    The answers could not come back. MASQUERADE replaces the source with the host's address and
    remembers the change. So the host can restore the address in the answer.`,
})
