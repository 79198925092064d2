// Translates the broken network forwarding-off into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'Since the reboot, no namespace reaches the Internet any more':
    '重启之后，所有命名空间都上不了互联网',
  'The host was restarted last night. Since then, neither ns1 nor db gets an answer from the Internet. The host itself has no trouble, and ns1 and ns2 reach each other.':
    '昨晚宿主机重启过。从那以后，ns1 和 db 都收不到互联网的应答。宿主机自己一切正常，ns1 和 ns2 之间也互相可达。',
  'The host does not forward packets from one interface to another.':
    '宿主机不在接口之间转发数据包。',
  'Packets leave with their private source address: no rule translates it.':
    '数据包带着私有源地址就出去了：没有规则为它做地址转换。',
  'ns1 has no default route.': 'ns1 没有默认路由。',
  'The firewall of the host drops packets that it should forward.':
    '宿主机的防火墙丢弃了应该转发的包。',
  'How far do the packets of ns1 get? Watch them: tcpdump -ni br0 icmp, then tcpdump -ni eth0 icmp.':
    'ns1 的包走到了哪里？抓包看看：先运行 tcpdump -ni br0 icmp，再运行 tcpdump -ni eth0 icmp。',
  'They arrive on br0 and never leave through eth0: the host drops them. What decides about that?':
    '包到了 br0，却从来没有从 eth0 出去：被宿主机丢弃了。这由什么决定？',
  'A sysctl decides, and a reboot resets it: sysctl net.ipv4.conf.all.forwarding':
    '由一个 sysctl（内核参数）决定，重启会让它复位：sysctl net.ipv4.conf.all.forwarding',
  'ns1 reaches a server on the Internet': 'ns1 能到达互联网上的一台服务器',
  'db reaches a server on the Internet': 'db 能到达互联网上的一台服务器',
  'ns1 cannot reach db: the two networks are separated': 'ns1 到达不了 db：两个网络是隔离的',
  'Turn forwarding on with sysctl': '用 sysctl 打开转发',
  'The same with its older name': '用它的旧名字，效果相同',
  'Only on the interfaces where packets to forward come in': '只在需要转发的入接口上打开',
  'Flush the firewall first, as many pages on the web advise':
    '像网上许多文章说的那样，先清空防火墙',
  'The kernel forwards a packet for another machine only if forwarding is on for the interface where the packet came in. Otherwise it drops the packet without any message. Forwarding is off by default, and a reboot resets the sysctl. A container engine sets it each time it starts. The host does not forward its own packets, so the host itself noticed nothing.':
    '发给其他机器的包，只有在它进来的接口打开了转发时，内核才会转发。否则内核直接丢弃，没有任何消息。转发默认是关闭的，重启会让这个 sysctl 复位。容器引擎每次启动时都会设置它。宿主机自己发出的包不需要转发，所以宿主机自己没有受到影响。',
  'ns2 reads the page of ns1 at the published port': 'ns2 能通过发布的端口读到 ns1 的网页',
  'ns2 reads the page of ns1 at 172.18.0.2, and ns1 sees ns2 as its client':
    'ns2 能从 172.18.0.2 读到 ns1 的网页，ns1 看到的客户端是 ns2',
  'db cannot reach ns2: the two networks are separated': 'db 到达不了 ns2：两个网络是隔离的',
  'no two machines have the same address': '没有两台机器使用同一个地址',
}

export default catalogue
