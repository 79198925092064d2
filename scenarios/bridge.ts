// bridge: the switch. Three namespaces on one, what it learns, what it floods, and what becomes of an uplink that is a port of it.
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
  title: 'The switch between many namespaces',
  about: `
    A cable joins two namespaces; a third needs a switch. A Linux bridge is one, in software: plug in
    the host's end of each veth pair, and the namespaces at the far ends share one network.

    A switch knows nothing at first. It learns where an address is by watching where frames come
    from, and sends a frame for an unknown address out of every port: it floods.`,
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

  async play({ host, namespace, step, check, dialect }) {
    const [ns1, ns2, ns3] = [namespace('ns1'), namespace('ns2'), namespace('ns3')]

    await step(
      'Three namespaces, each with a cable to the host',
      `The far end of each cable is made right where it belongs ('peer … netns'), with a MAC address
      that we can recognise later.`,
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
          'every cable ends on the host, and nothing there joins them',
          ping(ns1, '172.18.0.3'),
          fails('no answer'),
        )
      },
    )

    await step(
      'Plug them into a switch',
      'A bridge is made like any other device; a port is a device whose master it is.',
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
        await check('and ns3', ping(ns1, '172.18.0.4'), answers)
      },
    )

    await step(
      'What the switch has learnt',
      `Each frame that comes in tells the bridge: this source address lives behind this port. 'bridge fdb'
      shows its forwarding table.`,
      async () => {
        await host.show`bridge fdb show br br0 dynamic`
        for (const number of [1, 2, 3]) {
          await check(
            `it knows that ns${number} is behind veth${number}`,
            output(host)`bridge fdb show br br0 dynamic`,
            shows(`02:00:00:00:00:0${number} dev veth${number}`),
          )
        }
        await check(
          'so ns3 sees nothing of what ns1 and ns2 say to each other',
          capture(ns3, 'eth0', 'icmp', ping(ns1, '172.18.0.3')),
          showsNo('172.18.0.2 > 172.18.0.3'),
        )
      },
    )

    await step(
      'An unknown destination floods',
      `Make the bridge forget, and forbid it to learn from the port of ns2. ns1 still knows the MAC
      address of ns2, so its frames are for that one address, but the bridge does not know the port:
      it sends a copy to everybody.`,
      async () => {
        await host.$`bridge link set dev veth2 learning off`
        await host.$`ip link set br0 type bridge fdb_flush`
        for (const time of ['', ', and the next']) {
          await check(
            `ns3 receives the echo request that is meant for ns2${time}`,
            capture(ns3, 'eth0', 'icmp', ping(ns1, '172.18.0.3')),
            shows('172.18.0.2 > 172.18.0.3: ICMP echo request'),
          )
        }
        await host.$`bridge link set dev veth2 learning on`
        await check('one answer of ns2 …', ping(ns1, '172.18.0.3'), answers)
        await check(
          '… and the bridge has learnt: the next request does not reach ns3',
          capture(ns3, 'eth0', 'icmp', ping(ns1, '172.18.0.3')),
          showsNo('172.18.0.2 > 172.18.0.3'),
        )
      },
    )

    await step(
      'The uplink as a port',
      `Tutorials often plug eth0 in, too ('brctl addif br0 eth0'), to put the namespaces on the outer
      network. But a port belongs to its bridge: what arrives at eth0 is br0's now, ARP answers too, so
      eth0 never learns a neighbour's MAC address. Those that it knows would serve for some minutes
      more; we do not wait, but make it forget them.`,
      async () => {
        await check('the host reaches outside', ping(host, '203.0.113.1'), answers)
        await dialect({
          ip: () => host.$`ip link set eth0 master br0`,
          classic: () => host.$`brctl addif br0 eth0`,
        })
        await host.$`ip neighbour flush dev eth0`
        await check('no longer, with eth0 as a port', ping(host, '203.0.113.1'), fails('no answer'))
        await host.$`ip address flush dev eth0`
        await dialect({
          ip: () => host.$`ip address add 203.0.113.2/24 dev br0`,
          classic: () => host.$`ifconfig br0 203.0.113.2/24`,
        })
        await check('its address belongs on the bridge', ping(host, '203.0.113.1'), answers)
        await dialect({
          ip: () => ns1.$`ip address add 203.0.113.3/24 dev eth0`,
          classic: () => ns1.$`ifconfig eth0:1 203.0.113.3/24`,
        })
        await check(
          'and a namespace with an address of the outer network is a neighbour of outside',
          ping(ns1, '203.0.113.1'),
          answers,
        )
      },
    )
  },
})
