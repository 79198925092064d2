// Translates the scenario dnat into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'How the Internet reaches a server in a namespace': '互联网如何访问命名空间里的服务器',
  "No machine outside has a route to 172.18.0.2, but every machine can reach the host. So the host publishes one of its ports. It gives a packet for its port 80 another destination (DNAT, destination NAT) before it looks in its routing table. This is the core of 'docker run -p 80:80'.\n\nThe rule in most tutorials lacks one condition, and it does not cover every path. This scenario shows both problems and how to solve them.":
    "外部没有任何机器有到 172.18.0.2 的路由，但所有机器都能到达宿主机。于是宿主机发布自己的一个端口：对于发往它 80 端口的包，先换成另一个目的地址（目的地址转换，DNAT），再查路由表。这就是 'docker run -p 80:80' 的核心。\n\n大多数教程里的规则少了一个条件，而且没有覆盖所有路径。这个场景演示这两个问题，以及怎样解决。",
  'A web server in a namespace': '命名空间里的 Web 服务器',
  'Build the same network as before, and start a web server in ns1.':
    '搭建和之前一样的网络，并在 ns1 中启动一个 Web 服务器。',
  'the host reaches the server in ns1': '宿主机能访问 ns1 里的服务器',
  'outside can only ask the host, and no program listens on port 80 there':
    'outside 只能访问宿主机，而宿主机的 80 端口上没有程序在监听',
  DNAT: '目的地址转换 DNAT',
  'Packets pass PREROUTING before the routing decision. With its new destination, the packet is no longer for the host itself, so the host must forward it. Connection tracking restores the addresses in the answers.':
    '包在路由决策之前经过 PREROUTING。换了目的地址后，包不再是发给宿主机自己的，所以宿主机必须转发它。应答中的地址由连接跟踪还原。',
  'outside reaches the server': 'outside 能访问服务器',
  'the server sees the real client: only the destination was changed':
    '服务器看到真实的客户端：只有目的地址被改写',
  'First trap: connections to other servers on port 80': '第一个陷阱：发往其他服务器 80 端口的连接',
  'The rule has no condition for the destination address. ns2 is on another network. It only sends packets through the host, to a server on the Internet. These packets also have the destination port 80.':
    '这条规则没有限定目的地址。ns2 在另一个网络里，它的包只是经过宿主机，发往互联网上的服务器。这些包的目的端口也是 80。',
  'ns2 asks 198.51.100.1, but ns1 answers: the connection is hijacked':
    'ns2 访问 198.51.100.1，应答的却是 ns1：连接被劫持',
  "with '--dst-type LOCAL' (only addresses of the host itself), ns2 reaches 198.51.100.1":
    "加上 '--dst-type LOCAL'（只匹配宿主机自己的地址），ns2 能访问 198.51.100.1",
  'outside still reaches ns1': 'outside 仍然能访问 ns1',
  'Second trap: connections from the host itself': '第二个陷阱：宿主机自己发出的连接',
  'Packets that the host itself sends do not pass PREROUTING. They pass OUTPUT, so the same rule is needed there.':
    '宿主机自己发出的包不经过 PREROUTING，而是经过 OUTPUT，所以那里也需要同样的规则。',
  'on the host, a connection to its own address is refused': '在宿主机上访问自己的地址被拒绝',
  'a connection to localhost is refused too': '访问 localhost 也被拒绝',
  'with the rule in OUTPUT, the host reaches its own port':
    '在 OUTPUT 中加上规则后，宿主机能访问自己的端口',
  'localhost still fails: a packet from 127.0.0.1 may not leave the host':
    'localhost 仍然不行：来自 127.0.0.1 的包不允许离开宿主机',
  localhost: 'localhost',
  'Two more commands are needed. The sysctl route_localnet lets br0 route packets from 127.0.0.0/8. MASQUERADE gives these packets a source address that the server can answer.':
    '还需要两条命令。sysctl route_localnet 允许 br0 路由来自 127.0.0.0/8 的包。MASQUERADE 给这些包换上服务器能够应答的源地址。',
  'curl localhost reaches the server': 'curl localhost 能访问服务器',
  'the server sees the gateway as its client': '服务器看到的客户端是网关',
}

export default catalogue
