// The broken network no-masquerade in Chinese: every text that it is the first to say.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'ns1 and ns2 get no answer from the Internet; db does':
    'ns1 和 ns2 收不到互联网的应答，db 却可以',
  'Somebody tidied up the rules of the host. ns1 and ns2 have not got an answer from the Internet since; db, on the other bridge, has. The host itself is fine.':
    '有人整理过宿主机上的规则。从那以后，ns1 和 ns2 再也没有收到过互联网的应答；另一个网桥上的 db 却正常。宿主机本身没有问题。',
  'The rule that translates source addresses is for the wrong interface.':
    '转换源地址的规则写错了接口。',
  'Do the packets leave the host? Watch them there: tcpdump -ni eth0 icmp':
    '包离开宿主机了吗？在那里抓包：tcpdump -ni eth0 icmp',
  'They leave. Look at the address that they come from: who on the Internet could answer it?':
    '包出去了。看看它的源地址：互联网上有谁能给这个地址回包？',
  'What does the host do for db that it does not do for ns1? iptables -t nat -vnL POSTROUTING':
    '有什么是宿主机为 db 做了、却没有为 ns1 做的？iptables -t nat -vnL POSTROUTING',
  'ns2 reads the page of a server on the Internet': 'ns2 能读到互联网上一台服务器的网页',
  'port 80 of the host leads to ns1, which sees the real address of its client':
    '宿主机的 80 端口通到 ns1，且 ns1 看到的是客户端的真实地址',
  'the Internet has no route to a private network: it is not yours to change':
    '互联网上没有到私有网络的路由：那里不归你改',
  'MASQUERADE: whatever address eth0 has': 'MASQUERADE：eth0 是什么地址就用什么地址',
  'SNAT: one address, written down': 'SNAT：把地址写死',
  'A table of your own in nft': '用 nft 建一张自己的表',
  'MASQUERADE for everybody and everything: ns1 no longer knows its clients':
    '对所有包做 MASQUERADE：ns1 再也看不到真实的客户端',
  "Flush the table and begin anew: db's rule and the published port are gone":
    '清空整张表重新写：db 的规则和端口映射都没了',
  'A route on the Internet to your private network': '在互联网上加一条到你私有网络的路由',
  "The requests of ns1 left the host with 172.18.0.2 as their source, and arrived. But that is a private address: everybody may have one like it, so nobody on the Internet has a route to it, and the answers had nowhere to go. MASQUERADE writes the host's address over it on the way out and remembers that, so that the answer can be turned back.":
    'ns1 的请求带着源地址 172.18.0.2 离开宿主机，也到达了对方。但那是私有地址：谁都可以使用同样的地址，所以互联网上没有到它的路由，应答无处可去。MASQUERADE 在出口把源地址改写成宿主机的地址，并记住这次改写，这样才能把应答还原回来。',
}

export default catalogue
