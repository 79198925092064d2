// The scenario dnat: publishes a port of a namespace and shows the two traps of the rule that most tutorials use.
import { curl, fails, scenario, shows } from '../lib/scenario/index.ts'

export default scenario({
  name: 'dnat',
  title: 'How the Internet reaches a server in a namespace',
  about: `
    No machine outside has a route to 172.18.0.2, but every machine can reach the host. So the host
    publishes one of its ports. It gives a packet for its port 80 another destination (DNAT,
    destination NAT) before it looks in its routing table. This is the core of 'docker run -p
    80:80'.

    The rule in most tutorials lacks one condition, and it does not cover every path. This scenario
    shows both problems and how to solve them.`,
  topology: `
        ns1                       host                     outside
    +------------+     +----------------------------+    +---------------+
    | veth1      |     | br0           eth0         |    | wan           |
    | 172.18.0.2 +-----+ 172.18.0.1    203.0.113.2  +----+ 203.0.113.1   |
    | web server |     |                  port 80   |    | 198.51.100.1: |
    +------------+     |                            |    | web server    |
        ns2            |                            |    +---------------+
    +------------+     |                            |
    | eth0       +-----+ veth2 172.19.0.1           |
    | 172.19.0.2 |     +----------------------------+
    +------------+`,

  ending: {
    learnt: [
      'DNAT in PREROUTING changes the destination before the routing decision, so the packet is forwarded.',
      "The rule needs '--dst-type LOCAL', or it hijacks connections that only pass through the host.",
      'Packets of the host itself pass OUTPUT, and localhost also needs route_localnet and MASQUERADE.',
    ],
    engine: [
      "docker inspect -f '{{json .NetworkSettings.Ports}}' web: the published ports",
      "iptables -t nat -S DOCKER: Docker's DNAT rules, which PREROUTING and OUTPUT call with '--dst-type LOCAL'",
      'kubectl get service web: a Service is DNAT too, from its cluster address to a pod',
    ],
  },

  async play({ host, outside, namespace, step, check, dialect, journey }) {
    const [ns1, ns2] = [namespace('ns1'), namespace('ns2')]

    await step(
      'A web server in a namespace',
      'Build the same network as before, and start a web server in ns1.',
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
            await host.$`ip address add 172.18.0.1/24 dev br0`
            await host.$`ip link set br0 up`
          },
          classic: () => host.$`ifconfig br0 172.18.0.1/24 up`,
        })
        await dialect({
          ip: async () => {
            await ns1.$`ip address add 172.18.0.2/24 dev veth1`
            await ns1.$`ip link set veth1 up`
          },
          classic: () => ns1.$`ifconfig veth1 172.18.0.2/24 up`,
        })
        await dialect({
          ip: () => ns1.$`ip route add default via 172.18.0.1`,
          classic: () => ns1.$`route add default gw 172.18.0.1`,
        })
        await ns1.serve(80)
        await check(
          'the host reaches the server in ns1',
          curl(host, 'http://172.18.0.2/'),
          shows('hello from ns1'),
          {
            why: 'The host has a route to 172.18.0.0/24 through br0. It talks to the server directly, without NAT.',
          },
        )
        await check(
          'outside can only ask the host, and no program listens on port 80 there',
          curl(outside, 'http://203.0.113.2/'),
          fails('Connection refused'),
          {
            why: 'For outside, the host is the only machine with an address that it can reach. On the host itself, nothing listens on port 80, so the kernel refuses the connection.',
          },
        )
      },
    )

    await step(
      'DNAT',
      `Packets pass PREROUTING before the routing decision. With its new destination, the packet is
      no longer for the host itself, so the host must forward it. Connection tracking restores the
      addresses in the answers.`,
      async () => {
        await host.$`sysctl -w net.ipv4.conf.all.forwarding=1`
        await host.$`iptables -t nat -A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80`
        await check(
          'outside reaches the server, which sees the real client: only the destination was changed',
          curl(outside, 'http://203.0.113.2/'),
          shows('hello from ns1: I see you as 203.0.113.1'),
          {
            why: 'DNAT replaced only the destination, in PREROUTING. The source stayed 203.0.113.1, so the server sees the real client.',
            question: {
              text: 'A client outside asks port 80 of the host. Which client does the server in ns1 see?',
              shown: '203.0.113.1, the real client',
              other: 'the host, or it sees no request',
            },
          },
        )
        await journey(curl(outside, 'http://203.0.113.2/'))
      },
    )

    await step(
      'First trap: connections to other servers on port 80',
      `The rule has no condition for the destination address. ns2 is on another network. It only
      sends packets through the host, to a server on the Internet. These packets also have the
      destination port 80.`,
      async () => {
        await host.$`ip netns add ns2`
        await host.$`ip link add veth2 type veth peer name eth0 netns ns2`
        await dialect({
          ip: async () => {
            await host.$`ip address add 172.19.0.1/24 dev veth2`
            await host.$`ip link set veth2 up`
          },
          classic: () => host.$`ifconfig veth2 172.19.0.1/24 up`,
        })
        await dialect({
          ip: async () => {
            await ns2.$`ip address add 172.19.0.2/24 dev eth0`
            await ns2.$`ip link set eth0 up`
          },
          classic: () => ns2.$`ifconfig eth0 172.19.0.2/24 up`,
        })
        await dialect({
          ip: () => ns2.$`ip route add default via 172.19.0.1`,
          classic: () => ns2.$`route add default gw 172.19.0.1`,
        })
        await host.$`iptables -t nat -A POSTROUTING -s 172.19.0.0/24 -o eth0 -j MASQUERADE`
        await outside.serve(80)
        await check(
          'ns2 asks 198.51.100.1, but ns1 answers: the connection is hijacked',
          curl(ns2, 'http://198.51.100.1/'),
          shows('hello from ns1'),
          {
            why: 'The packet of ns2 has the destination port 80, and the rule asks for nothing else. So the host sends it to ns1, although it was for 198.51.100.1.',
          },
        )
        await host.$`iptables -t nat -R PREROUTING 1 -p tcp -m tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:80`
        await check(
          "with '--dst-type LOCAL' (only addresses of the host itself), ns2 reaches 198.51.100.1",
          curl(ns2, 'http://198.51.100.1/'),
          shows('hello from outside'),
          {
            why: "The condition '--dst-type LOCAL' is true only for addresses of the host. 198.51.100.1 is not one of them, so the packet of ns2 passes unchanged.",
          },
        )
        await check(
          'outside still reaches ns1',
          curl(outside, 'http://203.0.113.2/'),
          shows('hello from ns1'),
          {
            why: '203.0.113.2 is an address of the host, so the rule still matches the packets from outside. The condition removed only the wrong packets.',
          },
        )
      },
    )

    await step(
      'Second trap: connections from the host itself',
      `Until now, other machines asked for port 80 of the host. Now a program on the host asks for
      it. The picture of the hooks in docs/glossary.md shows the path of its packets.`,
      async () => {
        await check(
          'on the host, a connection to its own address is refused',
          curl(host, 'http://203.0.113.2/'),
          fails('Connection refused'),
          {
            why: 'A packet that the host itself sends does not pass PREROUTING. No rule changes it, so it meets port 80 of the host, where nothing listens.',
          },
        )
        await check(
          'a connection to localhost is refused too',
          curl(host, 'http://127.0.0.1/'),
          fails('Connection refused'),
          {
            why: '127.0.0.1 is an address of the host too, and its packets do not pass PREROUTING either.',
          },
        )
        await host.$`iptables -t nat -A OUTPUT -p tcp -m tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:80`
        await check(
          'with the rule in OUTPUT, the host reaches its own port',
          curl(host, 'http://203.0.113.2/'),
          shows('hello from ns1'),
          {
            why: 'OUTPUT is the hook for packets of the host itself. There, the same rule now leads to ns1.',
          },
        )
        await check(
          'localhost still fails: a packet from 127.0.0.1 may not leave the host',
          curl(host, 'http://127.0.0.1/'),
          fails('no answer'),
          {
            why: 'The destination is now 172.18.0.2, but the source is 127.0.0.1. The kernel lets no packet with this source out of an interface other than lo.',
          },
        )
      },
    )

    await step(
      'localhost',
      `Two more commands are needed. The sysctl route_localnet lets br0 route packets from
      127.0.0.0/8. MASQUERADE gives these packets a source address that the server can answer.`,
      async () => {
        await host.$`sysctl -w net.ipv4.conf.br0.route_localnet=1`
        await host.$`iptables -t nat -A POSTROUTING -s 127.0.0.0/8 -o br0 -j MASQUERADE`
        await check(
          'curl localhost reaches the server, which sees the gateway as its client',
          curl(host, 'http://127.0.0.1/'),
          shows('hello from ns1: I see you as 172.18.0.1'),
          {
            why: 'route_localnet lets the packet leave through br0, and MASQUERADE gives it the source 172.18.0.1. Without that source, ns1 would answer to its own 127.0.0.1.',
            question: {
              text: 'The host asks http://127.0.0.1/. Which client does the server in ns1 see?',
              shown: '172.18.0.1, the gateway',
              other: '127.0.0.1, or it sees no request',
            },
          },
        )
      },
    )
  },
})
