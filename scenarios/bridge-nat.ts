// The scenario bridge-nat: builds by hand what a container engine sets up: a bridge, routes, MASQUERADE and DNAT.
import { answers, curl, fails, ping, scenario, shows } from '../lib/scenario/index.ts'

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

  ending: {
    learnt: [
      'A container network is a bridge, a veth pair for each container, an address and a default route.',
      'The way out is forwarding and MASQUERADE; the way in is DNAT.',
      "'docker run -p 80:80' does no more than these 22 commands.",
    ],
    engine: [
      'docker run -d -p 80:80 --name web nginx: the same network in one command',
      'nsenter --net=/proc/PID/ns/net ip address: its eth0, the other end of a veth on docker0',
      'kubectl expose pod web --port=80 --type=NodePort: the published port of a cluster',
    ],
  },

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
          {
            why: 'The cables and the bridge are ready, but ns1 has no address and so no route. The kernel refuses at once.',
          },
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
        await check('ns1 reaches ns2', ping(ns1, '172.18.0.3'), answers, {
          why: 'Both namespaces are on one bridge and in one network. ns1 asks by ARP, and the bridge passes the frames on.',
        })
        await check('ns2 reaches ns1', ping(ns2, '172.18.0.2'), answers, {
          why: 'The other direction needs the same: ns2 has an address and its route to 172.18.0.0/24.',
        })
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
        await check('the host reaches ns1', ping(host, '172.18.0.2'), answers, {
          why: 'br0 has an address in this network, so the host has the route 172.18.0.0/24 dev br0. The bridge is now also an interface of the host.',
        })
        await check(
          "ns1 has no route to the host's outer address",
          ping(ns1, '203.0.113.2'),
          fails('Network is unreachable'),
          {
            why: '203.0.113.2 is the host too, but ns1 does not know that. It has no route to that network.',
          },
        )
        for (const ns of [ns1, ns2]) {
          await dialect({
            ip: () => ns.$`ip route add default via 172.18.0.1`,
            classic: () => ns.$`route add default gw 172.18.0.1`,
          })
        }
        await check("ns1 reaches the host's outer address", ping(ns1, '203.0.113.2'), answers, {
          why: 'The default route sends the packet to 172.18.0.1, which is the host. 203.0.113.2 is an address of the host itself, so nothing must be forwarded.',
        })
        await check("ns2 reaches the host's outer address", ping(ns2, '203.0.113.2'), answers, {
          why: 'Each namespace has its own routing table, so ns2 needed its own default route.',
        })
      },
    )

    await step(
      'The way out: MASQUERADE',
      `The host becomes a router. It replaces the source of outgoing packets with its own address,
      because no machine outside has a route to 172.18.0.0/24.`,
      async () => {
        await outside.serve(80)
        await host.$`sysctl -w net.ipv4.conf.all.forwarding=1`
        await check(
          'without MASQUERADE, ns1 gets no answer',
          ping(ns1, '198.51.100.1'),
          fails('no answer'),
          {
            why: 'The request leaves with the source 172.18.0.2, and outside has no route back. Forwarding alone is not enough.',
          },
        )
        await host.$`iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE`
        await check('ns1 reaches a server on the Internet', ping(ns1, '198.51.100.1'), answers, {
          why: "MASQUERADE gave the request the host's address. The answer came to the host, which restored the address of ns1.",
        })
        await check(
          "ns2 reads the page of that server, which sees the host's address",
          curl(ns2, 'http://198.51.100.1/'),
          shows('hello from outside: I see you as 203.0.113.2'),
          {
            why: 'The server sees 203.0.113.2, as for every container behind this host. Many containers share one address of the Internet.',
            question: {
              text: 'ns2 reads a page on the Internet. Which client does that server see?',
              shown: '203.0.113.2, the host',
              other: '172.18.0.3, ns2',
            },
          },
        )
      },
    )

    await step(
      'The way in: DNAT',
      `The host publishes its port 80 for ns1: packets for this port get another destination.
      '--dst-type LOCAL' limits the rule to the host's own addresses.`,
      async () => {
        await ns1.serve(80)
        await check(
          'no program listens on port 80 of the host',
          curl(outside, 'http://203.0.113.2/'),
          fails('Connection refused'),
          {
            why: 'The server runs in ns1, and not on the host. On port 80 of the host nothing listens yet.',
          },
        )
        await host.$`iptables -t nat -A PREROUTING -p tcp -m tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:80`
        await check(
          'outside reaches ns1 through the published port, and ns1 sees the real client',
          curl(outside, 'http://203.0.113.2/'),
          shows('hello from ns1: I see you as 203.0.113.1'),
          {
            why: 'DNAT led the connection to ns1 and left the source as it was. The answer goes back through the host, because it is the default gateway of ns1.',
            question: {
              text: 'Port 80 of the host leads to ns1. Which client does ns1 see when outside asks?',
              shown: '203.0.113.1, the real client',
              other: '203.0.113.2, the host',
            },
          },
        )
        await check(
          'ns1 still reads pages on the Internet',
          curl(ns1, 'http://198.51.100.1/'),
          shows('hello from outside'),
          {
            why: "The packet of ns1 is for 198.51.100.1, which is no address of the host. Without '--dst-type LOCAL', ns1 would read its own page here.",
          },
        )
      },
    )
  },
})
