// The broken network bridge-port in Chinese: every text that it is the first to say.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'ns1 reaches nobody at all': 'ns1 谁都访问不到',
  'Since somebody worked on the host, ns1 reaches neither ns2 nor the host nor the Internet. Its address and its routes are as they should be, and its interface is up.':
    '有人在宿主机上动过手之后，ns1 访问不到 ns2，访问不到宿主机，也上不了互联网。它的地址和路由都是对的，接口也是启用状态。',
  'A bridge is down.': '有一个网桥没有启用。',
  'Two namespaces have the same address.': '两个网络命名空间用了同一个地址。',
  'ns1 asks for its neighbours and hears nothing. How far do its questions come? tcpdump -ni veth1 arp, then tcpdump -ni br0 arp':
    'ns1 在询问邻居，却听不到任何回答。它的询问走到了哪里？先 tcpdump -ni veth1 arp，再 tcpdump -ni br0 arp',
  'They arrive at the other end of the cable, and not on the bridge. Which ports has it? bridge link':
    '询问到了网线的另一端，却没有到网桥上。网桥有哪些端口？bridge link',
  'ns1 reaches ns2': 'ns1 能访问 ns2',
  'Plug it in': '把它接到网桥上',
  'The same in the older tool': '用旧工具做同样的事',
  'A new cable, which is plugged in from the start': '换一根新网线，一开始就接在网桥上',
  "All of them into the bridge that works, db's: the fence between them is gone":
    '全部接到那个正常的网桥（db 的）上：两个网络之间的隔离没了',
  "A veth pair is a cable, and nothing more: what ns1 sends comes out at veth1 on the host. Only as a port of br0 (its 'master') does veth1 pass frames on to the others. Everything inside ns1 looked right because it was right; the cable's other end is where nobody looks.":
    '一对 veth 就是一根网线，仅此而已：ns1 发出的包从宿主机上的 veth1 出来。只有当 veth1 是 br0 的端口（br0 是它的 master）时，帧才会传给其他端口。ns1 里面看上去都对，是因为确实都对；问题出在没人去看的网线另一端。',
}

export default catalogue
