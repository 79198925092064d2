// The scenario veth-pair: connects two namespaces by a cable and shows that cable, address and route are each needed.
import { answers, fails, ping, scenario, shows, output } from '../lib/scenario/index.ts'

export default scenario({
  name: 'veth-pair',
  title: 'A cable between two network namespaces',
  about: `
    A network namespace is a second network stack on the same machine, with its own interfaces,
    addresses, routes and firewall rules. A new namespace is empty and connected to nothing. A veth
    pair (virtual Ethernet) is a cable: what enters one end leaves the other end. Each end can be
    moved into another namespace. Every container network starts with these two.`,
  topology: `
            ns1                              ns2
    +--------------------+           +--------------------+
    | lo     192.0.2.1   |           | lo     192.0.2.2   |
    | veth0  172.18.0.2  +-----------+ veth1  172.18.0.3  |
    +--------------------+           +--------------------+`,

  ending: {
    learnt: [
      'A namespace has its own interfaces, addresses, routes and rules, and at first only lo, which is down.',
      'A cable alone is not enough: each end needs to be up and to have an address.',
      'An address brings a route to its own network. All other addresses need another route, on both sides.',
    ],
    engine: [
      "docker inspect -f '{{.State.Pid}}' web: the process whose namespace it is",
      'nsenter --net=/proc/PID/ns/net ip address: the interfaces in that namespace',
      'kubectl exec POD -- ip route: the same view from inside a pod',
    ],
  },

  async play({ host, namespace, step, check, dialect }) {
    const ns1 = namespace('ns1')
    const ns2 = namespace('ns2')

    await step(
      'Two empty networks',
      `A command after the prompt ns1$ runs in the namespace ns1. To run it from the host, put 'ip
      netns exec ns1' in front of it.`,
      async () => {
        await host.$`ip netns add ns1`
        await host.$`ip netns add ns2`
        await check(
          'a new namespace has only a loopback interface (lo), which is down and has no address',
          output(ns1)`ip -brief address`,
          shows(/^lo +DOWN *$/),
          {
            why: 'The kernel gives each new namespace its own loopback interface, and nothing else. It is down, so not even ping 127.0.0.1 works there.',
            question: {
              text: 'What does a new namespace have?',
              shown: 'only lo, down and without an address',
              other: 'lo with 127.0.0.1, ready to use',
            },
          },
        )
        await ns1.show`ip link`
      },
    )

    await step(
      'A cable between the two',
      `Create the pair on the host, then move each end into its namespace. After that, the host no
      longer sees the two ends.`,
      async () => {
        await host.$`ip link add veth0 type veth peer name veth1`
        await host.show`ip -brief link show type veth`
        await host.$`ip link set veth0 netns ns1`
        await host.$`ip link set veth1 netns ns2`
        await check(
          'the cable is not enough: without an address, ns1 has no route to ns2',
          ping(ns1, '172.18.0.3'),
          fails('Network is unreachable'),
          {
            why: 'ns1 has no address, so its routing table is empty. Without a route, the kernel refuses at once and sends no packet.',
          },
        )
        await ns1.show`ip -brief link`
      },
    )

    await step(
      'An address at each end',
      `An address with its prefix length (/24) does two things. The interface answers for this
      address. The kernel also adds a route: 172.18.0.0/24 is directly reachable through this
      interface. The interface must also be up.`,
      async () => {
        await dialect({
          ip: async () => {
            await ns1.$`ip address add 172.18.0.2/24 dev veth0`
            await ns1.$`ip link set veth0 up`
          },
          classic: () => ns1.$`ifconfig veth0 172.18.0.2/24 up`,
        })
        await dialect({
          ip: async () => {
            await ns2.$`ip address add 172.18.0.3/24 dev veth1`
            await ns2.$`ip link set veth1 up`
          },
          classic: () => ns2.$`ifconfig veth1 172.18.0.3/24 up`,
        })
        await check('ns1 reaches ns2', ping(ns1, '172.18.0.3'), answers, {
          why: 'Both ends are up, and both addresses are in 172.18.0.0/24. The route that came with the address says that ns2 is directly reachable through veth0.',
        })
        await check('ns2 reaches ns1', ping(ns2, '172.18.0.2'), answers, {
          why: 'The cable works in both directions. ns2 has its own address, and so its own route to 172.18.0.0/24.',
        })
        // After the pings: until the kernel has noticed that both ends are up, it marks the route 'linkdown'.
        await ns1.show`ip route`
      },
    )

    await step(
      'A default route through a device',
      `The route to 172.18.0.0/24 does not cover other addresses. Give each side a second address
      outside that range. 'default dev veth0' means: every other address is directly reachable on
      this cable. The kernel then asks on the cable which machine has the address (ARP, Address
      Resolution Protocol).`,
      async () => {
        await ns1.$`ip address add 192.0.2.1/32 dev lo`
        await ns2.$`ip address add 192.0.2.2/32 dev lo`
        await check(
          'ns1 has no route to 192.0.2.2',
          ping(ns1, '192.0.2.2'),
          fails('Network is unreachable'),
          {
            why: '192.0.2.2 is outside of 172.18.0.0/24, and ns1 has no other route. So the kernel refuses before it sends anything.',
          },
        )
        await dialect({
          ip: () => ns1.$`ip route add default dev veth0`,
          classic: () => ns1.$`route add default dev veth0`,
        })
        await check(
          'with a default route, ns1 reaches 192.0.2.2',
          ping(ns1, '192.0.2.2'),
          answers,
          {
            why: 'The default route sends every other address out of veth0. There, ns1 asks by ARP for 192.0.2.2, and ns2 answers because the address is its own. The answer comes back to 172.18.0.2, for which ns2 has a route.',
          },
        )
        await check(
          'ns2 has no route to 192.0.2.1 yet',
          ping(ns2, '192.0.2.1'),
          fails('Network is unreachable'),
          {
            why: 'Each namespace has its own routing table. Your default route in ns1 changed nothing in ns2.',
          },
        )
        await dialect({
          ip: () => ns2.$`ip route add default dev veth1`,
          classic: () => ns2.$`route add default dev veth1`,
        })
        await check(
          'with a default route of its own, ns2 reaches 192.0.2.1',
          ping(ns2, '192.0.2.1'),
          answers,
          {
            why: 'Now ns2 has a default route of its own. Both directions need a route, because an answer is a packet too.',
          },
        )
      },
    )
  },
})
