// Translates the scenario vxlan into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'Two machines, one network: a VXLAN tunnel': '两台机器，一个网络：VXLAN 隧道',
  'Can containers on two machines be in the same subnet? Their bridges would have to be one switch, but between the machines there are only IP packets. A VXLAN device solves this: it puts each frame into a UDP packet (port 4789) and sends it to the other machine. There the frame comes out again. The frame is the inner packet, and the UDP packet is the outer one.\n\nThe outer packet also has a number, the VNI, so that many networks can share the same wire. A machine with such a device is called a VTEP (VXLAN tunnel endpoint).\n\nA bridge learns by flooding. Over a tunnel to many machines, that would be expensive. So the device here learns nothing and floods nothing: it knows only what you tell it.':
    '两台机器上的容器能在同一个子网里吗？那样它们的网桥就得像一台交换机一样，但机器之间只传 IP 包。VXLAN 设备解决这个问题：它把每个帧装进一个 UDP 包（端口 4789），发给另一台机器，帧在那里再取出来。这个帧是内层包，UDP 包是外层包。\n\n外层包还带有一个编号 VNI，所以许多网络可以共用同一条线路。有这种设备的机器叫 VTEP（VXLAN 隧道端点）。\n\n网桥靠泛洪来学习。如果隧道通往许多机器，泛洪的代价就很高。所以这里的设备什么都不学，也不泛洪：它只知道你告诉它的内容。',
  'A VXLAN device is a port of the bridge: it sends each frame in a UDP packet to the machine that its forwarding table names.':
    'VXLAN 设备是网桥的一个端口：它把每个帧装进 UDP 包，发给转发表指定的机器。',
  'Without flooding, each container on another machine needs two entries: a forwarding entry (which machine?) and a neighbour entry (which MAC address?).':
    '不泛洪时，另一台机器上的每个容器都需要两个表项：转发表项（在哪台机器？）和邻居表项（MAC 地址是什么？）。',
  'The outer headers need 50 bytes (IPv4), so the MTU inside must be 50 smaller than that of the wire.':
    '外层首部需要 50 字节（IPv4），所以内层的 MTU 必须比线路的 MTU 小 50。',
  'docker network create -d overlay wide: a VXLAN device for each subnet, in a namespace of its own':
    'docker network create -d overlay wide：每个子网一个 VXLAN 设备，在它自己的命名空间里',
  'ip -d link show flannel.1: the VXLAN device of flannel, with its VNI and port':
    'ip -d link show flannel.1：flannel 的 VXLAN 设备，以及它的 VNI 和端口',
  'bridge fdb show dev flannel.1: one forwarding entry for each other machine':
    'bridge fdb show dev flannel.1：每台其他机器一个转发表项',
  'A bridge with a container on each machine': '每台机器上一个网桥和一个容器',
  'Both containers get an address of the same subnet, 10.80.0.0/24, and a MAC address that is easy to recognise. Each is on the bridge of its machine.':
    '两个容器都得到同一个子网 10.80.0.0/24 的地址，以及容易辨认的 MAC 地址。每个容器接在自己机器的网桥上。',
  'c1 gets no answer from c2, which is on another bridge': 'c1 得不到 c2 的应答，c2 在另一个网桥上',
  'The tunnel device is a port of the bridge': '隧道设备是网桥的端口',
  "'id' is the VNI, and 'local' is the source address of the outer packets. 'nolearning' and 'proxy' belong together: the device learns no addresses from packets, and it answers ARP requests itself, from entries that you give it.":
    "'id' 是 VNI，'local' 是外层包的源地址。'nolearning' 和 'proxy' 是配套的：设备不从包中学习地址，而是根据你给它的表项，自己应答 ARP 请求。",
  'nothing leaves by the tunnel': '没有包从隧道发出',
  'Which machine has this MAC address?': '这个 MAC 地址在哪台机器上？',
  "A forwarding entry answers that: frames to this MAC address go to this machine. 'self' is the table of the device itself, and 'permanent' means that the entry does not expire.":
    "转发表项回答这个问题：发往这个 MAC 地址的帧去这台机器。'self' 表示设备自己的表，'permanent' 表示表项不会过期。",
  'c1 still gets no answer': 'c1 仍然没有得到应答',
  'c1 does not know the MAC address of c2': 'c1 不知道 c2 的 MAC 地址',
  'Which MAC address has this container?': '这个容器的 MAC 地址是什么？',
  'A neighbour entry answers that. The device uses it to answer the ARP request in place of the container: the request does not have to cross the tunnel.':
    '邻居表项回答这个问题。设备用它代替容器应答 ARP 请求：请求不必穿过隧道。',
  'c1 reaches c2 through the tunnel': 'c1 通过隧道到达 c2',
  'c1 knows the MAC address of c2': 'c1 知道 c2 的 MAC 地址',
  'on the wire, the packet is in a UDP packet between the machines':
    '在线路上，这个包装在两台机器之间的 UDP 包里',
  'The outer headers need room': '外层首部需要空间',
  'An outer IP header (20 bytes), UDP (8), VXLAN (8) and the inner Ethernet header (14) come to each packet: 50 bytes. A packet of 1500 bytes, which is the usual MTU (the largest packet of an interface), becomes 1550 bytes. That is more than the wire carries.':
    '每个包要加上外层 IP 首部（20 字节）、UDP（8）、VXLAN（8）和内层以太网首部（14），共 50 字节。通常的 MTU（接口能发送的最大包）是 1500 字节，这样的包会变成 1550 字节，超过线路能传送的大小。',
  'a packet of 1500 bytes leaves the machine in two pieces (fragments)':
    '1500 字节的包分成两片（分片）离开机器',
  'with an MTU of 1450, each outer packet is whole': 'MTU 为 1450 时，每个外层包都是完整的',
  'c1 asks by ARP for 10.80.0.3, because that is in its subnet. The request reaches all ports of the bridge on host, and c2 is on none of them.':
    'c1 用 ARP 询问 10.80.0.3，因为它在自己的子网内。请求到达 host 上网桥的所有端口，但 c2 不在其中任何一个上。',
  'The device has no entry: it does not know which machine should get a frame. It drops the frame, because it never floods.':
    '设备没有表项：它不知道该把帧发给哪台机器。它从不泛洪，所以丢弃这个帧。',
  'c1 pings c2. Is there a VXLAN packet on the wire?': 'c1 ping c2。线路上有 VXLAN 包吗？',
  'yes, the device sends it to all machines': '有，设备把它发给所有机器',
  'The ARP request reaches vxlan0 too. The device has no entry for 10.80.0.3, so it neither answers the request nor sends it anywhere.':
    'ARP 请求也到达了 vxlan0。设备没有 10.80.0.3 的表项，所以既不应答这个请求，也不把它发到任何地方。',
  'Before c1 can send a frame to c2, it needs its MAC address. The ARP request goes to all, and there is no forwarding entry for that.':
    'c1 要先知道 c2 的 MAC 地址，才能给它发帧。ARP 请求是发给所有机器的，而转发表里没有对应的表项。',
  'No machine has answered the ARP request. The entry has no MAC address.':
    '没有机器应答 ARP 请求。表项里没有 MAC 地址。',
  'What does the neighbour table of c1 say about 10.80.0.3?':
    'c1 的邻居表中，10.80.0.3 的表项是什么样的？',
  'the MAC address of c2': 'c2 的 MAC 地址',
  'The device answers the ARP request, and its forwarding entry leads the frame to host2. The way back uses the two entries of host2.':
    '设备应答 ARP 请求，它的转发表项把帧送到 host2。返回时用 host2 上的两个表项。',
  'It is the MAC address of c2 itself, although vxlan0 on host gave the answer.':
    '虽然是 host 上的 vxlan0 给出的应答，但这就是 c2 自己的 MAC 地址。',
  'Which MAC address does c1 have for 10.80.0.3 now?':
    'c1 现在记录的 10.80.0.3 的 MAC 地址是什么？',
  'that of c2': 'c2 的 MAC 地址',
  'still none': '还是没有',
  'The outer addresses are those of the machines, so every network between them carries the packet. The inner packet is unchanged: its ttl is still 64.':
    '外层地址是机器的地址，所以机器之间的任何网络都能传送这个包。内层包没有改变：它的 ttl 仍是 64。',
  'Which packet is on the wire between the machines?': '机器之间的线路上是哪个包？',
  'a UDP packet from host to host2': '从 host 到 host2 的 UDP 包',
  'only one from 10.80.0.2 to 10.80.0.3': '只有从 10.80.0.2 到 10.80.0.3 的包',
  'host must divide each large outer packet into fragments. That is slow, and many networks drop fragments: then small packets pass, and large ones vanish.':
    'host 必须把每个大的外层包分片。这样很慢，而且许多网络会丢弃分片：于是小包能通过，大包却消失了。',
  'c1 sends a packet of 1500 bytes to c2. Is an outer packet divided?':
    'c1 向 c2 发送一个 1500 字节的包。外层包会被分片吗？',
  'Now the containers themselves send packets of at most 1450 bytes. With the 50 bytes of the tunnel, they fit into 1500. TCP adapts its segments to this MTU.':
    '现在容器自己发送的包最多 1450 字节。加上隧道的 50 字节，正好不超过 1500。TCP 会按这个 MTU 调整分段大小。',
  'And with an MTU of 1450 in both containers?': '如果两个容器的 MTU 都是 1450 呢？',
  'outer packets are still divided': '外层包仍然被分片',
  'no outer packet is divided': '没有外层包被分片',
}

export default catalogue
