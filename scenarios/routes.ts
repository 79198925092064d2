// routes: who is reached through what. The routing tables of a host and of a namespace, and why the longest prefix wins.
import { answers, fails, output, ping, scenario, shows } from '../lib/scenario/index.ts'

export default scenario({
  name: 'routes',
  title: 'From the namespace to the host and back',
  about: `
    For every packet that it sends or passes on, a machine asks its routing table: which interface,
    and which next hop? An answer is a packet too, and the other machine asks its own table. Most
    networks that 'do not work' lack one of the two routes.`,
  topology: `
          ns1                                host
    +--------------+             +---------------------------+
    | veth1        |       veth0 | br0         eth0          |
    | 172.18.0.2   +-------------+ no address  203.0.113.2   +---- outside
    +--------------+             +---------------------------+
     default dev veth1            172.18.0.0/24 dev br0
                                  default via 203.0.113.1`,

  async play({ host, namespace, step, check, dialect }) {
    const ns1 = namespace('ns1')

    await step(
      'A namespace on a bridge',
      'As in the scenario before, with one namespace.',
      async () => {
        await host.$`ip netns add ns1`
        await host.$`ip link add veth0 type veth peer name veth1 netns ns1`
        await dialect({
          ip: async () => {
            await host.$`ip link add br0 type bridge`
            await host.$`ip link set veth0 master br0`
          },
          classic: async () => {
            await host.$`brctl addbr br0`
            await host.$`brctl addif br0 veth0`
          },
        })
        await host.$`ip link set veth0 up`
        await host.$`ip link set br0 up`
        await dialect({
          ip: async () => {
            await ns1.$`ip address add 172.18.0.2/24 dev veth1`
            await ns1.$`ip link set veth1 up`
          },
          classic: () => ns1.$`ifconfig veth1 172.18.0.2/24 up`,
        })
        await ns1.show`ip route`
        await host.show`ip route`
        await check(
          'the namespace has no route to the host: 203.0.113.2 is in none of its networks',
          ping(ns1, '203.0.113.2'),
          fails('Network is unreachable'),
        )
      },
    )

    await step(
      'A default route by device',
      `'default dev veth1': everything else is out there on this cable, too. The request now reaches the
      host. But the host looks for 172.18.0.2 in its own table, finds only its default route, and
      sends the answer to outside.`,
      async () => {
        await dialect({
          ip: () => ns1.$`ip route add default dev veth1`,
          classic: () => ns1.$`route add default dev veth1`,
        })
        await check(
          'the request has a route, the answer does not come',
          ping(ns1, '203.0.113.2'),
          fails('no answer'),
        )
        await check(
          'the host would send it the wrong way',
          output(host)`ip route get 172.18.0.2`,
          shows('via 203.0.113.1 dev eth0'),
        )
      },
    )

    await step(
      'The way back',
      `One route by device on the host as well. The bridge has no address of its own: Linux answers to
      any of the host's addresses on any interface, so 203.0.113.2 serves here too.`,
      async () => {
        await dialect({
          ip: () => host.$`ip route add 172.18.0.0/24 dev br0`,
          classic: () => host.$`route add -net 172.18.0.0/24 dev br0`,
        })
        await check('the namespace reaches the host', ping(ns1, '203.0.113.2'), answers)
        await check('the host reaches the namespace', ping(host, '172.18.0.2'), answers)
        await check(
          'the host now has a better route than its default',
          output(host)`ip route get 172.18.0.2`,
          shows(/^172.18.0.2 dev br0/),
        )
      },
    )

    await step(
      'The longest prefix wins',
      `Three routes match 172.18.0.2 now: 'default' (/0), 172.18.0.0/24, and the one to come, for this
      address alone (/32). The order in the table does not matter, only the length.`,
      async () => {
        await dialect({
          ip: () => host.$`ip route add unreachable 172.18.0.2/32`,
          classic: () => host.$`route add -host 172.18.0.2 reject`,
        })
        await host.show`ip route`
        await check(
          'a /32 beats the /24, although the /24 would work',
          ping(host, '172.18.0.2'),
          fails('No route to host'),
        )
        await dialect({
          ip: () => host.$`ip route del unreachable 172.18.0.2/32`,
          classic: () => host.$`route del -host 172.18.0.2 reject`,
        })
        await check('without it the /24 is the longest again', ping(host, '172.18.0.2'), answers)
      },
    )

    await step(
      'What is still missing',
      `Everything that is 'on the cable' is asked for by ARP, and only the host is there to answer, for its
      own addresses. For the Internet somebody must be the next hop: a gateway, with an address. That
      is the next scenario.`,
      async () => {
        await check(
          'nobody on the bridge answers for 198.51.100.1',
          ping(ns1, '198.51.100.1'),
          fails('no answer'),
        )
        await check(
          'its MAC address was asked for, in vain',
          output(ns1)`ip neighbour show 198.51.100.1`,
          shows(/INCOMPLETE|FAILED/),
        )
      },
    )
  },
})
