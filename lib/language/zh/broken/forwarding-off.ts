// The broken network forwarding-off in Chinese: every text that it is the first to say.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'Since the reboot, nobody behind the host reaches the Internet':
    '重启之后，宿主机后面谁都上不了互联网',
  'The host was restarted last night. Since then neither ns1 nor db gets an answer from the Internet. From the host itself everything works, and ns1 and ns2 reach each other.':
    '昨晚宿主机重启过。从那以后，ns1 和 db 都收不到互联网的应答。宿主机自己一切正常，ns1 和 ns2 之间也互相可达。',
  'The host does not forward packets from one interface to another.':
    '宿主机不在接口之间转发数据包。',
  'Packets leave with their private source address: no rule translates it.':
    '数据包带着私有源地址就出去了：没有规则为它做地址转换。',
  'ns1 has no default route.': 'ns1 没有默认路由。',
  'The firewall of the host drops what it should pass on.': '宿主机的防火墙丢弃了本该放行的包。',
  'How far do the packets of ns1 come? Watch them: tcpdump -ni br0 icmp, then tcpdump -ni eth0 icmp.':
    'ns1 的包走到了哪里？抓包看看：先 tcpdump -ni br0 icmp，再 tcpdump -ni eth0 icmp。',
  'They arrive on br0 and never leave by eth0: the host keeps them. Who decides about that?':
    '包到了 br0，却从来没有从 eth0 出去：被宿主机扣下了。这由谁决定？',
  'A setting of the kernel that a reboot resets: sysctl net.ipv4.conf.all.forwarding':
    '一个重启后会复位的内核参数：sysctl net.ipv4.conf.all.forwarding',
  'ns1 reaches a server on the Internet': 'ns1 能访问互联网上的一台服务器',
  'db reaches a server on the Internet': 'db 能访问互联网上的一台服务器',
  'ns1 cannot reach db: the two networks are kept apart': 'ns1 访问不到 db：两个网络是隔离的',
  'Switch it on by sysctl': '用 sysctl 打开转发',
  'The same by its older name': '用它的旧名字，效果相同',
  'Only where packets come in that are to be passed on': '只在需要转发的入接口上打开',
  'Flush the firewall first, as many a page on the web advises':
    '像网上许多文章说的那样，先清空防火墙',
  "A packet for another machine's address is passed on only where the interface that it came in by has forwarding switched on; otherwise the host drops it, without a word to anybody. The default is off, a sysctl is forgotten with the reboot, and a container engine sets it each time it starts. The host's own packets are not forwarded, which is why it noticed nothing.":
    '发给别的机器的包，只有在它进来的那个接口打开了转发时才会被转发；否则宿主机直接丢弃，不通知任何人。默认是关闭的，用 sysctl 设置的值重启后就没了，而容器引擎每次启动时都会设置它。宿主机自己发出的包不算转发，所以它毫无察觉。',
}

export default catalogue
