// The broken network stale-conntrack in Chinese: every text that it is the first to say.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'The log server has moved, and a sender still writes to the old one':
    '日志服务器搬了家，有一台机器还在往旧的那里写',
  'The log server (UDP port 514 of the host) has moved from ns1 to ns2, and the rule was changed. But a machine outside, which sends several lines a second, still lands on ns1. Meanwhile port 515, an old service of ns1 whose rule is already gone, is to serve its last client until it hangs up.':
    '日志服务器（宿主机的 UDP 514 端口）已经从 ns1 搬到 ns2，规则也改了。但外面有一台每秒发好几行日志的机器，发的还是落到 ns1。另外，515 端口是 ns1 的一项旧服务，规则已经删掉，但要为最后一个客户服务到它自己断开。',
  'An old entry of connection tracking still leads to where the rule led before.':
    '连接跟踪里的旧条目仍然指向规则以前指向的地方。',
  'The rule is right: iptables -t nat -vnL PREROUTING. But does its counter grow with every line?':
    '规则是对的：iptables -t nat -vnL PREROUTING。可是每来一行日志，它的计数器都增加吗？',
  'Only the first packet of a connection passes the nat table; for all others the answer is remembered. Where? conntrack -L -p udp':
    '只有一条连接的第一个包会经过 nat 表；其余的包照记下来的结果处理。记在哪里？conntrack -L -p udp',
  'The entry lives as long as packets come. Delete it, and only it: conntrack -D with its protocol and port.':
    '只要还有包来，这个条目就一直活着。删掉它，而且只删它：conntrack -D 加上协议和端口。',
  'the log lines from outside reach ns2': '外面的日志能到达 ns2',
  'the last client of port 515 still reaches ns1': '515 端口的最后一个客户仍能到达 ns1',
  'Delete the entry, by its port: the next packet is judged by the rules of today':
    '按端口删除这个条目：下一个包就按现在的规则处理',
  'By the answer that it waits for': '按它等待的应答来删除',
  'Forget all connections: the last client of port 515 is cut off, too':
    '忘掉所有连接：515 端口的最后一个客户也断了',
  'All that leads to ns1: so does port 515': '删掉所有通往 ns1 的条目：515 端口也在其中',
  'The nat table sees only the first packet of a connection; what it decided is kept by connection tracking and done to all others. A UDP sender that never pauses and keeps its port never makes a new connection, so the old entry, and the old address in it, lived on. Engines that move a published UDP port delete its entries (the CNI plugins learned it from their issue 123); flushing the whole table also cuts off those who depend on it.':
    'nat 表只看到一条连接的第一个包；它的决定由连接跟踪保存，并照样用在其余的包上。一个从不停顿、端口也不变的 UDP 发送者永远不会产生新的连接，于是旧条目连同里面的旧地址一直活着。容器引擎在移动已发布的 UDP 端口时要删除对应的条目（CNI 插件是从 123 号问题学到的）；清空整张表，则会连累那些还依赖它的连接。',
}

export default catalogue
