// Translates the broken network duplicate-address into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'The page of ns1 is sometimes refused, and now always': 'ns1 的网页有时被拒绝，现在总是被拒绝',
  'Since ns2 was set up again, the published page of ns1 is not reliable. It works for hours, then every client is refused. ns1 runs, its server listens, and ping to 172.18.0.2 always works.':
    '自从重新配置了 ns2，ns1 发布的网页就不可靠了。它正常几个小时，然后所有客户端都被拒绝。ns1 在运行，它的服务器在监听，ping 172.18.0.2 也总是通的。',
  'Some machine refuses the connection. Is it ns1? ip netns exec ns1 tcpdump -ni eth0 tcp port 80':
    '有一台机器拒绝了连接。是 ns1 吗？ip netns exec ns1 tcpdump -ni eth0 tcp port 80',
  'Which MAC address does the host have for 172.18.0.2, and which machine has that MAC address? ip neigh show dev br0; ip -n ns1 link show eth0':
    '宿主机的邻居表里，172.18.0.2 对应哪个 MAC 地址？哪台机器有这个 MAC 地址？ip neigh show dev br0; ip -n ns1 link show eth0',
  'It is ns2. Give ns2 its own address again (it had 172.18.0.3), and flush the neighbour table of the host: ip neigh flush dev br0':
    '是 ns2。让 ns2 恢复自己的地址（原来是 172.18.0.3），并清空宿主机的邻居表：ip neigh flush dev br0',
  'the host reads the page of ns1': '宿主机能读到 ns1 的网页',
  'ns2 reaches a server on the Internet': 'ns2 能到达互联网上的一台服务器',
  'ns2 gets its own address again, and the neighbour table of the host is flushed':
    'ns2 恢复自己的地址，并清空宿主机的邻居表',
  'ns2 gets another free address': 'ns2 换成另一个空闲地址',
  'Detach ns2 from the bridge: it is cut off': '把 ns2 从网桥上断开：它断网了',
  'A permanent neighbour entry for ns1 on the host: answers for ns2 go to ns1 too':
    '在宿主机上为 ns1 写一条永久的邻居条目：给 ns2 的应答也发到了 ns1',
  'Flush all filter rules too: the two networks are no longer separated':
    '同时清空所有过滤规则：两个网络不再隔离',
  'Two namespaces on one bridge had the same address, and both answered ARP requests for it. The host sends all packets to the one that it heard, until it asks again. So the page works for hours and then fails for hours, while ping always works, because both answer it. One program must give out the addresses and keep a record of them. After an address moves to another machine, the neighbours remember the old one for a while. So the new owner should announce the address (gratuitous ARP).':
    '同一个网桥上的两个命名空间有相同的地址，都应答对它的 ARP 请求。宿主机把所有的包都发给它采信的那一个，直到下一次询问。所以网页正常几个小时，又失败几个小时；而 ping 总是通的，因为两个都会应答。地址必须由一个程序统一分配并保存记录。地址换到另一台机器之后，邻居还会记得旧的机器一段时间。所以新的拥有者应当主动通告这个地址（免费 ARP）。',
}

export default catalogue
