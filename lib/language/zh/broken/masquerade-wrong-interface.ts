// Translates the broken network masquerade-wrong-interface into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'There is a MASQUERADE rule, but ns1 gets no answer': 'MASQUERADE 规则明明在，ns1 还是收不到应答',
  'ns1 and ns2 get no answer from the Internet. A colleague has checked: forwarding is on, and there is a MASQUERADE rule for 172.18.0.0/24. The colleague says that the rule cannot be the cause.':
    'ns1 和 ns2 收不到互联网的应答。同事已经检查过：转发是打开的，也有一条针对 172.18.0.0/24 的 MASQUERADE 规则。同事说，问题不可能出在这条规则上。',
  'Which source address do the packets have when they leave? tcpdump -ni eth0 icmp':
    '包离开时的源地址是什么？tcpdump -ni eth0 icmp',
  'Each rule counts the packets that it matches: iptables -t nat -vnL POSTROUTING. Which counter stays at 0?':
    '每条规则都会给匹配的包计数：iptables -t nat -vnL POSTROUTING。哪个计数器一直是 0？',
  "'-o' names the interface through which a packet leaves. Through which interface does a packet for the Internet leave?":
    '“-o”指定包从哪个接口出去。发往互联网的包从哪个接口出去？',
  'Replace the rule with one for the right interface': '换成接口正确的规则',
  'As Docker writes it: every interface except the bridge':
    '像 Docker 那样写：除网桥以外的所有接口',
  'No condition for interface or source: ns1 no longer sees its real clients':
    '不限接口也不限源地址：ns1 看不到真实的客户端',
  'Write the whole chain again, without the rule for db': '重写整条链，却漏了 db 的规则',
  "Packets pass POSTROUTING after the routing decision. So '-o' is the interface through which the packet will leave: eth0 for the Internet. A rule with '-o br0' matches only packets to the namespaces. It is not enough that a rule exists: its counter shows whether it ever matched.":
    '包在路由决策之后经过 POSTROUTING。所以“-o”是包将要离开的接口：发往互联网时是 eth0。带“-o br0”的规则只匹配发往命名空间的包。规则存在还不够：它的计数器显示它有没有匹配过。',
}

export default catalogue
