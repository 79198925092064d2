// Translates the broken network no-default-route into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  "ns1 says 'Network is unreachable', and its page is gone":
    "ns1 报告 'Network is unreachable'，它发布的网页也打不开了",
  "ns1 reaches ns2 and the host's 172.18.0.1. For every other address it says 'Network is unreachable'. Outside, its page can no longer be read. ns2 has no trouble.":
    "ns1 能到达 ns2 和宿主机的 172.18.0.1。对其他所有地址，它都报告 'Network is unreachable'。外部也打不开它的网页了。ns2 一切正常。",
  'One end of a cable is not attached to its bridge.': '有一根网线的一端没有接到网桥上。',
  'The prefix length of an address is wrong, so other networks seem to be directly reachable.':
    '某个地址的前缀长度不对，于是其他网络看起来可以直接到达。',
  'Which machine says this? ping failed at once and sent nothing. So ask the kernel of ns1 itself.':
    '这个错误来自哪台机器？ping 立刻失败，什么都没有发出去。所以要问 ns1 自己的内核。',
  'How does ns1 decide where to send a packet? ip -n ns1 route; compare it with: ip -n ns2 route':
    'ns1 怎样决定把包发往哪里？ip -n ns1 route；对比一下：ip -n ns2 route',
  'ns2 reads the page of ns1 at 172.18.0.2': 'ns2 能在 172.18.0.2 读到 ns1 的网页',
  'A default route through the host': '加一条经过宿主机的默认路由',
  'Two routes, each for one half of the Internet, as VPN programs do':
    '两条路由，各管互联网的一半，VPN 程序就是这样做的',
  'A default route through the device, and the host answers ARP for all addresses (proxy ARP)':
    '指定设备的默认路由，由宿主机应答所有地址的 ARP 请求（代理 ARP）',
  'Give ns1 a new address and a route: its neighbours no longer find it':
    '给 ns1 换一个新地址并配上路由：邻居找不到它了',
  'An address with its prefix length adds a route to its own network, and no other. Without a default route, the kernel of ns1 has no next hop for 198.51.100.1 and refuses at once. When a client outside uses the published port, the answer has no route either. A default route disappears without a message when its address or its interface disappears.':
    '一个带前缀长度的地址只会添加到自己网段的路由。没有默认路由，ns1 的内核就没有到 198.51.100.1 的下一跳，于是立刻拒绝。外部的客户端访问发布的端口时，应答同样没有路由。默认路由所依赖的地址或接口消失时，它也会消失，没有任何消息。',
  'ns1 sends a packet for 192.0.2.7 to the host':
    'ns1 把发往其他任何地址（例如 192.0.2.7）的包交给宿主机',
  'ns1 sends a packet for 100.64.0.1 to the host':
    'ns1 把发往其他任何地址（例如 100.64.0.1）的包交给宿主机',
  'Routes only for the two machines of the complaint: ns1 still has no default route':
    '只给投诉中的两台机器加路由：ns1 仍然没有默认路由',
  'A default route for one half of all addresses': '只覆盖一半地址的默认路由',
}

export default catalogue
