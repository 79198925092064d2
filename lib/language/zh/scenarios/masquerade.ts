// The scenario masquerade in Chinese: every text that it is the first to say, and none besides.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'How a private network reaches the Internet': '私有网络如何访问互联网',
  "172.18.0.0/24 is private: anybody may use it at home, so nobody on the Internet has a route to it (RFC 1918). A packet can leave, but no answer finds its way back.\n\nMasquerading solves this with a lie: the host writes its own address over the sender's, remembers the connection (conntrack), and turns the answers back.":
    '172.18.0.0/24 是私有网段：谁都可以在自家使用，因此互联网上没有谁拥有到它的路由（RFC 1918）。包出得去，应答却找不到回来的路。\n\n地址伪装（MASQUERADE）用一个“谎言”解决这个问题：宿主机用自己的地址盖掉发送者的源地址，记住这条连接（连接跟踪，conntrack），再把应答还原回去。',
  'A namespace behind a bridge': '网桥后面的命名空间',
  'As before: a cable, a bridge, an address; and a web server far away.':
    '和之前一样：一根网线、一个网桥、一个地址；再加上远处的一台 Web 服务器。',
  'A gateway': '网关',
  'The bridge gets an address: in this network, the host is 172.18.0.1. The namespace sends everything else there.':
    '给网桥配一个地址：在这个网络里，宿主机就是 172.18.0.1。命名空间把其余的包都发给它。',
  'the namespace has nowhere to send a packet for 198.51.100.1':
    '发往 198.51.100.1 的包，命名空间无处可送',
  'the gateway answers': '网关有应答',
  Forwarding: '转发',
  'A host drops what is not for itself, unless it is told to be a router.':
    '不是发给自己的包，主机会丢弃，除非让它充当路由器。',
  'nothing leaves the host': '没有任何包离开宿主机',
  'now the request arrives outside, from 172.18.0.2': '现在请求到达了 outside，源地址是 172.18.0.2',
  'but no answer ever leaves there': '但那里从来没有发出应答',
  MASQUERADE: '地址伪装 MASQUERADE',
  'Whatever comes from our network and leaves through eth0 gets the address of eth0 as its source. The rule is in POSTROUTING: by then, the way out is known.':
    '凡是来自我们的网络、从 eth0 出去的包，源地址都改成 eth0 的地址。规则放在 POSTROUTING：到了这一步，出口已经确定。',
  '198.51.100.1 answers': '198.51.100.1 有应答',
  'outside sees the host as the sender': '在 outside 看来，发送者是宿主机',
  'a web page can be fetched': '可以取到网页',
  'the server logs the address of the host as its client': '服务器日志里，客户端是宿主机的地址',
  'the host remembers whom the answers are for': '宿主机记得应答该交给谁',
}

export default catalogue
