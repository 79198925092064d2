// The broken network no-default-route in Chinese: every text that it is the first to say.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'ns1 finds the network unreachable, and its page is gone':
    'ns1 报告网络不可达，它发布的网页也打不开了',
  "ns1 reaches ns2 and the host's 172.18.0.1, and nothing else: 'Network is unreachable'. Outside, nobody gets its page any more. ns2 has no trouble.":
    "ns1 能访问 ns2 和宿主机的 172.18.0.1，除此以外一律 'Network is unreachable'。外面也没人能打开它的网页了。ns2 一切正常。",
  "A cable's end is not plugged into its bridge.": '有一端网线没有接到网桥上。',
  'The prefix length of an address is wrong, so others seem to be on the same wire.':
    '某个地址的前缀长度不对，于是别的机器看起来就在同一条链路上。',
  'Who says it? ping said so at once, without sending anything: ask the kernel of ns1 itself.':
    '这句话是谁说的？ping 立刻就报错了，什么都没有发出去：去问 ns1 自己的内核。',
  'How does ns1 decide where a packet goes? ip -n ns1 route; and for comparison: ip -n ns2 route':
    'ns1 怎样决定包往哪里发？ip -n ns1 route；对比一下：ip -n ns2 route',
  'ns2 reads the page of ns1 at its own address': 'ns2 能在 ns1 自己的地址上读到它的网页',
  'A default route through the host': '加一条经过宿主机的默认路由',
  'Two halves of the Internet, as VPN programs do it': '把互联网分成两半，VPN 程序就是这样做的',
  'Everything is on the wire, and the host answers for it (proxy ARP)':
    '让一切都像在同一条链路上，由宿主机代答（代理 ARP）',
  'ns1 gets a new address with a route, and its neighbours do not find it':
    '给 ns1 换一个新地址并配上路由，邻居就找不到它了',
  'An address with its prefix makes a route to its own network, and no other. Without a default route the kernel of ns1 has no next hop for 198.51.100.1 and refuses at once; and when a client outside asks the published port, the answer has no way either. The default route disappears without a word when the address or the interface that it goes through does.':
    '一个带前缀的地址只会产生到自己网段的路由。没有默认路由，ns1 的内核就没有到 198.51.100.1 的下一跳，于是立刻拒绝；外面的客户端访问已发布的端口时，应答同样无路可走。默认路由所依赖的地址或接口一旦消失，它也会悄无声息地消失。',
}

export default catalogue
