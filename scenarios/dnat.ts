// dnat: the way in. A port of the host that leads to a namespace, and the two traps of the rule that every tutorial shows.
import { answers, curl, fails, log, scenario, shows } from '../lib/scenario/index.ts'

export default scenario({
  name: 'dnat',
  title: 'How the Internet reaches a server in a namespace',
  about: `
    Nobody outside has a route to 172.18.0.2, but everybody can reach the host. So the host lends one
    of its ports: what arrives for its port 80 gets another destination (DNAT) before the routing
    table is asked. This is the heart of 'docker run -p 80:80'.

    The rule of the tutorials is one condition short, and there is a way that it does not cover. Both
    are shown here, each with its remedy.`,
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

  async play({ host, outside, namespace, step, check, dialect, journey }) {
    const [ns1, ns2] = [namespace('ns1'), namespace('ns2')]

    const server = await step(
      'A web server in a namespace',
      'The network of the scenario before, with a server in it.',
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
        const started = await ns1.serve(80)
        await check(
          'the host reaches it',
          curl(host, 'http://172.18.0.2/'),
          shows('hello from ns1'),
        )
        await check(
          'but the host has nothing on its port 80, and that is all that outside can ask',
          curl(outside, 'http://203.0.113.2/'),
          fails('Connection refused'),
        )
        return started
      },
    )

    await step(
      'DNAT',
      `PREROUTING comes before the routing decision: with the new destination, the packet is one to pass
      on, so the host must forward. The answers are turned back by what conntrack remembers.`,
      async () => {
        await host.$`sysctl -w net.ipv4.conf.all.forwarding=1`
        await host.$`iptables -t nat -A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80`
        await check(
          'outside reaches the server',
          curl(outside, 'http://203.0.113.2/'),
          shows('hello from ns1'),
        )
        await journey(curl(outside, 'http://203.0.113.2/'))
        await check(
          'which sees the real client: only the destination was rewritten',
          log(server),
          shows('from 203.0.113.1'),
        )
      },
    )

    await step(
      "The first trap: other people's port 80",
      `The rule asks for no destination address. ns2, on a network of its own, only wants to pass through
      the host to a server on the Internet. Its packet has the destination port 80, too.`,
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
          'ns2 asks 198.51.100.1 and is answered by ns1: hijacked',
          curl(ns2, 'http://198.51.100.1/'),
          shows('hello from ns1'),
        )
        await host.$`iptables -t nat -R PREROUTING 1 -p tcp -m tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:80`
        await check(
          "with '--dst-type LOCAL' (an address of the host itself), ns2 gets what it asked for",
          curl(ns2, 'http://198.51.100.1/'),
          shows('hello from outside'),
        )
        await check(
          'and outside still reaches ns1',
          curl(outside, 'http://203.0.113.2/'),
          shows('hello from ns1'),
        )
      },
    )

    await step(
      'The second trap: the host itself',
      `What the host sends does not arrive from anywhere: it does not pass PREROUTING, but OUTPUT. The
      same rule is needed there.`,
      async () => {
        await check(
          "the host's own curl finds nobody on port 80",
          curl(host, 'http://203.0.113.2/'),
          fails('Connection refused'),
        )
        await check(
          'nor does curl localhost',
          curl(host, 'http://127.0.0.1/'),
          fails('Connection refused'),
        )
        await host.$`iptables -t nat -A OUTPUT -p tcp -m tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:80`
        await check(
          'with it, the host reaches its own port',
          curl(host, 'http://203.0.113.2/'),
          shows('hello from ns1'),
        )
        await check(
          'but not as localhost: a packet from 127.0.0.1 may not leave the host',
          curl(host, 'http://127.0.0.1/'),
          fails('no answer'),
        )
      },
    )

    await step(
      'localhost',
      `Two more things: br0 may route packets from 127.0.0.0/8 after all (route_localnet), and they get an
      address on the way to which the server can answer (MASQUERADE).`,
      async () => {
        await host.$`sysctl -w net.ipv4.conf.br0.route_localnet=1`
        await host.$`iptables -t nat -A POSTROUTING -s 127.0.0.0/8 -o br0 -j MASQUERADE`
        await check('curl localhost reaches the server', curl(host, 'http://127.0.0.1/'), answers)
        await check('which sees the gateway as its client', log(server), shows('from 172.18.0.1'))
      },
    )
  },
})
