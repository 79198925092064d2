// The scenario masquerade: turns on forwarding, then shows that answers come back only with MASQUERADE.
import {
  answers,
  capture,
  curl,
  fails,
  output,
  ping,
  scenario,
  shows,
  showsNo,
} from '../lib/scenario/index.ts'

export default scenario({
  name: 'masquerade',
  title: 'How a private network reaches the Internet',
  about: `
    172.18.0.0/24 is a private range (RFC 1918). Anybody may use it, so no machine on the Internet
    has a route to it. A packet can leave, but the answer cannot come back.

    Masquerading solves this. It is a form of NAT (network address translation). The host replaces
    the sender's address with its own, and remembers the connection (connection tracking,
    conntrack). When the answer arrives, the host restores the original address.`,
  topology: `
         ns1                   host                          outside
    +------------+   +----------------------+   +-----------------------------+
    | veth1      |   | br0          eth0    |   | wan                         |
    | 172.18.0.2 +---+ 172.18.0.1   203.0.  +---+ 203.0.113.1                 |
    |            |   |              113.2   |   | lo 198.51.100.1, web server |
    +------------+   +----------------------+   +-----------------------------+
     default via      MASQUERADE on the way      no route to 172.18.0.0/24
     172.18.0.1       out of eth0`,

  ending: {
    learnt: [
      'A host forwards only if the sysctl says so, and then it changes no addresses.',
      'A private source address gets no answer from the Internet, because nobody has a route back.',
      "MASQUERADE gives packets the host's address, and connection tracking restores it in the answers.",
    ],
    engine: [
      "iptables -t nat -S POSTROUTING: Docker's rule is '-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE'",
      'conntrack -L --src-nat: the connections whose source was changed',
      "kubectl exec POD -- curl -s ifconfig.me: the Internet sees the node's address, and not the pod's",
    ],
  },

  async play({ host, outside, namespace, step, check, dialect, journey }) {
    const ns1 = namespace('ns1')

    await step(
      'A namespace behind a bridge',
      'Build the same network as before: a cable, a bridge and an address.',
      async () => {
        await host.$`ip netns add ns1`
        await host.$`ip link add veth0 type veth peer name veth1 netns ns1`
        await dialect({
          ip: async () => {
            await host.$`ip link add br0 type bridge`
            await host.$`ip link set veth0 master br0 up`
          },
          classic: async () => {
            await host.$`brctl addbr br0`
            await host.$`brctl addif br0 veth0`
            await host.$`ifconfig veth0 up`
          },
        })
        await dialect({
          ip: async () => {
            await ns1.$`ip address add 172.18.0.2/24 dev veth1`
            await ns1.$`ip link set veth1 up`
          },
          classic: () => ns1.$`ifconfig veth1 172.18.0.2/24 up`,
        })
      },
    )

    await step(
      'A gateway',
      `Give the bridge an address: in this network, the host is now 172.18.0.1. The default route of
      ns1 sends every packet for another network there.`,
      async () => {
        await check(
          'ns1 has no route to 198.51.100.1',
          ping(ns1, '198.51.100.1'),
          fails('Network is unreachable'),
          {
            why: 'ns1 only has the route to its own network. So the kernel refuses before it sends a packet.',
          },
        )
        await dialect({
          ip: async () => {
            await host.$`ip address add 172.18.0.1/24 dev br0`
            await host.$`ip link set br0 up`
          },
          classic: () => host.$`ifconfig br0 172.18.0.1/24 up`,
        })
        await dialect({
          ip: () => ns1.$`ip route add default via 172.18.0.1`,
          classic: () => ns1.$`route add default gw 172.18.0.1`,
        })
        await check('ns1 reaches the gateway', ping(ns1, '172.18.0.1'), answers, {
          why: '172.18.0.1 is in the network of ns1, and the host has this address on br0. No router is needed for that.',
        })
      },
    )

    await step(
      'Forwarding',
      `A Linux host drops packets that are not for itself. It forwards them, like a router, only if
      forwarding is on. Forwarding is a sysctl, which is a setting of the kernel.`,
      async () => {
        await check(
          'without forwarding, no packet of ns1 leaves the host',
          capture(outside, 'wan', 'icmp', ping(ns1, '198.51.100.1')),
          showsNo('172.18.0.2'),
          {
            why: 'The packet arrives at br0, but it is not for the host itself. With forwarding off, the kernel drops it without a message.',
            question: {
              text: 'Forwarding is off. What does the interface wan of outside see when ns1 pings?',
              shown: 'the request of ns1',
              other: 'nothing',
            },
          },
        )
        await host.$`sysctl -w net.ipv4.conf.all.forwarding=1`
        await check(
          'with forwarding, the request arrives outside with the source 172.18.0.2',
          capture(outside, 'wan', 'icmp', ping(ns1, '198.51.100.1')),
          shows('172.18.0.2 > 198.51.100.1: ICMP echo request'),
          {
            why: 'With forwarding on, the host looks up 198.51.100.1 and sends the packet out of eth0. The source address stays 172.18.0.2: a router changes no addresses.',
            question: {
              text: 'What happens with forwarding on?',
              shown: 'the request arrives outside, from 172.18.0.2',
              other: 'nothing arrives outside',
            },
          },
        )
        await check(
          'outside sends no answer',
          capture(outside, 'wan', 'icmp', ping(ns1, '198.51.100.1')),
          showsNo('echo reply'),
          {
            why: 'outside has received the request, but it has no route to 172.18.0.0/24. So it has no way to send an answer.',
            question: {
              text: 'outside has received the request. Does it answer?',
              shown: 'yes',
              other: 'no',
            },
          },
        )
        await journey(ping(ns1, '198.51.100.1'))
        // outside has no route to 172.18.0.0/24 and no default route.
        await outside.show`ip route`
      },
    )

    await step(
      'MASQUERADE',
      `The rule matches packets from our network that leave through eth0, and gives them the address
      of eth0 as their source. It is in the chain POSTROUTING. Packets pass this chain after the
      routing decision, when the outgoing interface is known.`,
      async () => {
        await host.$`iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE`
        await check('ns1 reaches 198.51.100.1', ping(ns1, '198.51.100.1'), answers, {
          why: 'The host replaces the source by 203.0.113.2, to which outside has a route. When the answer arrives, the host restores 172.18.0.2.',
        })
        await check(
          'outside sees the address of the host as the source',
          capture(outside, 'wan', 'icmp', ping(ns1, '198.51.100.1')),
          shows('203.0.113.2 > 198.51.100.1: ICMP echo request'),
          {
            why: 'MASQUERADE works in POSTROUTING, just before the packet leaves through eth0. On the way back, connection tracking undoes it.',
            question: {
              text: 'Which source address does outside see now?',
              shown: '203.0.113.2, that of the host',
              other: '172.18.0.2, that of ns1',
            },
          },
        )
        await journey(ping(ns1, '198.51.100.1'))
        await outside.serve(80)
        await check(
          'ns1 fetches a web page, and the server sees the address of the host',
          curl(ns1, 'http://198.51.100.1/'),
          shows('hello from outside: I see you as 203.0.113.2'),
          {
            why: 'The rule also applies to TCP: the server saw 203.0.113.2 as its client. It cannot know that ns1 exists.',
            question: {
              text: 'ns1 reads a web page. Which client does the server see?',
              shown: '203.0.113.2, the host',
              other: '172.18.0.2, ns1',
            },
          },
        )
        await check(
          'the host remembers which connection the answers belong to',
          output(host)`conntrack -L -p tcp --src 172.18.0.2`,
          shows(/src=172.18.0.2 dst=198.51.100.1 .* src=198.51.100.1 dst=203.0.113.2/),
          {
            why: 'The first half of the entry is the request, the second half is the answer that the kernel expects. It comes to 203.0.113.2, and that is how the kernel finds ns1 again.',
            question: {
              text: 'How does the host know that an answer is for ns1?',
              shown: 'it remembers both address pairs of the connection',
              other: 'it sends answers to all namespaces',
            },
          },
        )
        await host.show`conntrack -L -p tcp --src 172.18.0.2`
      },
    )
  },
})
