// The scenario bridge: connects three namespaces by a bridge and shows how it learns and floods, and what a port on it loses.
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
  name: 'bridge',
  title: 'A switch that connects many namespaces',
  about: `
    A cable joins only two namespaces. To connect three, you need a switch. A Linux bridge is a
    switch in software. Attach the host's end of each veth pair to it. The namespaces at the other
    ends then share one network.

    A switch knows nothing at first. When a frame (a packet on Ethernet) arrives at a port, the
    switch learns that the sender's MAC address is behind that port. It sends a frame for an unknown
    address out of every other port. This is called flooding.`,
  topology: `
         ns1                  ns2                  ns3
    +------------+       +------------+       +------------+
    | eth0  .2   |       | eth0  .3   |       | eth0  .4   |   172.18.0.0/24
    +-----+------+       +-----+------+       +-----+------+
          |                    |                    |
        veth1                veth2                veth3
    +-----+--------------------+--------------------+------+
    |                         br0                          |   host
    +--------------------------+---------------------------+
                             eth0   (in the last step)
                               |
                            outside`,

  state: { 'ip -d link show br0': "ip -d -o link show br0 | grep -o 'ageing_time [0-9]*'" },

  ending: {
    learnt: [
      'A bridge is a switch in software: it learns from source addresses and floods what it does not know.',
      "A namespace joins a network when the host's end of its cable becomes a port.",
      'The address of an interface that becomes a port must move to the bridge.',
    ],
    engine: [
      'docker network inspect bridge: the subnet and gateway of docker0, which is such a bridge',
      "bridge link: the host's ends of all containers, as ports of docker0",
      'kubectl get pods -o wide: pods of one node are often on one bridge (cni0)',
    ],
  },

  async play({ host, namespace, step, check, dialect }) {
    const [ns1, ns2, ns3] = [namespace('ns1'), namespace('ns2'), namespace('ns3')]

    await step(
      'Three namespaces, each with a cable to the host',
      `'peer … netns' creates the other end of each cable directly in its namespace. That end also
      gets a MAC address (its hardware address) that is easy to recognise later.`,
      async () => {
        for (const [index, ns] of [ns1, ns2, ns3].entries()) {
          const number = index + 1
          await host.$`ip netns add ${ns}`
          await host.$`ip link add veth${number} type veth peer name eth0 address 02:00:00:00:00:0${number} netns ${ns}`
          await host.$`ip link set veth${number} up`
          const address = `172.18.0.${number + 1}/24`
          await dialect({
            ip: async () => {
              await ns.$`ip address add ${address} dev eth0`
              await ns.$`ip link set eth0 up`
            },
            classic: () => ns.$`ifconfig eth0 ${address} up`,
          })
        }
        await check(
          'each cable ends on the host, but nothing connects the cables there',
          ping(ns1, '172.18.0.3'),
          fails('no answer'),
          {
            why: 'ns1 has a route, so it asks by ARP for 172.18.0.3. The request leaves the cable on the host, and there nothing passes it on to veth2.',
          },
        )
      },
    )

    await step(
      'Attach them to a switch',
      `Create a bridge like any other device. A device becomes a port of the bridge when the bridge
      is set as its master.`,
      async () => {
        await dialect({
          ip: () => host.$`ip link add br0 type bridge`,
          classic: () => host.$`brctl addbr br0`,
        })
        for (const port of ['veth1', 'veth2', 'veth3']) {
          await dialect({
            ip: () => host.$`ip link set ${port} master br0`,
            classic: () => host.$`brctl addif br0 ${port}`,
          })
        }
        await check(
          'a bridge that is down forwards nothing',
          ping(ns1, '172.18.0.3'),
          fails('no answer'),
          {
            why: 'The three cables are ports now, but the bridge itself is down. A bridge that is down passes no frames on.',
          },
        )
        await host.$`ip link set br0 up`
        await check('ns1 reaches ns2', ping(ns1, '172.18.0.3'), answers, {
          why: 'The ARP request of ns1 goes out of all ports. ns2 answers, and then the frames go directly from port to port.',
        })
        await check('ns1 reaches ns3', ping(ns1, '172.18.0.4'), answers, {
          why: 'For the bridge, ns3 is one more port. Any number of namespaces can share one bridge.',
        })
      },
    )

    await step(
      'What the switch has learned',
      `Each incoming frame tells the bridge which port its source address is behind. 'bridge fdb'
      shows what the bridge has learned: its forwarding table.`,
      async () => {
        await check(
          'the bridge knows that ns3 is behind veth3',
          output(host)`bridge fdb show br br0 dynamic`,
          shows('02:00:00:00:00:03 dev veth3'),
          {
            why: 'You pinged ns3, so a frame with its MAC address came in at veth3. The bridge learns from the source address of each frame.',
            question: {
              text: 'You have pinged ns2 and ns3 from ns1. Does the bridge now know where ns3 is?',
              shown: 'yes, its MAC address is behind veth3',
              other: 'no, nobody has told the bridge',
            },
          },
        )
        await host.show`bridge fdb show br br0 dynamic`
        await check(
          'ns3 does not receive the packets between ns1 and ns2',
          capture(ns3, 'eth0', 'icmp', ping(ns1, '172.18.0.3')),
          showsNo('172.18.0.2 > 172.18.0.3'),
          {
            why: 'The bridge knows that ns2 is behind veth2, so it sends the frames only there. A hub would send them to everybody.',
            question: {
              text: 'ns1 pings ns2. Which packets does ns3 see?',
              shown: 'the packets between ns1 and ns2',
              other: 'none of them',
            },
          },
        )
      },
    )

    await step(
      'A frame to an unknown address is flooded',
      `Clear the forwarding table, and stop the bridge from learning on the port of ns2. ns1 still
      knows the MAC address of ns2 and sends its frames to that address. But the bridge no longer
      knows the port for this address.`,
      async () => {
        await host.$`bridge link set dev veth2 learning off`
        await host.$`ip link set br0 type bridge fdb_flush`
        await check(
          'ns3 receives an echo request for ns2',
          capture(ns3, 'eth0', 'icmp', ping(ns1, '172.18.0.3')),
          shows('172.18.0.2 > 172.18.0.3: ICMP echo request'),
          {
            why: 'The bridge has forgotten where ns2 is, so it floods: it sends the request out of all other ports. ns3 sees it and ignores it, because the MAC address is not its own.',
            question: {
              text: 'The table is empty. What happens if ns1 pings ns2 now?',
              shown: 'ns3 sees the request too',
              other: 'only ns2 sees the request',
            },
          },
        )
        await check(
          'ns3 receives the next echo request for ns2',
          capture(ns3, 'eth0', 'icmp', ping(ns1, '172.18.0.3')),
          shows('172.18.0.2 > 172.18.0.3: ICMP echo request'),
          {
            why: 'ns2 has answered, but the bridge does not learn at veth2. So it still does not know where ns2 is, and floods again.',
            question: {
              text: 'ns2 has answered once. What happens to the next request?',
              shown: 'ns3 sees it again',
              other: 'the bridge now sends it only to ns2',
            },
          },
        )
        await host.$`bridge link set dev veth2 learning on`
        await check('with learning on again, ns2 answers', ping(ns1, '172.18.0.3'), answers, {
          why: 'The answer itself never depended on learning: flooding also reaches ns2. Now the bridge may learn from it.',
        })
        await check(
          'the bridge has learned from this answer: ns3 does not receive the next request',
          capture(ns3, 'eth0', 'icmp', ping(ns1, '172.18.0.3')),
          showsNo('172.18.0.2 > 172.18.0.3'),
          {
            why: 'The last answer came in at veth2, and the bridge was allowed to learn again. From now on it sends frames for ns2 only there.',
            question: {
              text: 'Learning is on, and ns2 has just answered. Does ns3 still see the requests?',
              shown: 'yes',
              other: 'no',
            },
          },
        )
      },
    )

    await step(
      'The uplink as a port',
      `eth0 is the uplink: the host's interface to the outer network. Many tutorials make it a port
      of the bridge too ('brctl addif br0 eth0'), to connect the namespaces to the outer network.
      What does that change for the host? Known MAC addresses stay in the neighbour table for a few
      minutes and would hide the effect, so this step flushes them.`,
      async () => {
        await check('the host reaches outside', ping(host, '203.0.113.1'), answers, {
          why: 'eth0 is an ordinary interface with its own address. The host finds the MAC address of 203.0.113.1 by ARP through eth0.',
        })
        await dialect({
          ip: () => host.$`ip link set eth0 master br0`,
          classic: () => host.$`brctl addif br0 eth0`,
        })
        await host.$`ip neighbour flush dev eth0`
        await check(
          'with eth0 as a port, the host no longer reaches outside',
          ping(host, '203.0.113.1'),
          fails('no answer'),
          {
            why: 'br0 now receives every frame that arrives at eth0, also the ARP answer. eth0 never sees it, so the host does not learn the MAC address of outside.',
          },
        )
        await host.$`ip address flush dev eth0`
        await dialect({
          ip: () => host.$`ip address add 203.0.113.2/24 dev br0`,
          classic: () => host.$`ifconfig br0 203.0.113.2/24`,
        })
        await check(
          'with its address on the bridge, the host reaches outside again',
          ping(host, '203.0.113.1'),
          answers,
          {
            why: 'The address is now on br0, so the host asks through br0 and receives the answer there. An address belongs to the bridge, and not to one of its ports.',
          },
        )
        await dialect({
          ip: () => ns1.$`ip address add 203.0.113.3/24 dev eth0`,
          classic: () => ns1.$`ifconfig eth0:1 203.0.113.3/24`,
        })
        await check(
          'a namespace with an address of the outer network reaches outside directly',
          ping(ns1, '203.0.113.1'),
          answers,
          {
            why: 'ns1 is on the same bridge as eth0, so it is directly connected to the outer network. It needs no router, only an address of that network.',
          },
        )
      },
    )
  },
})
