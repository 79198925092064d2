// The scenario routes-between-hosts: connects the containers of two machines by host routes, and shows when that is not enough.
import {
  answers,
  capture,
  fails,
  output,
  ping,
  scenario,
  shows,
  showsNo,
} from '../lib/scenario/index.ts'

export default scenario({
  name: 'routes-between-hosts',
  title: 'Two machines: a route to the containers of the other one',
  about: `
    Until now, all containers were on one machine. A cluster has several machines, and its
    containers should reach each other without published ports. The simplest way needs nothing new:
    each machine is a router for its own containers. So every machine gets a subnet of its own, and
    every other machine gets a route to it.

    The second machine is called host2. Both machines have eth0 on the same wire: a switch.`,
  topology: `
        c1               host                  host2               c2
    +----------+    +--------------+      +--------------+    +----------+
    | eth0     |    | veth1   eth0 |      | eth0   veth2 |    | eth0     |
    | 10.1.0.2 +----+ 10.1.0.1  .2 +------+ .12 10.2.0.1 +----+ 10.2.0.2 |
    +----------+    +--------------+      +--------------+    +----------+
                               203.0.113.0/24
                     10.2.0.0/24 via .12    10.1.0.0/24 via .2`,

  machines: 2,

  ending: {
    learnt: [
      'With a subnet for each machine, containers of two machines need only routes: one for each other machine, in both directions.',
      'The packet on the wire has the addresses of the containers and its full size: nothing is added.',
      'It is not enough where a router or a switch between the machines does not know these addresses, or refuses them.',
    ],
    engine: [
      'flannel with the backend host-gw: a route for each other machine, as here',
      'kubectl get nodes -o wide: the address of each machine, which is the next hop',
      'calico: the same routes, which the machines tell each other by BGP',
    ],
  },

  async play({ host, namespace, step, check, dialect, journey }) {
    const [host2, wire] = [namespace('host2'), namespace('switch')]
    const [c1, c2] = [namespace('c1'), namespace('c2')]
    const requests = capture(host2, 'eth0', 'icmp', ping(c1, '10.2.0.2'))

    await step(
      'A container on each machine',
      `Each machine has a subnet for its containers: 10.1.0.0/24 on host, 10.2.0.0/24 on host2. The
      machine's end of each veth pair gets the first address of the subnet. It will be the gateway.`,
      async () => {
        for (const [machine, container, number] of [
          [host, c1, 1],
          [host2, c2, 2],
        ] as const) {
          await machine.$`ip netns add ${container}`
          await machine.$`ip link add veth${number} type veth peer name eth0 netns ${container}`
          await dialect({
            ip: async () => {
              await machine.$`ip address add 10.${number}.0.1/24 dev veth${number}`
              await machine.$`ip link set veth${number} up`
              await container.$`ip address add 10.${number}.0.2/24 dev eth0`
              await container.$`ip link set eth0 up`
            },
            classic: async () => {
              await machine.$`ifconfig veth${number} 10.${number}.0.1/24 up`
              await container.$`ifconfig eth0 10.${number}.0.2/24 up`
            },
          })
        }
        await check(
          'c1 has no route to c2: 10.2.0.2 is not in its subnet',
          ping(c1, '10.2.0.2'),
          fails('Network is unreachable'),
          {
            why: 'c1 only has the route to 10.1.0.0/24 that came with its address. For 10.2.0.2 there is none, so the kernel refuses at once.',
          },
        )
      },
    )

    await step(
      'Each machine is a router for its containers',
      `The containers get a default route to their machine, and the machines forward. Now every
      packet of c1 reaches host. Where does host send a packet for 10.2.0.2?`,
      async () => {
        for (const [machine, container, number] of [
          [host, c1, 1],
          [host2, c2, 2],
        ] as const) {
          await dialect({
            ip: () => container.$`ip route add default via 10.${number}.0.1`,
            classic: () => container.$`route add default gw 10.${number}.0.1`,
          })
          await machine.$`sysctl -w net.ipv4.conf.all.forwarding=1`
        }
        await check(
          'host would send it to outside, by its default route',
          output(host)`ip route get 10.2.0.2`,
          shows('via 203.0.113.1 dev eth0'),
          {
            why: 'host knows 10.1.0.0/24 and its wire. Every other address goes to the default gateway, and host does not know that host2 has this subnet.',
            question: {
              text: 'Where does host send a packet for 10.2.0.2?',
              shown: 'to outside, its default gateway',
              other: 'to host2, which is on the same wire',
            },
          },
        )
        await check('no request reaches host2', requests, showsNo('10.1.0.2 > 10.2.0.2'), {
          why: 'The switch carries the request to outside, because its frame has the MAC address of outside. host2 does not see it.',
          question: {
            text: 'c1 pings c2. Does the request arrive at host2?',
            shown: 'yes, it is on the same wire',
            other: 'no',
          },
        })
        await check('c1 gets no answer', ping(c1, '10.2.0.2'), fails('no answer'), {
          why: 'outside is a router of the Internet, and it has no route to private addresses. It drops the request.',
        })
      },
    )

    await step(
      'A route to the other machine',
      `host gets a route: the subnet 10.2.0.0/24 is behind host2. The next hop must be on the same
      wire, because host asks for its MAC address by ARP.`,
      async () => {
        await dialect({
          ip: () => host.$`ip route add 10.2.0.0/24 via 203.0.113.12`,
          classic: () => host.$`route add -net 10.2.0.0/24 gw 203.0.113.12`,
        })
        await check(
          'host sends packets for c2 to host2',
          output(host)`ip route get 10.2.0.2`,
          shows('via 203.0.113.12 dev eth0'),
          {
            why: '10.2.0.0/24 is longer than the default route, so it wins. The next hop is now host2.',
            question: {
              text: 'Where does host send a packet for 10.2.0.2 now?',
              shown: 'to host2',
              other: 'to outside, as before',
            },
          },
        )
        await check(
          'the request of c1 reaches host2, with the addresses of the containers',
          requests,
          shows('10.1.0.2 > 10.2.0.2: ICMP echo request'),
          {
            why: 'host forwards the packet and changes neither of its addresses. On the wire, only the MAC addresses are those of the machines.',
            question: {
              text: 'Which packet does host2 see at eth0?',
              shown: 'one from 10.1.0.2 to 10.2.0.2',
              other: 'none from 10.1.0.2',
            },
          },
        )
        await check('c1 gets no answer', ping(c1, '10.2.0.2'), fails('no answer'), {
          why: 'c2 answers. But host2 has no route to 10.1.0.0/24 and sends the answer to outside, which drops it.',
        })
        await dialect({
          ip: () => host2.$`ip route add 10.1.0.0/24 via 203.0.113.2`,
          classic: () => host2.$`route add -net 10.1.0.0/24 gw 203.0.113.2`,
        })
        await check('with the route back, c1 reaches c2', ping(c1, '10.2.0.2'), answers, {
          why: 'Both machines now know the subnet of the other one. The packet passes two routers: its ttl of 64 arrives as 62.',
        })
        await journey(ping(c1, '10.2.0.2'))
      },
    )

    await step(
      'The network between the machines',
      `The packets on the wire have addresses that only the machines know. Many clouds and data
      centres refuse such packets: their switches accept only the addresses that they gave to the
      machines. This rule on the switch does the same.`,
      async () => {
        await wire.$`nft 'add table bridge cloud; add chain bridge cloud forward { type filter hook forward priority 0; }'`
        await wire.$`nft add rule bridge cloud forward ip saddr 10.0.0.0/8 drop`
        await check(
          'no request with the address of a container reaches host2',
          requests,
          showsNo('10.1.0.2 > 10.2.0.2'),
          {
            why: 'The switch looks at the source address of each packet. 10.1.0.2 is none of the addresses that belong to this wire.',
            question: {
              text: 'The routes are still there. Does the request arrive at host2?',
              shown: 'yes, the routes decide',
              other: 'no, the switch drops it',
            },
          },
        )
        await check('c1 gets no answer', ping(c1, '10.2.0.2'), fails('no answer'), {
          why: 'Routes on the machines do not help, because the network between them decides. The next scenario puts the packet into another one, with the addresses of the machines.',
        })
        await wire.$`nft delete table bridge cloud`
        await check('without this rule, c1 reaches c2 again', ping(c1, '10.2.0.2'), answers, {
          why: 'Nothing else has changed. Host routes are enough where the network between the machines carries every address.',
        })
      },
    )
  },
})
