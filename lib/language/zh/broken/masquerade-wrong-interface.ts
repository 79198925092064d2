// The broken network masquerade-wrong-interface in Chinese: every text that it is the first to say.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'The rule for the way out is there, and ns1 gets no answer':
    '出口的规则明明在，ns1 还是收不到应答',
  'ns1 and ns2 get no answer from the Internet. A colleague has looked: forwarding is on, and there is a MASQUERADE rule for 172.18.0.0/24. So it cannot be that, says the colleague.':
    'ns1 和 ns2 收不到互联网的应答。同事已经看过：转发是开的，也有一条针对 172.18.0.0/24 的 MASQUERADE 规则。同事说：所以不会是这个问题。',
  'With which source address do the packets leave? tcpdump -ni eth0 icmp':
    '包离开时的源地址是什么？tcpdump -ni eth0 icmp',
  'Rules count the packets that they match: iptables -t nat -vnL POSTROUTING. Which counter stays at 0?':
    '规则会给匹配到的包计数：iptables -t nat -vnL POSTROUTING。哪个计数器一直是 0？',
  "'-o' names the interface by which a packet leaves. By which does one for the Internet leave?":
    '“-o”指的是包从哪个接口出去。发往互联网的包从哪个接口出去？',
  'The rule for the right interface in the place of the wrong one':
    '用写对接口的规则替换写错的那一条',
  'As Docker writes it: by every way but the bridge': '像 Docker 那样写：除了网桥以外的任何出口',
  'No interface and no source at all: ns1 no longer knows its clients':
    '不限接口也不限源地址：ns1 再也看不到真实的客户端',
  "The whole chain written anew, without db's rule": '重写整条链，却漏了 db 的规则',
  "POSTROUTING comes after the routing decision, so '-o' is the interface by which the packet is about to leave: eth0 for the Internet. A rule for '-o br0' sees only what goes to the namespaces. That a rule exists says nothing; its counter says whether it ever matched.":
    'POSTROUTING 在路由决策之后，所以“-o”是包即将离开的那个接口：发往互联网时是 eth0。“-o br0”的规则只看得到发往各命名空间的包。规则存在并不说明什么；它的计数器才说明它有没有匹配过。',
}

export default catalogue
