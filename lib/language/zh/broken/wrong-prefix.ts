// Translates the broken network wrong-prefix into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'ns1 reaches the Internet, but not db; ns2 reaches both':
    'ns1 能到达互联网，却到达不了 db；ns2 两者都能到达',
  "In this lab the two networks may talk to each other. ns2 reaches db. ns1, which was set up by hand yesterday, does not: after a while it says 'Destination Host Unreachable'. ns1 reaches the Internet.":
    '在这里，两个网络允许互相访问。ns2 能到达 db。昨天手工配置的 ns1 却不行：过一会儿报告“Destination Host Unreachable”。ns1 能到达互联网。',
  'The error comes from ns1 itself. What does ns1 try? tcpdump -ni br0 arp':
    '错误来自 ns1 自己。ns1 在尝试什么？tcpdump -ni br0 arp',
  'ns1 looks for db on its own bridge, and does not send to the host. Why? ip -n ns1 route get 172.19.0.2':
    'ns1 在自己的网桥上找 db，而不是把包交给宿主机。为什么？ip -n ns1 route get 172.19.0.2',
  'Compare the prefix lengths after the slash: ip -n ns1 -brief address; ip -n ns2 -brief address':
    '比较斜杠后面的前缀长度：ip -n ns1 -brief address; ip -n ns2 -brief address',
  'ns1 reaches db': 'ns1 能到达 db',
  'the host reaches db': '宿主机能到达 db',
  'The address with the right prefix, then the route that was deleted with the old address':
    '配上前缀正确的地址，再补上随旧地址一起删除的路由',
  'First add the right address, then delete the wrong one: the routes stay':
    '先添加正确的地址，再删除错误的：路由得以保留',
  'ns1 sends packets for every other network to its gateway':
    '发往其他每个网络的包，ns1 都交给网关',
  'A more specific route for this network: it cures the symptom, not the fault':
    '为这个网络加一条更具体的路由：症状没有了，故障还在',
  'Attach the cable of db to br0: the host no longer finds db':
    '把 db 的网线接到 br0 上：宿主机找不到 db 了',
  'Only the right address: the default route was deleted with the old one':
    '只改地址：默认路由随旧地址一起被删除了',
  'The prefix length says which addresses are on the same network. /8 means 172.0.0.0 to 172.255.255.255, and 172.19.0.2 (db) is one of them. So ns1 did not send to the host. It asked for db on br0 by ARP and got no answer. 198.51.100.1 is not in this range, so its packets took the default route as before. When the last address of an interface is deleted, the kernel also deletes the routes through it.':
    '前缀长度说明哪些地址在同一个网络上。/8 就是 172.0.0.0 到 172.255.255.255，172.19.0.2（db）也在其中。所以 ns1 没有把包交给宿主机，而是在 br0 上用 ARP 询问 db，没有得到应答。198.51.100.1 不在这个范围内，它的包照旧走默认路由。删除接口上的最后一个地址时，内核也会删除经过它的路由。',
  'ns1 sends packets for 172.18.1.2 to its gateway: it is on another network':
    'ns1 把发往 172.18.1.2 的包交给网关：它在另一个网络上',
  'ns1 reaches all machines of its own network without a router':
    'ns1 不经过路由器就能到达自己网络上的所有机器',
  'A longer prefix that is still too short': '前缀变长了，但仍然太短',
  'The prefix is too long: half of the network is now behind the router':
    '前缀太长：自己网络的一半现在要经过路由器',
}

export default catalogue
