// Translates the scenario routes-between-hosts into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'Two machines: a route to the containers of the other one': '两台机器：通往对方容器的路由',
  'Until now, all containers were on one machine. A cluster has several machines, and its containers should reach each other without published ports. The simplest way needs nothing new: each machine is a router for its own containers. So every machine gets a subnet of its own, and every other machine gets a route to it.\n\nThe second machine is called host2. Both machines have eth0 on the same wire: a switch.':
    '到目前为止，所有容器都在一台机器上。集群有多台机器，容器之间应该不经端口映射就能互相到达。最简单的办法不需要任何新东西：每台机器都是自己容器的路由器。所以每台机器有自己的子网，其他机器各有一条到这个子网的路由。\n\n第二台机器叫 host2。两台机器的 eth0 都在同一条线路上，也就是同一台交换机。',
  'With a subnet for each machine, containers of two machines need only routes: one for each other machine, in both directions.':
    '每台机器有一个子网时，两台机器的容器只需要路由：每台其他机器一条，两个方向都要有。',
  'The packet on the wire has the addresses of the containers and its full size: nothing is added.':
    '线路上的包带着容器的地址，大小不变：没有附加任何内容。',
  'It is not enough where a router or a switch between the machines does not know these addresses, or refuses them.':
    '如果机器之间的路由器或交换机不认识这些地址，或者拒绝它们，这种办法就不够了。',
  'flannel with the backend host-gw: a route for each other machine, as here':
    'flannel 的 host-gw 后端：和这里一样，为每台其他机器添加一条路由',
  'kubectl get nodes -o wide: the address of each machine, which is the next hop':
    'kubectl get nodes -o wide：每台机器的地址，也就是下一跳',
  'calico: the same routes, which the machines tell each other by BGP':
    'calico：同样的路由，由各台机器通过 BGP 互相告知',
  'A container on each machine': '每台机器上一个容器',
  "Each machine has a subnet for its containers: 10.1.0.0/24 on host, 10.2.0.0/24 on host2. The machine's end of each veth pair gets the first address of the subnet. It will be the gateway.":
    '每台机器都有一个给容器用的子网：host 是 10.1.0.0/24，host2 是 10.2.0.0/24。每个 veth 对在机器这一侧的一端得到子网的第一个地址，它将是网关。',
  'c1 has no route to c2: 10.2.0.2 is not in its subnet':
    'c1 没有到 c2 的路由：10.2.0.2 不在它的子网内',
  'Each machine is a router for its containers': '每台机器是自己容器的路由器',
  'The containers get a default route to their machine, and the machines forward. Now every packet of c1 reaches host. Where does host send a packet for 10.2.0.2?':
    '容器得到一条通往所在机器的默认路由，机器打开转发。现在 c1 的每个包都能到达 host。host 会把发往 10.2.0.2 的包送到哪里？',
  'host would send it to outside, by its default route': 'host 会按默认路由把它发给 outside',
  'no request reaches host2': '没有请求到达 host2',
  'c1 gets no answer': 'c1 没有得到应答',
  'A route to the other machine': '通往另一台机器的路由',
  'host gets a route: the subnet 10.2.0.0/24 is behind host2. The next hop must be on the same wire, because host asks for its MAC address by ARP.':
    'host 得到一条路由：子网 10.2.0.0/24 在 host2 后面。下一跳必须在同一条线路上，因为 host 要用 ARP 询问它的 MAC 地址。',
  'host sends packets for c2 to host2': 'host 把发往 c2 的包交给 host2',
  'the request of c1 reaches host2, with the addresses of the containers':
    'c1 的请求到达 host2，带着容器的地址',
  'with the route back, c1 reaches c2': '有了返回的路由，c1 能到达 c2',
  'The network between the machines': '机器之间的网络',
  'The packets on the wire have addresses that only the machines know. Many clouds and data centres refuse such packets: their switches accept only the addresses that they gave to the machines. This rule on the switch does the same.':
    '线路上的包带着只有这些机器才认识的地址。许多云和数据中心会拒绝这样的包：它们的交换机只接受自己分配给机器的地址。交换机上的这条规则也是这样做的。',
  'no request with the address of a container reaches host2': '没有带容器地址的请求到达 host2',
  'without this rule, c1 reaches c2 again': '删除这条规则后，c1 又能到达 c2',
  'c1 only has the route to 10.1.0.0/24 that came with its address. For 10.2.0.2 there is none, so the kernel refuses at once.':
    'c1 只有随地址而来的到 10.1.0.0/24 的路由。到 10.2.0.2 没有路由，所以内核立刻拒绝。',
  'host knows 10.1.0.0/24 and its wire. Every other address goes to the default gateway, and host does not know that host2 has this subnet.':
    'host 只认识 10.1.0.0/24 和它所在的线路。其他地址都交给默认网关，host 不知道 host2 有这个子网。',
  'Where does host send a packet for 10.2.0.2?': 'host 会把发往 10.2.0.2 的包送到哪里？',
  'to outside, its default gateway': '送到 outside，它的默认网关',
  'to host2, which is on the same wire': '送到同一条线路上的 host2',
  'The switch carries the request to outside, because its frame has the MAC address of outside. host2 does not see it.':
    '交换机把请求送到 outside，因为帧的目的 MAC 地址是 outside 的。host2 看不到它。',
  'c1 pings c2. Does the request arrive at host2?': 'c1 ping c2。请求会到达 host2 吗？',
  'yes, it is on the same wire': '会，它在同一条线路上',
  'outside is a router of the Internet, and it has no route to private addresses. It drops the request.':
    'outside 是互联网的路由器，没有到私有地址的路由。它丢弃这个请求。',
  '10.2.0.0/24 is longer than the default route, so it wins. The next hop is now host2.':
    '10.2.0.0/24 比默认路由长，所以它优先。下一跳现在是 host2。',
  'Where does host send a packet for 10.2.0.2 now?': 'host 现在会把发往 10.2.0.2 的包送到哪里？',
  'to host2': '送到 host2',
  'to outside, as before': '和之前一样，送到 outside',
  'host forwards the packet and changes neither of its addresses. On the wire, only the MAC addresses are those of the machines.':
    'host 转发这个包，两个地址都不改变。在线路上，只有 MAC 地址是机器的。',
  'Which packet does host2 see at eth0?': 'host2 在 eth0 上看到哪个包？',
  'one from 10.1.0.2 to 10.2.0.2': '从 10.1.0.2 到 10.2.0.2 的包',
  'none from 10.1.0.2': '没有来自 10.1.0.2 的包',
  'c2 answers. But host2 has no route to 10.1.0.0/24 and sends the answer to outside, which drops it.':
    'c2 有应答。但 host2 没有到 10.1.0.0/24 的路由，把应答发给 outside，被 outside 丢弃。',
  'Both machines now know the subnet of the other one. The packet passes two routers: its ttl of 64 arrives as 62.':
    '两台机器现在都认识对方的子网。包经过两台路由器：ttl 从 64 变成 62。',
  'The switch looks at the source address of each packet. 10.1.0.2 is none of the addresses that belong to this wire.':
    '交换机检查每个包的源地址。10.1.0.2 不属于这条线路上的地址。',
  'The routes are still there. Does the request arrive at host2?':
    '路由还在。请求会到达 host2 吗？',
  'yes, the routes decide': '会，由路由决定',
  'no, the switch drops it': '不会，交换机丢弃它',
  'Routes on the machines do not help, because the network between them decides. The next scenario puts the packet into another one, with the addresses of the machines.':
    '机器上的路由没有用，因为由它们之间的网络决定。下一个场景把这个包装进另一个包，外层用机器的地址。',
  'Nothing else has changed. Host routes are enough where the network between the machines carries every address.':
    '其他什么都没有改变。如果机器之间的网络能传送任何地址的包，主机路由就够了。',
}

export default catalogue
