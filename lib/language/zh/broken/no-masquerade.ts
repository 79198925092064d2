// Translates the broken network no-masquerade into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'ns1 and ns2 get no answer from the Internet; db does':
    'ns1 和 ns2 收不到互联网的应答，db 却可以',
  'Somebody cleaned up the rules of the host. Since then, ns1 and ns2 get no answer from the Internet. db, on the other bridge, still gets answers. The host itself has no trouble.':
    '有人清理过宿主机上的规则。从那以后，ns1 和 ns2 收不到互联网的应答。另一个网桥上的 db 仍然正常。宿主机自己没有问题。',
  'The rule that translates source addresses names the wrong interface.':
    '转换源地址的规则写错了接口。',
  'Do the packets leave the host? Watch eth0: tcpdump -ni eth0 icmp':
    '包离开宿主机了吗？在 eth0 上抓包：tcpdump -ni eth0 icmp',
  'They leave. Look at their source address: can a machine on the Internet answer it?':
    '包出去了。看看它们的源地址：互联网上的机器能给这个地址应答吗？',
  'What does the host do for db, but not for ns1? iptables -t nat -vnL POSTROUTING':
    '宿主机为 db 做了什么，却没有为 ns1 做？iptables -t nat -vnL POSTROUTING',
  'ns2 reads the page of a server on the Internet': 'ns2 能读到互联网上一台服务器的网页',
  'port 80 of the host leads to ns1, and ns1 sees the real address of its client':
    '宿主机的 80 端口通到 ns1，且 ns1 看到的是客户端的真实地址',
  'the Internet has no route to a private network, and you may not add one':
    '互联网上没有到私有网络的路由，你也不可以添加',
  'MASQUERADE: the address that eth0 has at the moment': 'MASQUERADE：使用 eth0 当前的地址',
  'SNAT: one fixed address': 'SNAT：一个固定的地址',
  'Your own table in nft': '用 nft 建一张自己的表',
  'MASQUERADE for all packets: ns1 no longer sees its real clients':
    '对所有的包做 MASQUERADE：ns1 看不到真实的客户端',
  'Flush the table and write it again: the rule for db and the published port are gone':
    '清空整张表重新写：db 的规则和端口映射都没了',
  'Add a route to your private network on the Internet': '在互联网上加一条到你私有网络的路由',
  "The requests of ns1 left the host with 172.18.0.2 as their source, and arrived. But this is a private address. Anybody may use the same one, so no machine on the Internet has a route to it. The answers could not come back. MASQUERADE replaces the source with the host's address and remembers the change. So the host can restore the address in the answer.":
    'ns1 的请求带着源地址 172.18.0.2 离开宿主机，也到达了对方。但这是私有地址。任何人都可以使用同样的地址，所以互联网上没有任何机器有到它的路由，应答回不来。MASQUERADE 把源地址换成宿主机的地址，并记住这次修改。这样宿主机才能还原应答中的地址。',
}

export default catalogue
