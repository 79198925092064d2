// Translates the broken network tunnel-mtu into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'ping and small pages work between c1 and c2; large ones hang':
    'c1 和 c2 之间 ping 和小网页正常，大网页却卡住',
  'The provider has moved host2 to another building. Since then, c1 and c2 reach each other by ping, and small pages load. Large pages and copies hang for ever. Between c1 and c3 all is well. The provider says that the wire of host2 carries 1,400 bytes, and that this stays so.':
    '服务商把 host2 搬到了另一栋楼。从那以后，c1 和 c2 能互相 ping 通，小网页能打开，大网页和文件复制却永远卡住。c1 和 c3 之间一切正常。服务商说，host2 的线路能传送 1,400 字节，而且不会改变。',
  'How large may a packet be? Try several sizes: ip netns exec c1 ping -c 1 -W 1 -M do -s 1300 10.80.0.3':
    '包最大可以多大？试几种大小：ip netns exec c1 ping -c 1 -W 1 -M do -s 1300 10.80.0.3',
  'The outer headers of the tunnel need 50 bytes. How much of the 1,400 bytes of the wire is left for a packet of a container?':
    '隧道的外层首部需要 50 字节。线路的 1,400 字节还剩多少给容器的包？',
  'The containers send up to 1,450 bytes: ip -n c1 link show eth0. All that may send through this wire need a smaller MTU.':
    '容器发送的包最大 1,450 字节：ip -n c1 link show eth0。所有可能经过这条线路发送的容器都需要更小的 MTU。',
  'c1 reaches c2 with the largest packet that its own MTU allows':
    'c1 用自己 MTU 允许的最大包能到达 c2',
  'c2 reaches c1 with the largest packet that its own MTU allows':
    'c2 用自己 MTU 允许的最大包能到达 c1',
  'c3 reaches c2 with the largest packet that its own MTU allows':
    'c3 用自己 MTU 允许的最大包能到达 c2',
  'c1 reaches c2 with a packet of 1,300 bytes, undivided': 'c1 用 1,300 字节的包能到达 c2，不分片',
  'the wire of host2 belongs to the provider: it carries 1,400 bytes':
    'host2 的线路属于服务商：它能传送 1,400 字节',
  'All containers send at most 1,350 bytes: 50 less than the smallest wire':
    '所有容器最多发送 1,350 字节：比最小的线路少 50',
  'The same with some reserve': '同样的办法，再留一些余量',
  'A smaller MTU in c1 alone: c2 still sends packets that are too large':
    '只在 c1 上减小 MTU：c2 仍然发送过大的包',
  'A larger MTU on the wire: it belongs to the provider': '增大线路的 MTU：它属于服务商',
  'A very small MTU everywhere: packets that the wire carries are refused':
    '到处都用很小的 MTU：线路能传送的包也被拒绝',
  'A smaller MTU everywhere, and a new tunnel without the entries for c3':
    '到处都减小 MTU，但新建的隧道没有 c3 的表项',
  'A container sent 1,450 bytes, the tunnel added 50, and the outer packet of 1,500 bytes did not fit through the wire of host2. A switch sends no errors, so nobody told the machines, and they told their containers nothing. Small packets passed, so ping and the TCP handshake worked, and the first full segment was lost. The MTU inside a tunnel must be 50 bytes smaller than that of the smallest wire on the way (70 over IPv6).':
    '容器发送了 1,450 字节，隧道又加上 50 字节，1,500 字节的外层包无法通过 host2 的线路。交换机不发送错误报文，所以没有人告知这些机器，它们也没有告知自己的容器。小包能通过，所以 ping 和 TCP 握手正常，第一个满长的分段却丢失了。隧道内的 MTU 必须比路径上最小线路的 MTU 小 50 字节（IPv6 上是 70）。',
}

export default catalogue
