// Translates the broken network bridge-port into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'ns1 reaches no other machine': 'ns1 访问不到任何其他机器',
  'Yesterday somebody worked on the host. Since then, ns1 reaches neither ns2 nor the host nor the Internet. Its address and its routes are right, and its interface is up.':
    '昨天有人在宿主机上做过改动。从那以后，ns1 访问不到 ns2，访问不到宿主机，也上不了互联网。它的地址和路由都是对的，接口也处于 up 状态。',
  'A bridge is down.': '有一个网桥处于 down 状态。',
  'Two namespaces have the same address.': '两个网络命名空间用了同一个地址。',
  'ns1 asks for its neighbours by ARP and gets no answer. How far do its requests get? tcpdump -ni veth1 arp, then tcpdump -ni br0 arp':
    'ns1 用 ARP 询问邻居，得不到应答。它的请求走到了哪里？先运行 tcpdump -ni veth1 arp，再运行 tcpdump -ni br0 arp',
  'The requests arrive at the other end of the cable, but not on the bridge. Which ports does the bridge have? bridge link':
    '请求到了网线的另一端，却没有到网桥上。网桥有哪些端口？bridge link',
  'ns1 reaches ns2': 'ns1 能到达 ns2',
  'Attach veth1 to br0': '把 veth1 接到 br0 上',
  'The same with the older tool': '用旧工具做同样的事',
  'A new cable, attached from the start': '换一根新网线，一开始就接在网桥上',
  'Attach everything to br1, the bridge that works: the two networks are no longer separated':
    '全部接到正常的网桥 br1 上：两个网络不再隔离',
  "A veth pair is only a cable: what ns1 sends comes out at veth1 on the host. veth1 passes frames to the other namespaces only while it is a port of br0 (br0 is its 'master'). Everything inside ns1 looked right, because it was right. The fault was at the other end of the cable.":
    'veth 对只是一根网线：ns1 发出的帧从宿主机上的 veth1 出来。只有当 veth1 是 br0 的端口（br0 是它的 master）时，帧才会传给其他命名空间。ns1 里面看上去都对，因为确实都对。故障在网线的另一端。',
  'ns1 reaches ns2 with ttl 1: no router is between them':
    'ns1 用 ttl 1 就能到达 ns2：它们之间没有路由器',
  'The host routes between the cable and br0: ns1 is still not on the bridge':
    '宿主机在网线和 br0 之间做路由：ns1 仍然不在网桥上',
}

export default catalogue
