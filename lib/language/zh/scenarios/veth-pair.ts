// The scenario veth-pair in Chinese: every text that it says, and none besides.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'A cable between two network namespaces': '两个网络命名空间之间的一根网线',
  "A network namespace is a machine's whole network once more: interfaces, addresses, routes and firewall of its own. A new one is empty and connected to nothing. A veth pair is a cable: what goes in at one end comes out at the other, and each end can be put into another namespace. Every container begins with these two.":
    '网络命名空间（network namespace）相当于把一台机器的整个网络再来一份：网络接口、地址、路由和防火墙都是它自己的。刚创建时它是空的，与哪里都不通。veth 对就是一根网线：从一端进去的，会从另一端出来，而且两端可以分别放进不同的命名空间。每个容器都从这两样东西开始。',
  'Two empty networks': '两个空的网络',
  "Where the prompt says ns1$, the command runs in that namespace: on the host, put 'ip netns exec ns1' in front of it.":
    "提示符为 ns1$ 时，命令在该命名空间中执行；在宿主机上，等于在命令前加上 'ip netns exec ns1'。",
  'a new namespace has a loopback interface, which is down, and no address':
    '新的命名空间只有一个处于 down 状态的回环接口，没有地址',
  'A cable from one to the other': '在两者之间接一根网线',
  'Both ends are made on the host, and then each is moved into its namespace. From then on the host does not see them any more.':
    '两端先在宿主机上创建，再分别移入各自的命名空间。从此宿主机就看不到它们了。',
  'the cable alone is not enough: ns1 has no address and so no route to anywhere':
    '光有网线还不够：ns1 没有地址，因此也没有通往任何地方的路由',
  'An address at each end': '两端各配一个地址',
  "An address with its prefix length does two things: the end answers to it, and a route appears that says 'all of 172.18.0.0/24 is reached through this cable'. The end must also be up.":
    '带前缀长度的地址有两个作用：这一端会响应发往该地址的包；同时路由表中会出现一条路由，意思是“整个 172.18.0.0/24 都经这根网线到达”。此外，接口还必须处于 up 状态。',
  'ns1 reaches ns2': 'ns1 能到达 ns2',
  'ns2 reaches ns1': 'ns2 能到达 ns1',
  'A default route by device': '指定设备的默认路由',
  "The route to 172.18.0.0/24 says nothing of other addresses. Give each side one more, outside of that range. 'default dev veth0' says: whatever it is, ask for it on this cable (by ARP).":
    "到 172.18.0.0/24 的路由管不到其他地址。给两边各加一个该网段以外的地址。'default dev veth0' 的意思是：不管是什么地址，都在这根网线上（用 ARP）询问。",
  'ns1 has no route to 192.0.2.2': 'ns1 没有到 192.0.2.2 的路由',
  'now it does, and ns2 answers': '现在有了，ns2 也有应答',
  'ns2 has no such route yet': 'ns2 还没有这样的路由',
  'and with it, the other direction': '加上之后，反方向也通了',
}

export default catalogue
