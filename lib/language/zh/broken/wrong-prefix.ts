// The broken network wrong-prefix in Chinese: every text that it is the first to say.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'ns1 reaches the Internet, but not db next door; ns2 does both':
    'ns1 能上互联网，却访问不到隔壁的 db；ns2 两样都行',
  "Here the two networks may talk to each other. ns2 reaches db. ns1, which was set up by hand yesterday, does not: after a while it says 'Destination Host Unreachable'. The Internet is no trouble for it.":
    '在这里，两个网络允许互相访问。ns2 能访问 db。昨天手工配置的 ns1 却不行：过一会儿报 “Destination Host Unreachable”。它上互联网没有问题。',
  'The refusal comes from ns1 itself. What does it try? tcpdump -ni br0 arp':
    '拒绝来自 ns1 自己。它在尝试什么？tcpdump -ni br0 arp',
  'ns1 looks for db on its own wire. Why there, and not at the host? ip -n ns1 route get 172.19.0.2':
    'ns1 在自己的链路上找 db。为什么在那里找，而不是交给宿主机？ip -n ns1 route get 172.19.0.2',
  'Compare the numbers behind the slash: ip -n ns1 -brief address; ip -n ns2 -brief address':
    '比较斜杠后面的数字：ip -n ns1 -brief address; ip -n ns2 -brief address',
  'ns1 reaches db': 'ns1 能访问 db',
  'the host reaches db': '宿主机能访问 db',
  'The address with the right prefix, then the route that went with the old one':
    '配上前缀正确的地址，再补上随旧地址一起消失的路由',
  'First the right one, then the wrong one away: the routes stay':
    '先加正确的，再删错误的：路由得以保留',
  'A more exact route for this one network: it ends the symptom, not the fault':
    '为这一个网络加一条更精确的路由：症状没了，故障还在',
  "db's cable into br0: now the host does not find it":
    '把 db 的网线接到 br0 上：这下宿主机找不到它了',
  'Only the right address: the default route went with the old one':
    '只改地址：默认路由随旧地址一起没了',
  "The prefix says who is on the same wire. With /8, that is 172.0.0.0 to 172.255.255.255: db's 172.19.0.2 is among them, so ns1 did not send to the host but asked for it on br0 by ARP, and nobody answered. 198.51.100.1 is not, and went by the default route as ever. Deleting the last address of an interface also deletes the routes through it.":
    '前缀说明谁在同一条链路上。/8 就是 172.0.0.0 到 172.255.255.255：db 的 172.19.0.2 也在其中，所以 ns1 没有把包交给宿主机，而是在 br0 上用 ARP 询问，没人回答。198.51.100.1 不在其中，照旧走默认路由。删掉接口上的最后一个地址，经过它的路由也会一起被删。',
}

export default catalogue
