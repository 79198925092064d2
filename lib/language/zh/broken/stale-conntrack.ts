// Translates the broken network stale-conntrack into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'The log server has moved, but one sender still reaches the old one':
    '日志服务器已经迁移，有一个发送方却仍然发到旧的那台',
  'The log server (UDP port 514 of the host) has moved from ns1 to ns2, and the rule was changed. But a machine outside, which sends several lines a second, still reaches ns1. Port 515 is an old service of ns1. Its rule is already gone, but it must serve its last client until that client stops.':
    '日志服务器（宿主机的 UDP 514 端口）已经从 ns1 迁移到 ns2，规则也改了。但外部有一台每秒发送好几行日志的机器，仍然发到 ns1。515 端口是 ns1 的一项旧服务。它的规则已经删掉，但它必须为最后一个客户端服务，直到这个客户端停止。',
  'An old entry of connection tracking still uses the old destination.':
    '连接跟踪里的旧条目仍在使用旧的目的地址。',
  'The rule is right: iptables -t nat -vnL PREROUTING. But does its counter grow with every line?':
    '规则是对的：iptables -t nat -vnL PREROUTING。可是每来一行日志，它的计数器都增加吗？',
  'Only the first packet of a connection passes the nat table. The kernel remembers the result for all other packets. Where? conntrack -L -p udp':
    '只有一条连接的第一个包会经过 nat 表。内核记住结果，用于其余的包。记在哪里？conntrack -L -p udp',
  'The entry lives as long as packets come. Delete this entry only: conntrack -D with its protocol and port.':
    '只要还有包来，这个条目就一直存在。只删除这一个条目：conntrack -D 加上协议和端口。',
  'the log lines from outside reach ns2': '外面的日志能到达 ns2',
  'the last client of port 515 still reaches ns1': '515 端口的最后一个客户端仍能到达 ns1',
  'Delete the entry by its port: the current rules apply to the next packet':
    '按端口删除这个条目：下一个包就按现在的规则处理',
  'Delete the entry by the answer that it expects': '按它等待的应答删除这个条目',
  'Delete all entries: the last client of port 515 is cut off too':
    '删除所有条目：515 端口的最后一个客户端也断了',
  'Delete all entries that lead to ns1: the entry of port 515 is one of them':
    '删除所有通往 ns1 的条目：515 端口的条目也在其中',
  'The nat table sees only the first packet of a connection. Connection tracking stores the result and applies it to all other packets. A UDP sender that never pauses and keeps its port never makes a new connection. So the old entry stayed, with the old address in it. A container engine that moves a published UDP port must delete its entries (see issue 123 of the CNI plugins). Flushing the whole table also cuts off connections that depend on it.':
    'nat 表只看到一条连接的第一个包。连接跟踪保存结果，并用于其余的包。一个从不停顿、端口也不变的 UDP 发送方永远不会建立新的连接。所以旧条目一直存在，里面还是旧的地址。容器引擎在移动已发布的 UDP 端口时，必须删除对应的条目（见 CNI 插件的 issue 123）。清空整张表，也会断开依赖它的其他连接。',
}

export default catalogue
