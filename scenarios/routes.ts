// The scenario routes: shows that host and namespace each need a route to the other, and that the longest prefix wins.
import { answers, fails, output, ping, scenario, shows } from '../lib/scenario/index.ts'

export default scenario({
  name: 'routes',
  title: 'From the namespace to the host and back',
  about: `
    A machine looks in its routing table for every packet that it sends or forwards. The table gives
    the interface and the next hop, which is the next machine on the path. The answer is a packet
    too, and the other machine looks in its own table. Most networks that 'do not work' lack one of
    these two routes.`,
  topology: `
          ns1                                host
    +--------------+             +---------------------------+
    | veth1        |       veth0 | br0         eth0          |
    | 172.18.0.2   +-------------+ no address  203.0.113.2   +---- outside
    +--------------+             +---------------------------+
     default dev veth1            172.18.0.0/24 dev br0
                                  default via 203.0.113.1`,

  ending: {
    learnt: [
      'Request and answer each need a route: most broken networks lack the second one.',
      'The longest prefix wins, and the order in the table does not matter.',
      "'default dev X' asks for every address by ARP. To go further, a route needs a gateway: 'via ADDRESS'.",
    ],
    engine: [
      "docker inspect -f '{{json .NetworkSettings.Networks}}' web: its gateway, which is the host's bridge",
      'nsenter --net=/proc/PID/ns/net ip route get 198.51.100.1: the route that a container takes',
      "kubectl get nodes -o jsonpath='{.items[*].spec.podCIDR}': the ranges for which nodes need routes to each other",
    ],
  },

  async play({ host, namespace, step, check, dialect }) {
    const ns1 = namespace('ns1')

    await step(
      'A namespace on a bridge',
      'Build the same network as in the scenario bridge, with one namespace.',
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
        await check(
          'ns1 has no route to the host: 203.0.113.2 is not in its network',
          ping(ns1, '203.0.113.2'),
          fails('Network is unreachable'),
          {
            why: 'ns1 only has the route to 172.18.0.0/24 that came with its address. 203.0.113.2 is not in this range, so the kernel refuses at once.',
          },
        )
        await ns1.show`ip route`
        await host.show`ip route`
      },
    )

    await step(
      'A default route through a device',
      `'default dev veth1' means: every other address is directly reachable on this cable. Now the
      request reaches the host. For the answer, the host looks up 172.18.0.2 in its own table.`,
      async () => {
        await dialect({
          ip: () => ns1.$`ip route add default dev veth1`,
          classic: () => ns1.$`route add default dev veth1`,
        })
        await check(
          'ns1 sends the request, but no answer comes back',
          ping(ns1, '203.0.113.2'),
          fails('no answer'),
          {
            why: 'The request reaches the host. The host looks up 172.18.0.2, finds only its default route, and sends the answer to outside.',
          },
        )
        await check(
          'the host would send the answer to outside',
          output(host)`ip route get 172.18.0.2`,
          shows('via 203.0.113.1 dev eth0'),
          {
            why: 'The host has no route to 172.18.0.0/24, because br0 has no address. So the default route decides: via 203.0.113.1.',
            question: {
              text: 'Where does the host send its answer to 172.18.0.2?',
              shown: 'to outside, through eth0',
              other: 'to ns1, through br0',
            },
          },
        )
      },
    )

    await step(
      'The route back',
      `The host needs a route too: 172.18.0.0/24 is reachable through br0. The bridge has no address
      of its own. But Linux answers for any address of the host on any interface, so ns1 can use
      203.0.113.2.`,
      async () => {
        await dialect({
          ip: () => host.$`ip route add 172.18.0.0/24 dev br0`,
          classic: () => host.$`route add -net 172.18.0.0/24 dev br0`,
        })
        await check('ns1 reaches the host', ping(ns1, '203.0.113.2'), answers, {
          why: 'Both sides now have a route to each other. Linux answers for 203.0.113.2 on br0 too, because an address belongs to the whole machine.',
        })
        await check('the host reaches ns1', ping(host, '172.18.0.2'), answers, {
          why: 'The host uses its new route through br0 and asks by ARP for 172.18.0.2. Its source is 203.0.113.2, and ns1 reaches that by its default route.',
        })
        await check(
          'the host has a more specific route than its default route',
          output(host)`ip route get 172.18.0.2`,
          shows(/^172.18.0.2 dev br0/),
          {
            why: "172.18.0.0/24 is longer than the default route (/0), so it wins. Until now, the same question gave 'via 203.0.113.1'.",
            question: {
              text: 'The default route is still there. Which route does the host take to 172.18.0.2 now?',
              shown: 'the new one: dev br0',
              other: 'the default route: via 203.0.113.1',
            },
          },
        )
      },
    )

    await step(
      'The longest prefix wins',
      `This step adds a route for 172.18.0.2 alone (/32). Then three routes match this address:
      'default' (/0), 172.18.0.0/24 and the new one. The kernel takes the route with the longest
      prefix. The order in the table does not matter.`,
      async () => {
        await dialect({
          ip: () => host.$`ip route add unreachable 172.18.0.2/32`,
          classic: () => host.$`route add -host 172.18.0.2 reject`,
        })
        await check(
          'the /32 route wins over the /24 route, and it rejects the packet',
          ping(host, '172.18.0.2'),
          fails('No route to host'),
          {
            why: "The route for 172.18.0.2/32 is longer than that for /24. It says 'unreachable', so the kernel answers with an error and sends nothing.",
          },
        )
        await host.show`ip route`
        await dialect({
          ip: () => host.$`ip route del unreachable 172.18.0.2/32`,
          classic: () => host.$`route del -host 172.18.0.2 reject`,
        })
        await check(
          'without the /32 route, the kernel takes the /24 route again',
          ping(host, '172.18.0.2'),
          answers,
          {
            why: 'With the /32 route gone, the /24 route is the longest match again. The order of the table never mattered.',
          },
        )
      },
    )

    await step(
      'What is still missing',
      `For every address that is 'directly reachable', ns1 asks by ARP. Only the host is there to
      answer, and only for its own addresses. To reach the Internet, ns1 needs a next hop that has
      an address: a gateway. The next scenario adds it.`,
      async () => {
        await check(
          'no machine on the bridge answers for 198.51.100.1',
          ping(ns1, '198.51.100.1'),
          fails('no answer'),
          {
            why: "ns1 asks by ARP for 198.51.100.1, because its default route says 'directly reachable'. No machine on the bridge has that address, so nobody answers.",
          },
        )
        await check(
          'ns1 asked for the MAC address of 198.51.100.1 and got no answer',
          output(ns1)`ip neighbour show 198.51.100.1`,
          shows(/INCOMPLETE|FAILED/),
          {
            why: "The entry has no MAC address, because no answer came. That is the sign of a wrong 'directly reachable' route.",
            question: {
              text: 'What does the neighbour table of ns1 say about 198.51.100.1?',
              shown: 'an entry without a MAC address',
              other: 'the MAC address of the host',
            },
          },
        )
      },
    )
  },
})
