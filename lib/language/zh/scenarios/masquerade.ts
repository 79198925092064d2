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
  'ns1 fetches a web page, and the server sees the address of the host':
    'ns1 能取到网页，服务器看到的是宿主机的地址',
  'the host remembers which connection the answers belong to': '宿主机记得应答属于哪条连接',

  // questions, and why it is so
  'ns1 only has the route to its own network. So the kernel refuses before it sends a packet.':
    'ns1 只有到本网段的路由。所以内核还没发送就拒绝了。',
  '172.18.0.1 is in the network of ns1, and the host has this address on br0. No router is needed for that.':
    '172.18.0.1 在 ns1 的网段内，宿主机的 br0 上有这个地址。这不需要路由器。',
  'The packet arrives at br0, but it is not for the host itself. With forwarding off, the kernel drops it without a message.':
    '包到达 br0，但它不是发给宿主机自己的。转发关着，内核就把它丢弃，没有任何消息。',
  'Forwarding is off. What does the interface wan of outside see when ns1 pings?':
    '转发是关着的。ns1 ping 的时候，outside 的接口 wan 会看到什么？',
  'the request of ns1': 'ns1 的请求',
  nothing: '什么也没有',
  'With forwarding on, the host looks up 198.51.100.1 and sends the packet out of eth0. The source address stays 172.18.0.2: a router changes no addresses.':
    '转发打开后，宿主机查 198.51.100.1，把包从 eth0 发出去。源地址仍是 172.18.0.2：路由器不改地址。',
  'What happens with forwarding on?': '打开转发之后会怎样？',
  'the request arrives outside, from 172.18.0.2': '请求到达 outside，源地址是 172.18.0.2',
  'nothing arrives outside': '没有东西到达 outside',
  'outside has received the request, but it has no route to 172.18.0.0/24. So it has no way to send an answer.':
    'outside 收到了请求，但没有到 172.18.0.0/24 的路由。所以它没有办法发送应答。',
  'outside has received the request. Does it answer?': 'outside 收到了请求。它会应答吗？',
  'The host replaces the source by 203.0.113.2, to which outside has a route. When the answer arrives, the host restores 172.18.0.2.':
    '宿主机把源地址换成 203.0.113.2，outside 有到它的路由。应答到达时，宿主机再换回 172.18.0.2。',
  'MASQUERADE works in POSTROUTING, just before the packet leaves through eth0. On the way back, connection tracking undoes it.':
    'MASQUERADE 在 POSTROUTING 中起作用，就在包从 eth0 离开之前。返回时由连接跟踪还原。',
  'Which source address does outside see now?': 'outside 现在看到的源地址是什么？',
  '203.0.113.2, that of the host': '203.0.113.2，宿主机的地址',
  '172.18.0.2, that of ns1': '172.18.0.2，ns1 的地址',
  'The rule also applies to TCP: the server saw 203.0.113.2 as its client. It cannot know that ns1 exists.':
    '这条规则对 TCP 也有效：服务器看到的客户端是 203.0.113.2。它无从知道 ns1 的存在。',
  'ns1 reads a web page. Which client does the server see?':
    'ns1 读取一个网页。服务器看到的客户端是谁？',
  '203.0.113.2, the host': '203.0.113.2，宿主机',
  '172.18.0.2, ns1': '172.18.0.2，ns1',
  'The first half of the entry is the request, the second half is the answer that the kernel expects. It comes to 203.0.113.2, and that is how the kernel finds ns1 again.':
    '表项的前半是请求，后半是内核等待的应答。应答发到 203.0.113.2，内核就这样找回 ns1。',
  'How does the host know that an answer is for ns1?': '宿主机怎么知道应答是给 ns1 的？',
  'it remembers both address pairs of the connection': '它记住了连接的两对地址',
  'it sends answers to all namespaces': '它把应答发给所有命名空间',
  'A host forwards only if the sysctl says so, and then it changes no addresses.':
    '只有 sysctl 允许，宿主机才转发；转发时不改地址。',
  'A private source address gets no answer from the Internet, because nobody has a route back.':
    '私有的源地址得不到互联网的应答，因为没有机器有返回的路由。',
  "MASQUERADE gives packets the host's address, and connection tracking restores it in the answers.":
    'MASQUERADE 给包换上宿主机的地址，连接跟踪在应答中还原。',
  "iptables -t nat -S POSTROUTING: Docker's rule is '-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE'":
    "iptables -t nat -S POSTROUTING：Docker 的规则是 '-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE'",
  'conntrack -L --src-nat: the connections whose source was changed':
    'conntrack -L --src-nat：源地址被改过的连接',
  "kubectl exec POD -- curl -s ifconfig.me: the Internet sees the node's address, and not the pod's":
    'kubectl exec POD -- curl -s ifconfig.me：互联网看到的是节点的地址，而不是 pod 的',
}

export default catalogue
