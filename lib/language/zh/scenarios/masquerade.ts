// Translates the scenario masquerade into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'How a private network reaches the Internet': '私有网络如何访问互联网',
  "172.18.0.0/24 is a private range (RFC 1918). Anybody may use it, so no machine on the Internet has a route to it. A packet can leave, but the answer cannot come back.\n\nMasquerading solves this. It is a form of NAT (network address translation). The host replaces the sender's address with its own, and remembers the connection (connection tracking, conntrack). When the answer arrives, the host restores the original address.":
    '172.18.0.0/24 是私有网段（RFC 1918）。任何人都可以使用它，所以互联网上没有任何机器有到它的路由。包可以出去，应答却回不来。\n\n地址伪装（MASQUERADE）可以解决这个问题。它是网络地址转换（NAT）的一种：宿主机把发送方的地址换成自己的地址，并记住这条连接（连接跟踪，conntrack）。应答到达时，宿主机再换回原来的地址。',
  'A namespace behind a bridge': '网桥后面的命名空间',
  'Build the same network as before: a cable, a bridge and an address.':
    '搭建和之前一样的网络：一根网线、一个网桥和一个地址。',
  'A gateway': '网关',
  'Give the bridge an address: in this network, the host is now 172.18.0.1. The default route of ns1 sends every packet for another network there.':
    '给网桥配置一个地址：在这个网络里，宿主机就是 172.18.0.1。ns1 的默认路由把发往其他网络的包都交给它。',
  'ns1 has no route to 198.51.100.1': 'ns1 没有到 198.51.100.1 的路由',
  'ns1 reaches the gateway': 'ns1 能到达网关',
  Forwarding: '转发',
  'A Linux host drops packets that are not for itself. It forwards them, like a router, only if forwarding is on. Forwarding is a sysctl, which is a setting of the kernel.':
    'Linux 主机会丢弃不是发给自己的包。只有打开转发，它才会像路由器一样转发这些包。转发是一个 sysctl，即内核参数。',
  'without forwarding, no packet of ns1 leaves the host': '没有打开转发，ns1 的包离不开宿主机',
  'with forwarding, the request arrives outside with the source 172.18.0.2':
    '打开转发后，请求到达 outside，源地址是 172.18.0.2',
  'outside sends no answer': 'outside 没有发出应答',
  MASQUERADE: '地址伪装 MASQUERADE',
  'The rule matches packets from our network that leave through eth0, and gives them the address of eth0 as their source. It is in the chain POSTROUTING. Packets pass this chain after the routing decision, when the outgoing interface is known.':
    '这条规则匹配来自我们的网络、从 eth0 出去的包，把它们的源地址改成 eth0 的地址。规则在 POSTROUTING 链中。包在路由决策之后才经过这条链，这时已经知道从哪个接口出去。',
  'ns1 reaches 198.51.100.1': 'ns1 能到达 198.51.100.1',
  'outside sees the address of the host as the source': '在 outside 看来，源地址是宿主机的地址',
  'ns1 fetches a web page': 'ns1 能取到网页',
  'the server logs the address of the host as its client': '服务器日志里，客户端是宿主机的地址',
  'the host remembers which connection the answers belong to': '宿主机记得应答属于哪条连接',
}

export default catalogue
