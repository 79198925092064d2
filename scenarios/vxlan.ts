// The scenario vxlan: joins the bridges of two machines by a VXLAN tunnel, and shows what it does without each of its entries and with a large packet.
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
  name: 'vxlan',
  title: 'Two machines, one network: a VXLAN tunnel',
  about: `
    Can containers on two machines be in the same subnet? Their bridges would have to be one switch,
    but between the machines there are only IP packets. A VXLAN device solves this: it puts each
    frame into a UDP packet (port 4789) and sends it to the other machine. There the frame comes out
    again. The frame is the inner packet, and the UDP packet is the outer one.

    The outer packet also has a number, the VNI, so that many networks can share the same wire. A
    machine with such a device is called a VTEP (VXLAN tunnel endpoint).

    A bridge learns by flooding. Over a tunnel to many machines, that would be expensive. So the
    device here learns nothing and floods nothing: it knows only what you tell it.`,
  topology: `
         c1                 host                  host2                c2
    +-----------+    +-----------------+   +-----------------+    +-----------+
    | eth0      |    | br0             |   |             br0 |    | eth0      |
    | 10.80.0.2 +----+     vxlan0  ====|=VNI=|====  vxlan0   +----+ 10.80.0.3 |
    +-----------+    |           eth0  |   |  eth0           |    +-----------+
                     +-------------+---+   +---+-------------+
                                   |           |
                         203.0.113.2 --------- 203.0.113.12`,

  machines: 2,

  ending: {
    learnt: [
      'A VXLAN device is a port of the bridge: it sends each frame in a UDP packet to the machine that its forwarding table names.',
      'Without flooding, each container on another machine needs two entries: a forwarding entry (which machine?) and a neighbour entry (which MAC address?).',
      'The outer headers need 50 bytes (IPv4), so the MTU inside must be 50 smaller than that of the wire.',
    ],
    engine: [
      'docker network create -d overlay wide: a VXLAN device for each subnet, in a namespace of its own',
      'ip -d link show flannel.1: the VXLAN device of flannel, with its VNI and port',
      'bridge fdb show dev flannel.1: one forwarding entry for each other machine',
    ],
  },

  async play({ host, namespace, step, check, dialect, journey }) {
    const [host2, c1, c2] = [namespace('host2'), namespace('c1'), namespace('c2')]
    const tunnelled = capture(host, 'eth0', 'udp port 4789', ping(c1, '10.80.0.3'))
    // The first piece of a packet has the flag 'more fragments': 32 in this byte.
    const inPieces = capture(
      host,
      'eth0',
      'ip[6] = 32',
      output(c1)`ping -c 1 -W 0.5 -M dont -s 1472 10.80.0.3`,
    )

    await step(
      'A bridge with a container on each machine',
      `Both containers get an address of the same subnet, 10.80.0.0/24, and a MAC address that is easy
      to recognise. Each is on the bridge of its machine.`,
      async () => {
        for (const [machine, container, number] of [
          [host, c1, 1],
          [host2, c2, 2],
        ] as const) {
          const address = `10.80.0.${number + 1}/24`
          await machine.$`ip netns add ${container}`
          await machine.$`ip link add veth${number} type veth peer name eth0 address 02:00:00:00:00:0${number} netns ${container}`
          await dialect({
            ip: async () => {
              await machine.$`ip link add br0 type bridge`
              await machine.$`ip link set veth${number} master br0`
            },
            classic: async () => {
              await machine.$`brctl addbr br0`
              await machine.$`brctl addif br0 veth${number}`
            },
          })
          await machine.$`ip link set veth${number} up`
          await machine.$`ip link set br0 up`
          await dialect({
            ip: async () => {
              await container.$`ip address add ${address} dev eth0`
              await container.$`ip link set eth0 up`
            },
            classic: () => container.$`ifconfig eth0 ${address} up`,
          })
        }
        await check(
          'c1 gets no answer from c2, which is on another bridge',
          ping(c1, '10.80.0.3'),
          fails('no answer'),
          {
            why: 'c1 asks by ARP for 10.80.0.3, because that is in its subnet. The request reaches all ports of the bridge on host, and c2 is on none of them.',
          },
        )
      },
    )

    await step(
      'The tunnel device is a port of the bridge',
      `'id' is the VNI, and 'local' is the source address of the outer packets. 'nolearning' and
      'proxy' belong together: the device learns no addresses from packets, and it answers ARP
      requests itself, from entries that you give it.`,
      async () => {
        for (const [machine, local] of [
          [host, '203.0.113.2'],
          [host2, '203.0.113.12'],
        ] as const) {
          await machine.$`ip link add vxlan0 type vxlan id 42 dstport 4789 local ${local} nolearning proxy`
          await dialect({
            ip: () => machine.$`ip link set vxlan0 master br0`,
            classic: () => machine.$`brctl addif br0 vxlan0`,
          })
          await machine.$`ip link set vxlan0 up`
        }
        await host.show`ip -d link show vxlan0 | grep -o 'vxlan id.*'`
        await check('nothing leaves by the tunnel', tunnelled, showsNo('VXLAN'), {
          why: 'The device has no entry: it does not know which machine should get a frame. It drops the frame, because it never floods.',
          question: {
            text: 'c1 pings c2. Is there a VXLAN packet on the wire?',
            shown: 'yes, the device sends it to all machines',
            other: 'no',
          },
        })
        await check('c1 gets no answer', ping(c1, '10.80.0.3'), fails('no answer'), {
          why: 'The ARP request reaches vxlan0 too. The device has no entry for 10.80.0.3, so it neither answers the request nor sends it anywhere.',
        })
      },
    )

    await step(
      'Which machine has this MAC address?',
      `A forwarding entry answers that: frames to this MAC address go to this machine. 'self' is the
      table of the device itself, and 'permanent' means that the entry does not expire.`,
      async () => {
        await host.$`bridge fdb add 02:00:00:00:00:02 dev vxlan0 dst 203.0.113.12 self permanent`
        await host2.$`bridge fdb add 02:00:00:00:00:01 dev vxlan0 dst 203.0.113.2 self permanent`
        await check('c1 still gets no answer', ping(c1, '10.80.0.3'), fails('no answer'), {
          why: 'Before c1 can send a frame to c2, it needs its MAC address. The ARP request goes to all, and there is no forwarding entry for that.',
        })
        await check(
          'c1 does not know the MAC address of c2',
          output(c1)`ip neighbour show 10.80.0.3`,
          shows(/INCOMPLETE|FAILED/),
          {
            why: 'No machine has answered the ARP request. The entry has no MAC address.',
            question: {
              text: 'What does the neighbour table of c1 say about 10.80.0.3?',
              shown: 'an entry without a MAC address',
              other: 'the MAC address of c2',
            },
          },
        )
      },
    )

    await step(
      'Which MAC address has this container?',
      `A neighbour entry answers that. The device uses it to answer the ARP request in place of the
      container: the request does not have to cross the tunnel.`,
      async () => {
        for (const [machine, number, address] of [
          [host, 2, '10.80.0.3'],
          [host2, 1, '10.80.0.2'],
        ] as const)
          await dialect({
            ip: () =>
              machine.$`ip neighbour add ${address} lladdr 02:00:00:00:00:0${number} dev vxlan0 nud permanent`,
            classic: () => machine.$`arp -i vxlan0 -s ${address} 02:00:00:00:00:0${number}`,
          })
        await check('c1 reaches c2 through the tunnel', ping(c1, '10.80.0.3'), answers, {
          why: 'The device answers the ARP request, and its forwarding entry leads the frame to host2. The way back uses the two entries of host2.',
        })
        await check(
          'c1 knows the MAC address of c2',
          output(c1)`ip neighbour show 10.80.0.3`,
          shows('lladdr 02:00:00:00:00:02'),
          {
            why: 'It is the MAC address of c2 itself, although vxlan0 on host gave the answer.',
            question: {
              text: 'Which MAC address does c1 have for 10.80.0.3 now?',
              shown: 'that of c2',
              other: 'still none',
            },
          },
        )
        await check(
          'on the wire, the packet is in a UDP packet between the machines',
          tunnelled,
          shows(/203\.0\.113\.2\.\d+ > 203\.0\.113\.12\.4789: VXLAN.* vni 42/),
          {
            why: 'The outer addresses are those of the machines, so every network between them carries the packet. The inner packet is unchanged: its ttl is still 64.',
            question: {
              text: 'Which packet is on the wire between the machines?',
              shown: 'a UDP packet from host to host2',
              other: 'only one from 10.80.0.2 to 10.80.0.3',
            },
          },
        )
        await journey(ping(c1, '10.80.0.3'))
        await host.show`bridge fdb show dev vxlan0 | grep dst`
      },
    )

    await step(
      'The outer headers need room',
      `An outer IP header (20 bytes), UDP (8), VXLAN (8) and the inner Ethernet header (14) come to
      each packet: 50 bytes. A packet of 1500 bytes, which is the usual MTU (the largest packet of an
      interface), becomes 1550 bytes. That is more than the wire carries.`,
      async () => {
        await check(
          'a packet of 1500 bytes leaves the machine in two pieces (fragments)',
          inPieces,
          shows('VXLAN'),
          {
            why: 'host must divide each large outer packet into fragments. That is slow, and many networks drop fragments: then small packets pass, and large ones vanish.',
            question: {
              text: 'c1 sends a packet of 1500 bytes to c2. Is an outer packet divided?',
              shown: 'yes',
              other: 'no',
            },
          },
        )
        for (const container of [c1, c2])
          await dialect({
            ip: () => container.$`ip link set eth0 mtu 1450`,
            classic: () => container.$`ifconfig eth0 mtu 1450`,
          })
        await check('with an MTU of 1450, each outer packet is whole', inPieces, showsNo('VXLAN'), {
          why: 'Now the containers themselves send packets of at most 1450 bytes. With the 50 bytes of the tunnel, they fit into 1500. TCP adapts its segments to this MTU.',
          question: {
            text: 'And with an MTU of 1450 in both containers?',
            shown: 'outer packets are still divided',
            other: 'no outer packet is divided',
          },
        })
      },
    )
  },
})
