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
        )
        await host.$`ip link set br0 up`
        await check('ns1 reaches ns2', ping(ns1, '172.18.0.3'), answers)
        await check('ns1 reaches ns3', ping(ns1, '172.18.0.4'), answers)
      },
    )

    await step(
      'What the switch has learned',
      `Each incoming frame tells the bridge which port its source address is behind. 'bridge fdb'
      shows what the bridge has learned: its forwarding table.`,
      async () => {
        await host.show`bridge fdb show br br0 dynamic`
        for (const number of [1, 2, 3]) {
          await check(
            `the bridge knows that ns${number} is behind veth${number}`,
            output(host)`bridge fdb show br br0 dynamic`,
            shows(`02:00:00:00:00:0${number} dev veth${number}`),
          )
        }
        await check(
          'ns3 does not receive the packets between ns1 and ns2',
          capture(ns3, 'eth0', 'icmp', ping(ns1, '172.18.0.3')),
          showsNo('172.18.0.2 > 172.18.0.3'),
        )
      },
    )

    await step(
      'A frame to an unknown address is flooded',
      `Clear the forwarding table, and stop the bridge from learning on the port of ns2. ns1 still
      knows the MAC address of ns2 and sends its frames to that address. But the bridge does not
      know the port for this address, so it sends a copy out of every other port.`,
      async () => {
        await host.$`bridge link set dev veth2 learning off`
        await host.$`ip link set br0 type bridge fdb_flush`
        for (const which of ['an', 'the next']) {
          await check(
            `ns3 receives ${which} echo request for ns2`,
            capture(ns3, 'eth0', 'icmp', ping(ns1, '172.18.0.3')),
            shows('172.18.0.2 > 172.18.0.3: ICMP echo request'),
          )
        }
        await host.$`bridge link set dev veth2 learning on`
        await check('with learning on again, ns2 answers', ping(ns1, '172.18.0.3'), answers)
        await check(
          'the bridge has learned from this answer: ns3 does not receive the next request',
          capture(ns3, 'eth0', 'icmp', ping(ns1, '172.18.0.3')),
          showsNo('172.18.0.2 > 172.18.0.3'),
        )
      },
    )

    await step(
      'The uplink as a port',
      `eth0 is the uplink: the host's interface to the outer network. Many tutorials make it a port
      of the bridge too ('brctl addif br0 eth0'), to connect the namespaces to the outer network.
      But then br0 receives every frame that arrives at eth0, including ARP answers, and eth0 never
      learns a neighbour's MAC address. Its neighbour entries would still work for a few minutes, so
      this step flushes them.`,
      async () => {
        await check('the host reaches outside', ping(host, '203.0.113.1'), answers)
        await dialect({
          ip: () => host.$`ip link set eth0 master br0`,
          classic: () => host.$`brctl addif br0 eth0`,
        })
        await host.$`ip neighbour flush dev eth0`
        await check(
          'with eth0 as a port, the host no longer reaches outside',
          ping(host, '203.0.113.1'),
          fails('no answer'),
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
        )
        await dialect({
          ip: () => ns1.$`ip address add 203.0.113.3/24 dev eth0`,
          classic: () => ns1.$`ifconfig eth0:1 203.0.113.3/24`,
        })
        await check(
          'a namespace with an address of the outer network reaches outside directly',
          ping(ns1, '203.0.113.1'),
          answers,
        )
      },
    )
  },
})
