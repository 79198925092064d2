// default-route-wrong-device: the host sends the whole Internet into a side street.
import { broken } from '../../lib/fix/index.ts'
import { answers, ping } from '../../lib/scenario/index.ts'
import { cause } from './causes.ts'
import { far, reachesInternet } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'default-route-wrong-device',
  title: 'The host is cut off from the Internet, but not from its router',
  difficulty: 2,
  story: `
    Somebody tried a VPN in db and set up the host for it. Since then neither the host nor anybody
    behind it reaches the Internet. The router next door, 203.0.113.1, answers.`,
  topology: picture,
  network: town,
  servers: townServers,
  fault: `
    ip route replace default via 172.19.0.2`,
  cause: cause('default-route-wrong-device'),
  alternatives: [cause('forward-drop'), cause('no-masquerade'), cause('rp-filter')],
  hints: [
    'The router answers, what is behind it does not: which of the routes of the host is for the one, and which for the other?',
    'Ask the kernel of the host itself: ip route get 198.51.100.1',
    'The default route leads to db. It has to lead to the router, 203.0.113.1, by eth0.',
  ],
  works: (nodes) => [
    {
      statement: 'the host reaches a server on the Internet',
      probe: ping(nodes.host, far),
      expectation: answers,
    },
    reachesInternet(nodes, 'ns1'),
  ],
  unharmed: ({ host }) => [
    {
      statement: 'the host reaches db',
      probe: ping(host, '172.19.0.2'),
      expectation: answers,
    },
  ],
  solutions: [
    {
      title: 'The default route through the router again',
      commands: 'ip route replace default via 203.0.113.1',
    },
    {
      title: 'A table of its own that is asked first',
      commands: `
        ip route add default via 203.0.113.1 table 100
        ip rule add to 198.51.100.0/24 lookup 100`,
    },
  ],
  destructive: [
    {
      title: 'Take the wrong device away: db is cut off',
      commands: `
        ip link delete br1
        ip route add default via 203.0.113.1`,
    },
  ],
  explanation: `
    For 203.0.113.1 the host has a route of its own, from the address of eth0. For all else it takes the
    default route, and that led to db, which is no router and drops what is not for it. One wrong
    default route on the host cuts off everybody behind it; 'ip route get' shows the decision that the
    kernel makes, with all tables and rules, instead of what one thinks it should be.`,
})
