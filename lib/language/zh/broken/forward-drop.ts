// The broken network forward-drop in Chinese: every text that it is the first to say.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'Since there is a firewall, ns1 and ns2 are cut off; db is not':
    '宿主机装上防火墙之后，ns1 和 ns2 断网了，db 没有',
  'The security team has put a firewall on the host that passes on only what it knows. db works, the published port works, ns1 and ns2 do not reach the Internet. The team insists: what is not listed stays out, above all the machines outside, in the same LAN as eth0.':
    '安全团队在宿主机上装了防火墙，只放行它认识的流量。db 正常，端口映射正常，ns1 和 ns2 却上不了互联网。安全团队坚持：没有列出来的一律不准进来，尤其是外面与 eth0 同一局域网的机器。',
  'The answers come in by another interface than the way back leads, and the host drops them.':
    '应答进来的接口与回去的路不一致，被宿主机丢弃。',
  'The packets of ns1 arrive on br0 and do not leave by eth0. What is on the way between the two?':
    'ns1 的包到了 br0，却没有从 eth0 出去。这两者之间有什么？',
  'Its counters show what the policy of the chain has dropped: iptables -vnL FORWARD':
    '看计数器，就知道这条链的默认策略丢了多少包：iptables -vnL FORWARD',
  'db has a rule that ns1 and ns2 lack. It should let out what they send, and nothing else.':
    'db 有一条 ns1 和 ns2 没有的规则。新规则应当只放行它们发出去的流量，别的都不放。',
  'a machine outside that has a route to ns2 does not come through':
    '外面一台有到 ns2 的路由的机器进不来',
  'A rule for br0, like that for br1': '为 br0 加一条与 br1 相同的规则',
  'By the source address': '按源地址放行',
  'The policy back to ACCEPT: everybody outside comes in': '把默认策略改回 ACCEPT：外面谁都能进来',
  'Everything from br0, before all other rules: the fence to db is open':
    '在所有规则之前放行来自 br0 的一切：与 db 的隔离没了',
  'The chain written anew, without the published port': '重写整条链，却漏了端口映射',
  "What a packet meets in FORWARD is decided by the first rule that matches, and by the policy when none does. Docker sets that policy to DROP when it starts, which is why other people's bridges fall silent beside it. An ACCEPT in a table of your own does not help: a packet must be accepted in every chain of the hook. ACCEPT as the policy opens the namespaces to everybody who has a route.":
    '包在 FORWARD 里的命运由第一条匹配的规则决定，都不匹配时由默认策略决定。Docker 启动时会把这个策略设为 DROP，所以同一台机器上别人的网桥会突然不通。在自己的表里写 ACCEPT 没有用：包必须在这个钩子的每一条链上都被接受。把默认策略设成 ACCEPT，则会把各命名空间向任何有路由的机器敞开。',
}

export default catalogue
