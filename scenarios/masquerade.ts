// masquerade: the way out. Forwarding, the answer that cannot come back, and the host's address as a mask.
import {
  answers,
  capture,
  curl,
  fails,
  log,
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
    172.18.0.0/24 is private: anybody may use it at home, so nobody on the Internet has a route to
    it (RFC 1918). A packet can leave, but no answer finds its way back.

    Masquerading solves this with a lie: the host writes its own address over the sender's, remembers
    the connection (conntrack), and turns the answers back.`,
  topology: `
         ns1                   host                          outside
    +------------+   +----------------------+   +-----------------------------+
    | veth1      |   | br0          eth0    |   | wan                         |
    | 172.18.0.2 +---+ 172.18.0.1   203.0.  +---+ 203.0.113.1                 |
    |            |   |              113.2   |   | lo 198.51.100.1, web server |
    +------------+   +----------------------+   +-----------------------------+
     default via      MASQUERADE on the way      no route to 172.18.0.0/24
     172.18.0.1       out of eth0`,

  async play({ host, outside, namespace, step, check, dialect, journey }) {
    const ns1 = namespace('ns1')

    await step(
      'A namespace behind a bridge',
      'As before: a cable, a bridge, an address; and a web server far away.',
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
      `The bridge gets an address: in this network, the host is 172.18.0.1. The namespace sends
      everything else there.`,
      async () => {
        await check(
          'the namespace has nowhere to send a packet for 198.51.100.1',
          ping(ns1, '198.51.100.1'),
          fails('Network is unreachable'),
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
        await check('the gateway answers', ping(ns1, '172.18.0.1'), answers)
      },
    )

    await step(
      'Forwarding',
      'A host drops what is not for itself, unless it is told to be a router.',
      async () => {
        await check(
          'nothing leaves the host',
          capture(outside, 'wan', 'icmp', ping(ns1, '198.51.100.1')),
          showsNo('172.18.0.2'),
        )
        await host.$`sysctl -w net.ipv4.conf.all.forwarding=1`
        await check(
          'now the request arrives outside, from 172.18.0.2',
          capture(outside, 'wan', 'icmp', ping(ns1, '198.51.100.1')),
          shows('172.18.0.2 > 198.51.100.1: ICMP echo request'),
        )
        await check(
          'but no answer ever leaves there',
          capture(outside, 'wan', 'icmp', ping(ns1, '198.51.100.1')),
          showsNo('echo reply'),
        )
        await journey(ping(ns1, '198.51.100.1'))
        // outside has no route to 172.18.0.0/24, and no default route that could serve instead.
        await outside.show`ip route`
      },
    )

    await step(
      'MASQUERADE',
      `Whatever comes from our network and leaves through eth0 gets the address of eth0 as its source.
      The rule is in POSTROUTING: by then, the way out is known.`,
      async () => {
        await host.$`iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE`
        await check('198.51.100.1 answers', ping(ns1, '198.51.100.1'), answers)
        await journey(ping(ns1, '198.51.100.1'))
        await check(
          'outside sees the host as the sender',
          capture(outside, 'wan', 'icmp', ping(ns1, '198.51.100.1')),
          shows('203.0.113.2 > 198.51.100.1: ICMP echo request'),
        )
        const server = await outside.serve(80)
        await check(
          'a web page can be fetched',
          curl(ns1, 'http://198.51.100.1/'),
          shows('hello from outside'),
        )
        await check(
          'the server logs the address of the host as its client',
          log(server),
          shows('from 203.0.113.2'),
        )
        await host.show`conntrack -L -p tcp --src 172.18.0.2`
        await check(
          'the host remembers whom the answers are for',
          output(host)`conntrack -L -p tcp --src 172.18.0.2`,
          shows(/src=172.18.0.2 dst=198.51.100.1 .* src=198.51.100.1 dst=203.0.113.2/),
        )
      },
    )
  },
})
