// veth: the cable. Two namespaces, one cable between them, and what each of its three conditions is for.
import { answers, fails, ping, scenario, shows, output } from '../lib/scenario/index.ts'

export default scenario({
  name: 'veth-pair',
  title: 'A cable between two network namespaces',
  about: `
    A network namespace is a machine's whole network once more: interfaces, addresses, routes and
    firewall of its own. A new one is empty and connected to nothing. A veth pair is a cable: what
    goes in at one end comes out at the other, and each end can be put into another namespace.
    Every container begins with these two.`,
  topology: `
            ns1                              ns2
    +--------------------+           +--------------------+
    | lo     192.0.2.1   |           | lo     192.0.2.2   |
    | veth0  172.18.0.2  +-----------+ veth1  172.18.0.3  |
    +--------------------+           +--------------------+`,

  async play({ host, namespace, step, check, dialect }) {
    const ns1 = namespace('ns1')
    const ns2 = namespace('ns2')

    await step(
      'Two empty networks',
      `Where the prompt says ns1$, the command runs in that namespace: on the host, put
      'ip netns exec ns1' in front of it.`,
      async () => {
        await host.$`ip netns add ns1`
        await host.$`ip netns add ns2`
        await ns1.show`ip link`
        await check(
          'a new namespace has a loopback interface, which is down, and no address',
          output(ns1)`ip -brief address`,
          shows(/^lo +DOWN *$/),
        )
      },
    )

    await step(
      'A cable from one to the other',
      `Both ends are made on the host, and then each is moved into its namespace. From then on the
      host does not see them any more.`,
      async () => {
        await host.$`ip link add veth0 type veth peer name veth1`
        await host.show`ip -brief link show type veth`
        await host.$`ip link set veth0 netns ns1`
        await host.$`ip link set veth1 netns ns2`
        await ns1.show`ip -brief link`
        await check(
          'the cable alone is not enough: ns1 has no address and so no route to anywhere',
          ping(ns1, '172.18.0.3'),
          fails('Network is unreachable'),
        )
      },
    )

    await step(
      'An address at each end',
      `An address with its prefix length does two things: the end answers to it, and a route appears
      that says 'all of 172.18.0.0/24 is reached through this cable'. The end must also be up.`,
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
        await ns1.show`ip route`
        await check('ns1 reaches ns2', ping(ns1, '172.18.0.3'), answers)
        await check('ns2 reaches ns1', ping(ns2, '172.18.0.2'), answers)
      },
    )

    await step(
      'A default route by device',
      `The route to 172.18.0.0/24 says nothing of other addresses. Give each side one more, outside of
      that range. 'default dev veth0' says: whatever it is, ask for it on this cable (by ARP).`,
      async () => {
        await ns1.$`ip address add 192.0.2.1/32 dev lo`
        await ns2.$`ip address add 192.0.2.2/32 dev lo`
        await check(
          'ns1 has no route to 192.0.2.2',
          ping(ns1, '192.0.2.2'),
          fails('Network is unreachable'),
        )
        await dialect({
          ip: () => ns1.$`ip route add default dev veth0`,
          classic: () => ns1.$`route add default dev veth0`,
        })
        await check('now it does, and ns2 answers', ping(ns1, '192.0.2.2'), answers)
        await check(
          'ns2 has no such route yet',
          ping(ns2, '192.0.2.1'),
          fails('Network is unreachable'),
        )
        await dialect({
          ip: () => ns2.$`ip route add default dev veth1`,
          classic: () => ns2.$`route add default dev veth1`,
        })
        await check('and with it, the other direction', ping(ns2, '192.0.2.1'), answers)
      },
    )
  },
})
