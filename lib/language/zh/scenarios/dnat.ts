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
  'outside reaches the server, which sees the real client: only the destination was changed':
    'outside 能访问服务器，服务器看到真实的客户端：只有目的地址被改写',
  'First trap: connections to other servers on port 80': '第一个陷阱：发往其他服务器 80 端口的连接',
  'The rule has no condition for the destination address. ns2 is on another network. It only sends packets through the host, to a server on the Internet. These packets also have the destination port 80.':
    '这条规则没有限定目的地址。ns2 在另一个网络里，它的包只是经过宿主机，发往互联网上的服务器。这些包的目的端口也是 80。',
  'ns2 asks 198.51.100.1, but ns1 answers: the connection is hijacked':
    'ns2 访问 198.51.100.1，应答的却是 ns1：连接被劫持',
  "with '--dst-type LOCAL' (only addresses of the host itself), ns2 reaches 198.51.100.1":
    "加上 '--dst-type LOCAL'（只匹配宿主机自己的地址），ns2 能访问 198.51.100.1",
  'outside still reaches ns1': 'outside 仍然能访问 ns1',
  'Second trap: connections from the host itself': '第二个陷阱：宿主机自己发出的连接',
  'Until now, other machines asked for port 80 of the host. Now a program on the host asks for it. The picture of the hooks in docs/glossary.md shows the path of its packets.':
    '到现在为止，访问宿主机 80 端口的都是其他机器。现在由宿主机上的程序来访问。docs/glossary.md 中的钩子图给出了它的包所走的路径。',
  'on the host, a connection to its own address is refused': '在宿主机上访问自己的地址被拒绝',
  'a connection to localhost is refused too': '访问 localhost 也被拒绝',
  'with the rule in OUTPUT, the host reaches its own port':
    '在 OUTPUT 中加上规则后，宿主机能访问自己的端口',
  'localhost still fails: a packet from 127.0.0.1 may not leave the host':
    'localhost 仍然不行：来自 127.0.0.1 的包不允许离开宿主机',
  localhost: 'localhost',
  'Two more commands are needed. The sysctl route_localnet lets br0 route packets from 127.0.0.0/8. MASQUERADE gives these packets a source address that the server can answer.':
    '还需要两条命令。sysctl route_localnet 允许 br0 路由来自 127.0.0.0/8 的包。MASQUERADE 给这些包换上服务器能够应答的源地址。',
  'curl localhost reaches the server, which sees the gateway as its client':
    'curl localhost 能访问服务器，服务器看到的客户端是网关',

  // questions, and why it is so
  'The host has a route to 172.18.0.0/24 through br0. It talks to the server directly, without NAT.':
    '宿主机有经过 br0 到 172.18.0.0/24 的路由。它直接和服务器通信，不经过 NAT。',
  'For outside, the host is the only machine with an address that it can reach. On the host itself, nothing listens on port 80, so the kernel refuses the connection.':
    '对 outside 来说，只有宿主机有它能到达的地址。宿主机自己的 80 端口上没有程序在监听，所以内核拒绝连接。',
  'DNAT replaced only the destination, in PREROUTING. The source stayed 203.0.113.1, so the server sees the real client.':
    'DNAT 在 PREROUTING 中只换了目的地址。源地址仍是 203.0.113.1，所以服务器看到真实的客户端。',
  'A client outside asks port 80 of the host. Which client does the server in ns1 see?':
    '外部的客户端访问宿主机的 80 端口。ns1 中的服务器看到的客户端是谁？',
  '203.0.113.1, the real client': '203.0.113.1，真实的客户端',
  'the host, or it sees no request': '宿主机，或者看不到请求',
  'The packet of ns2 has the destination port 80, and the rule asks for nothing else. So the host sends it to ns1, although it was for 198.51.100.1.':
    'ns2 的包目的端口是 80，而规则没有别的条件。所以宿主机把它发给了 ns1，尽管它是发往 198.51.100.1 的。',
  "The condition '--dst-type LOCAL' is true only for addresses of the host. 198.51.100.1 is not one of them, so the packet of ns2 passes unchanged.":
    "条件 '--dst-type LOCAL' 只对宿主机自己的地址成立。198.51.100.1 不是，所以 ns2 的包原样通过。",
  '203.0.113.2 is an address of the host, so the rule still matches the packets from outside. The condition removed only the wrong packets.':
    '203.0.113.2 是宿主机的地址，所以规则仍然匹配从外面来的包。这个条件只排除了不该匹配的包。',
  'A packet that the host itself sends does not pass PREROUTING. No rule changes it, so it meets port 80 of the host, where nothing listens.':
    '宿主机自己发出的包不经过 PREROUTING。没有规则改写它，它到达宿主机的 80 端口，而那里没有程序在监听。',
  '127.0.0.1 is an address of the host too, and its packets do not pass PREROUTING either.':
    '127.0.0.1 也是宿主机的地址，发往它的包同样不经过 PREROUTING。',
  'OUTPUT is the hook for packets of the host itself. There, the same rule now leads to ns1.':
    'OUTPUT 是宿主机自己的包经过的钩子。在那里，同样的规则现在通向 ns1。',
  'The destination is now 172.18.0.2, but the source is 127.0.0.1. The kernel lets no packet with this source out of an interface other than lo.':
    '目的地址现在是 172.18.0.2，但源地址是 127.0.0.1。内核不允许这个源地址的包从 lo 以外的接口出去。',
  'route_localnet lets the packet leave through br0, and MASQUERADE gives it the source 172.18.0.1. Without that source, ns1 would answer to its own 127.0.0.1.':
    'route_localnet 允许这个包从 br0 出去，MASQUERADE 给它换上源地址 172.18.0.1。没有这个源地址，ns1 会应答给自己的 127.0.0.1。',
  'The host asks http://127.0.0.1/. Which client does the server in ns1 see?':
    '宿主机访问 http://127.0.0.1/。ns1 中的服务器看到的客户端是谁？',
  '172.18.0.1, the gateway': '172.18.0.1，网关',
  '127.0.0.1, or it sees no request': '127.0.0.1，或者看不到请求',
  'DNAT in PREROUTING changes the destination before the routing decision, so the packet is forwarded.':
    'PREROUTING 中的 DNAT 在路由决策之前改写目的地址，所以包会被转发。',
  "The rule needs '--dst-type LOCAL', or it hijacks connections that only pass through the host.":
    "规则需要 '--dst-type LOCAL'，否则会劫持只是经过宿主机的连接。",
  'Packets of the host itself pass OUTPUT, and localhost also needs route_localnet and MASQUERADE.':
    '宿主机自己的包经过 OUTPUT；localhost 还需要 route_localnet 和 MASQUERADE。',
  "docker inspect -f '{{json .NetworkSettings.Ports}}' web: the published ports":
    "docker inspect -f '{{json .NetworkSettings.Ports}}' web：已发布的端口",
  "iptables -t nat -S DOCKER: Docker's DNAT rules, which PREROUTING and OUTPUT call with '--dst-type LOCAL'":
    "iptables -t nat -S DOCKER：Docker 的 DNAT 规则，PREROUTING 和 OUTPUT 带着 '--dst-type LOCAL' 调用它",
  'kubectl get service web: a Service is DNAT too, from its cluster address to a pod':
    'kubectl get service web：Service 也是 DNAT，从集群地址到 pod',
}

export default catalogue
