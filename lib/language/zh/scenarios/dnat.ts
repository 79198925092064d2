// The scenario dnat in Chinese: every text that it is the first to say, and none besides.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'How the Internet reaches a server in a namespace': '互联网如何访问命名空间里的服务器',
  "Nobody outside has a route to 172.18.0.2, but everybody can reach the host. So the host lends one of its ports: what arrives for its port 80 gets another destination (DNAT) before the routing table is asked. This is the heart of 'docker run -p 80:80'.\n\nThe rule of the tutorials is one condition short, and there is a way that it does not cover. Both are shown here, each with its remedy.":
    "外面没有谁拥有到 172.18.0.2 的路由，但谁都能到达宿主机。于是宿主机借出自己的一个端口：到达它 80 端口的包，在查路由表之前换成另一个目的地址（目的地址转换，DNAT）。这就是 'docker run -p 80:80' 的核心。\n\n教程里的那条规则少了一个条件，而且有一条路径它没有覆盖到。这里把两个问题都演示出来，并各自给出解决办法。",
  'A web server in a namespace': '命名空间里的 Web 服务器',
  'The network of the scenario before, with a server in it.':
    '上一个场景的网络，里面多了一台服务器。',
  'the host reaches it': '宿主机能访问它',
  'but the host has nothing on its port 80, and that is all that outside can ask':
    '但宿主机自己的 80 端口上什么都没有，而 outside 能访问的只有它',
  DNAT: '目的地址转换 DNAT',
  'PREROUTING comes before the routing decision: with the new destination, the packet is one to pass on, so the host must forward. The answers are turned back by what conntrack remembers.':
    'PREROUTING 在路由判决之前：换了目的地址之后，这个包就是要转交给别人的，所以宿主机必须开启转发。应答则根据连接跟踪（conntrack）的记录还原。',
  'outside reaches the server': 'outside 能访问服务器',
  'which sees the real client: only the destination was rewritten':
    '服务器看到的是真实的客户端：被改写的只有目的地址',
  "The first trap: other people's port 80": '第一个陷阱：别人的 80 端口',
  'The rule asks for no destination address. ns2, on a network of its own, only wants to pass through the host to a server on the Internet. Its packet has the destination port 80, too.':
    '这条规则没有限定目的地址。ns2 在它自己的网络里，只是想经过宿主机访问互联网上的服务器。可它的包，目的端口同样是 80。',
  'ns2 asks 198.51.100.1 and is answered by ns1: hijacked':
    'ns2 访问 198.51.100.1，应答的却是 ns1：被劫持了',
  "with '--dst-type LOCAL' (an address of the host itself), ns2 gets what it asked for":
    "加上 '--dst-type LOCAL'（目的地址是本机地址），ns2 访问到的就是它要的",
  'and outside still reaches ns1': 'outside 仍然能访问 ns1',
  'The second trap: the host itself': '第二个陷阱：宿主机自己',
  'What the host sends does not arrive from anywhere: it does not pass PREROUTING, but OUTPUT. The same rule is needed there.':
    '宿主机自己发出的包不是从哪里收到的：它不经过 PREROUTING，而是经过 OUTPUT。那里也需要同样的规则。',
  "the host's own curl finds nobody on port 80": '宿主机自己用 curl，80 端口上没有谁应答',
  'nor does curl localhost': 'curl localhost 也一样',
  'with it, the host reaches its own port': '有了这条规则，宿主机就能访问自己的端口',
  'but not as localhost: a packet from 127.0.0.1 may not leave the host':
    '但用 localhost 不行：来自 127.0.0.1 的包不允许离开本机',
  localhost: 'localhost',
  'Two more things: br0 may route packets from 127.0.0.0/8 after all (route_localnet), and they get an address on the way to which the server can answer (MASQUERADE).':
    '还要做两件事：允许 br0 路由来自 127.0.0.0/8 的包（route_localnet）；并在途中把源地址换成服务器能够应答的地址（MASQUERADE）。',
  'curl localhost reaches the server': 'curl localhost 能访问服务器',
  'which sees the gateway as its client': '在服务器看来，客户端是网关',
}

export default catalogue
