// The scenario bridge-nat: builds by hand what a container engine sets up: a bridge, routes, MASQUERADE and DNAT.
import { answers, curl, fails, log, ping, scenario, shows } from '../lib/scenario/index.ts'

export default scenario({
  name: 'bridge-nat',
  title: 'The complete path: bridge, routes, MASQUERADE and DNAT',
  about: `
    Build by hand the network that 'docker run -p 80:80' makes. Two containers (here only their
    network namespaces) are on one bridge. They reach each other, the host and the Internet. The
    Internet reaches one published port. Each part also has its own scenario, which explains it step
    by step.`,
  topology: `
         ns1
    +------------+             host                       outside
    | eth0       |    +------------------------+    +------------------+
    | 172.18.0.2 +----+ br0         eth0       |    | wan              |
    +------------+    | 172.18.0.1  203.0.113.2+----+ 203.0.113.1      |
         ns2          |                        |    |                  |
    +------------+    | MASQUERADE out of eth0 |    | lo 198.51.100.1, |
    | eth0       +----+ DNAT port 80 to ns1    |    | web server       |
    | 172.18.0.3 |    +------------------------+    +------------------+
    +------------+`,

  async play({ host, outside, namespace, step, check, dialect, journey }) {
    const [ns1, ns2] = [namespace('ns1'), namespace('ns2')]

    await step(
      'Two namespaces and a switch',
      `The bridge is a switch in software. A veth pair is the cable from the bridge to a namespace. A
      command after the prompt ns1$ runs in the namespace ns1. To run it from the host, put 'ip
      netns exec ns1' in front of it.`,
      async () => {
        await dialect({
          ip: () => host.$`ip link add br0 type bridge`,
          classic: () => host.$`brctl addbr br0`,
        })
        for (const [number, ns] of [ns1, ns2].entries()) {
          const port = `veth${number + 1}`
          await host.$`ip netns add ${ns}`
          await host.$`ip link add ${port} type veth peer name eth0 netns ${ns}`
          await dialect({
            ip: () => host.$`ip link set ${port} master br0`,
            classic: () => host.$`brctl addif br0 ${port}`,
          })
          await host.$`ip link set ${port} up`
        }
        await host.$`ip link set br0 up`
        await check(
          'without an address, ns1 has no route to ns2',
          ping(ns1, '172.18.0.3'),
          fails('Network is unreachable'),
        )
        for (const [ns, address] of [
          [ns1, '172.18.0.2/24'],
          [ns2, '172.18.0.3/24'],
        ] as const) {
          await dialect({
            ip: async () => {
              await ns.$`ip address add ${address} dev eth0`
              await ns.$`ip link set eth0 up`
            },
            classic: () => ns.$`ifconfig eth0 ${address} up`,
          })
        }
        await check('ns1 reaches ns2', ping(ns1, '172.18.0.3'), answers)
        await check('ns2 reaches ns1', ping(ns2, '172.18.0.2'), answers)
        await journey(ping(ns1, '172.18.0.3'))
      },
    )

    await step(
      'A gateway and default routes',
      `The bridge gets an address, so the host is a member of this network. The host is the gateway:
      the namespaces send it every packet for another network.`,
      async () => {
        await dialect({
          ip: () => host.$`ip address add 172.18.0.1/24 dev br0`,
          classic: () => host.$`ifconfig br0 172.18.0.1/24`,
        })
        await check('the host reaches ns1', ping(host, '172.18.0.2'), answers)
        await check(
          "ns1 has no route to the host's outer address",
          ping(ns1, '203.0.113.2'),
          fails('Network is unreachable'),
        )
        for (const ns of [ns1, ns2]) {
          await dialect({
            ip: () => ns.$`ip route add default via 172.18.0.1`,
            classic: () => ns.$`route add default gw 172.18.0.1`,
          })
        }
        await check("ns1 reaches the host's outer address", ping(ns1, '203.0.113.2'), answers)
        await check("ns2 reaches the host's outer address", ping(ns2, '203.0.113.2'), answers)
      },
    )

    await step(
      'The way out: MASQUERADE',
      `The host becomes a router. It replaces the source of outgoing packets with its own address,
      because no machine outside has a route to 172.18.0.0/24.`,
      async () => {
        const server = await outside.serve(80)
        await host.$`sysctl -w net.ipv4.conf.all.forwarding=1`
        await check(
          'without MASQUERADE, ns1 gets no answer',
          ping(ns1, '198.51.100.1'),
          fails('no answer'),
        )
        await host.$`iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE`
        await check('ns1 reaches a server on the Internet', ping(ns1, '198.51.100.1'), answers)
        await check(
          'ns2 reads the page of that server',
          curl(ns2, 'http://198.51.100.1/'),
          shows('hello from outside'),
        )
        await check("the server sees the host's address", log(server), shows('from 203.0.113.2'))
      },
    )

    await step(
      'The way in: DNAT',
      `The host publishes its port 80 for ns1: packets for this port get another destination.
      '--dst-type LOCAL' limits the rule to the host's own addresses.`,
      async () => {
        const server = await ns1.serve(80)
        await check(
          'no program listens on port 80 of the host',
          curl(outside, 'http://203.0.113.2/'),
          fails('Connection refused'),
        )
        await host.$`iptables -t nat -A PREROUTING -p tcp -m tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:80`
        await check(
          'outside reaches ns1 through the published port',
          curl(outside, 'http://203.0.113.2/'),
          shows('hello from ns1'),
        )
        await check('ns1 sees the real client', log(server), shows('from 203.0.113.1'))
        await check(
          'ns1 still reads pages on the Internet',
          curl(ns1, 'http://198.51.100.1/'),
          shows('hello from outside'),
        )
      },
    )
  },
})
