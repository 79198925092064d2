// The broken network duplicate-address in Chinese: every text that it is the first to say.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'The page of ns1 is refused now and then, and lately always':
    'ns1 的网页时不时被拒绝，最近一直被拒绝',
  'Since ns2 was set up again, the published page of ns1 comes and goes: for hours it works, then everybody is refused. ns1 runs, its server listens, and pinging 172.18.0.2 always works.':
    '自从重新配置了 ns2，ns1 发布的网页就时好时坏：好几个小时正常，然后谁访问都被拒绝。ns1 在运行，它的服务在监听，ping 172.18.0.2 也总是通的。',
  'Somebody refuses the connection. Is it ns1? ip netns exec ns1 tcpdump -ni eth0 tcp port 80':
    '有谁拒绝了连接。是 ns1 吗？ip netns exec ns1 tcpdump -ni eth0 tcp port 80',
  'Which hardware address has the host for 172.18.0.2, and whose is it? ip neigh show dev br0; ip -n ns1 link show eth0':
    '宿主机记下的 172.18.0.2 的硬件地址是什么，属于谁？ip neigh show dev br0; ip -n ns1 link show eth0',
  'ns2 has it. It needs an address of its own again (it had 172.18.0.3), and what the host remembers must go: ip neigh flush dev br0':
    '是 ns2 的。ns2 要重新有自己的地址（原来是 172.18.0.3），宿主机邻居表里记着的也要清掉：ip neigh flush dev br0',
  'the host reads the page of ns1': '宿主机能读到 ns1 的网页',
  'ns2 reaches a server on the Internet': 'ns2 能访问互联网上的一台服务器',
  'ns2 gets its own address again, and the host forgets what it learned':
    'ns2 换回自己的地址，宿主机忘掉学到的邻居',
  'ns2 gets another free address': 'ns2 换成另一个空闲地址',
  'ns2 unplugged: it is cut off': '拔掉 ns2：它断网了',
  'The hardware address of ns1 written down on the host: the answers for ns2 go there, too':
    '在宿主机上写死 ns1 的硬件地址：给 ns2 的应答也送到了那里',
  'Rules flushed on the way, the fence among them': '顺手清空规则，隔离也没了',
  'Two on one wire with the same address both answer the question for it (ARP), and whoever is heard gets everything, until the entry is asked for anew. So it works for hours, then fails for hours; and ping always works, because either of them answers. Addresses must be given out by one who keeps a record. After an address has changed hands, its neighbours remember the old one for a while: who takes an address over announces it (gratuitous ARP).':
    '同一条链路上两台机器用同一个地址，都会回答对它的询问（ARP），谁的回答被采信，包就都给谁，直到下一次重新询问。所以时好时坏，一次就是几个小时；而 ping 总是通的，因为谁都会应答。地址应当由有记录的一方统一分配。地址换了主人之后，邻居还会记得旧主人一阵子：接手地址的一方要主动通告（免费 ARP）。',
}

export default catalogue
