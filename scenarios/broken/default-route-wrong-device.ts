// The broken network default-route-wrong-device: the default route of the host leads to db.
import { broken } from '../../lib/fix/index.ts'
import { answers, output, ping, shows } from '../../lib/scenario/index.ts'
import { cause } from './causes.ts'
import { far, reachesInternet, restOfTown } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'default-route-wrong-device',
  title: 'The host is cut off from the Internet, but not from its router',
  difficulty: 2,
  story: `
    Somebody tried a VPN in db and changed the host for it. Since then, neither the host nor any
    machine behind it reaches the Internet. The router next to the host, 203.0.113.1, still answers.`,
  topology: picture,
  network: town,
  servers: townServers,
  fault: `
    ip route replace default via 172.19.0.2`,
  cause: cause('default-route-wrong-device'),
  alternatives: [cause('forward-drop'), cause('no-masquerade'), cause('rp-filter')],
  hints: [
    'The router answers, but the Internet behind it does not. Which route of the host is for the router, and which one is for the Internet?',
    'Ask the kernel of the host which route it takes: ip route get 198.51.100.1',
    'The default route leads to db. It must lead to the router, 203.0.113.1, through eth0.',
  ],
  works: (nodes) => [
    {
      statement: 'the host reaches a server on the Internet',
      probe: ping(nodes.host, far),
      expectation: answers,
    },
    reachesInternet(nodes, 'ns1'),
    reachesInternet(nodes, 'db'),
    ...['192.0.2.7', '100.64.0.1'].map((address) => ({
      statement: `the host sends a packet for ${address} to its router`,
      probe: output(nodes.host)`ip route get ${address}`,
      expectation: shows('via 203.0.113.1 dev eth0'),
    })),
  ],
  unharmed: (nodes) => [
    ...restOfTown(nodes, 'host', 'ns1', 'ns2', 'db'),
    {
      statement: 'the host reaches db',
      probe: ping(nodes.host, '172.19.0.2'),
      expectation: answers,
    },
    {
      statement: 'the host reaches machines of its own network without a router',
      probe: output(nodes.host)`ip route get 203.0.113.77`,
      expectation: shows(/^203\.0\.113\.77 dev eth0/),
    },
  ],
  solutions: [
    {
      title: 'Set the default route to the router again',
      commands: 'ip route replace default via 203.0.113.1',
    },
    {
      title: 'A separate routing table for all addresses that only the default route matches',
      commands: `
        ip route add default via 203.0.113.1 table 100
        ip rule add pref 100 lookup main suppress_prefixlength 0
        ip rule add pref 101 lookup 100`,
    },
  ],
  destructive: [
    {
      title: 'A route for this server only: the rest of the Internet is still cut off',
      commands: 'ip route add 198.51.100.0/24 via 203.0.113.1',
    },
    {
      title: 'Delete a route too many: the host needs the router for its own network',
      commands: `
        ip route replace default via 203.0.113.1 onlink dev eth0
        ip route delete 203.0.113.0/24 dev eth0`,
    },
    {
      title: 'Delete the wrong device: db is cut off',
      commands: `
        ip link delete br1
        ip route add default via 203.0.113.1`,
    },
  ],
  explanation: `
    The host reaches 203.0.113.1 through the route that belongs to the address of eth0. For all
    other addresses it takes the default route, and that route led to db. db is not a router: it
    drops packets that are not for itself. One wrong default route on the host cuts off every
    machine behind it. 'ip route get' shows the decision that the kernel really makes, with all
    tables and rules.`,
})
