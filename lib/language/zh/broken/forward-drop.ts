// Translates the broken network forward-drop into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'With the new firewall, ns1 and ns2 are cut off, but db is not':
    '装上新的防火墙之后，ns1 和 ns2 断网了，db 没有',
  'The security team installed a firewall on the host. It forwards only what is listed. db and the published port work, but ns1 and ns2 do not reach the Internet. The team insists that everything else stays out, above all the machines outside in the same LAN as eth0.':
    '安全团队在宿主机上安装了防火墙。它只转发列出的流量。db 和端口映射都正常，ns1 和 ns2 却上不了互联网。安全团队坚持：其他流量一律不准进来，尤其是外部与 eth0 同一局域网的机器。',
  "The answers arrive on one interface, but the host's route back uses another, so the host drops them.":
    '应答到达的接口与宿主机回程路由所用的接口不同，于是被宿主机丢弃。',
  'The packets of ns1 arrive on br0 but do not leave through eth0. What is between the two?':
    'ns1 的包到了 br0，却没有从 eth0 出去。这两者之间有什么？',
  'The counters show what the policy of the chain has dropped: iptables -vnL FORWARD':
    '计数器显示这条链的默认策略丢弃了多少包：iptables -vnL FORWARD',
  'db has a rule that ns1 and ns2 lack. The new rule should let out what they send, and nothing else.':
    'db 有一条 ns1 和 ns2 没有的规则。新规则应当只放行它们发出的包，不放行其他的包。',
  'a machine outside does not reach ns2, although it has a route to it':
    '外部的机器虽然有到 ns2 的路由，也到达不了 ns2',
  'A rule for br0, like the one for br1': '为 br0 加一条与 br1 相同的规则',
  'A rule for the source address': '按源地址放行',
  'Set the policy back to ACCEPT: every machine outside gets in':
    '把默认策略改回 ACCEPT：外部的所有机器都能进来',
  'Accept everything from br0 before all other rules: ns1 and ns2 reach db':
    '在所有规则之前放行来自 br0 的一切：ns1 和 ns2 能到达 db',
  'Write the chain again, without the published port': '重写整条链，却漏了端口映射',
  'The first matching rule decides what happens to a packet in FORWARD. If no rule matches, the policy decides. Docker sets this policy to DROP when it starts, and then other bridges on the same host stop working. An ACCEPT in another table does not help: every chain of the hook must accept the packet. A policy of ACCEPT opens the namespaces to every machine that has a route to them.':
    '第一条匹配的规则决定包在 FORWARD 里的结果。没有规则匹配时，由默认策略决定。Docker 启动时把这个策略设为 DROP，于是同一台机器上的其他网桥就不通了。在另一张表里写 ACCEPT 没有用：这个钩子的每一条链都必须接受这个包。把默认策略设成 ACCEPT，会向所有有路由的机器开放这些命名空间。',
  'a machine outside cannot send to ns2 with 172.18.0.9 as its source address':
    '外部机器不能用 172.18.0.9 作为源地址向 ns2 发包',
  'A rule for the source address alone: a machine outside can use such an address':
    '只看源地址的规则：外部机器也能用这样的地址',
}

export default catalogue
