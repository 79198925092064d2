// Translates the scenario routes into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'From the namespace to the host and back': '从命名空间到宿主机，再返回',
  "A machine looks in its routing table for every packet that it sends or forwards. The table gives the interface and the next hop, which is the next machine on the path. The answer is a packet too, and the other machine looks in its own table. Most networks that 'do not work' lack one of these two routes.":
    '机器每发送或转发一个包，都要查自己的路由表。路由表给出接口和下一跳，也就是路径上的下一台机器。应答也是一个包，对方要查它自己的路由表。大多数“不通”的网络，都缺了这两条路由中的一条。',
  'A namespace on a bridge': '网桥上的一个命名空间',
  'Build the same network as in the scenario bridge, with one namespace.':
    '搭建和场景 bridge 一样的网络，但只有一个命名空间。',
  'ns1 has no route to the host: 203.0.113.2 is not in its network':
    'ns1 没有到宿主机的路由：203.0.113.2 不在它的网段内',
  "'default dev veth1' means: every other address is directly reachable on this cable. Now the request reaches the host. For the answer, the host looks up 172.18.0.2 in its own table.":
    "'default dev veth1' 的意思是：其他所有地址都可以在这根网线上直接到达。现在请求能到达宿主机。要发送应答，宿主机在自己的路由表中查 172.18.0.2。",
  'ns1 sends the request, but no answer comes back': 'ns1 发出了请求，但没有应答回来',
  'the host would send the answer to outside': '宿主机会把应答发给 outside',
  'The route back': '返回的路由',
  'The host needs a route too: 172.18.0.0/24 is reachable through br0. The bridge has no address of its own. But Linux answers for any address of the host on any interface, so ns1 can use 203.0.113.2.':
    '宿主机也需要一条路由：172.18.0.0/24 可以从 br0 到达。网桥自己没有地址。但 Linux 会在任何接口上为本机的任何地址应答，所以 ns1 可以使用 203.0.113.2。',
  'ns1 reaches the host': 'ns1 能到达宿主机',
  'the host reaches ns1': '宿主机能到达 ns1',
  'the host has a more specific route than its default route': '宿主机有了比默认路由更具体的路由',
  'The longest prefix wins': '最长前缀优先',
  "This step adds a route for 172.18.0.2 alone (/32). Then three routes match this address: 'default' (/0), 172.18.0.0/24 and the new one. The kernel takes the route with the longest prefix. The order in the table does not matter.":
    "这一步添加一条只针对 172.18.0.2 的路由（/32）。于是有三条路由匹配这个地址：'default'（/0）、172.18.0.0/24 和新添加的这一条。内核选择前缀最长的路由，与表中的顺序无关。",
  'the /32 route wins over the /24 route, and it rejects the packet':
    '/32 路由优先于 /24 路由，并拒绝了这个包',
  'without the /32 route, the kernel takes the /24 route again':
    '删除 /32 路由后，内核又选择 /24 路由',
  'What is still missing': '还缺什么',
  "For every address that is 'directly reachable', ns1 asks by ARP. Only the host is there to answer, and only for its own addresses. To reach the Internet, ns1 needs a next hop that has an address: a gateway. The next scenario adds it.":
    '凡是“直接可达”的地址，ns1 都用 ARP 询问。那里只有宿主机能应答，而且只为自己的地址应答。要到达互联网，ns1 需要一个有地址的下一跳，也就是网关。下一个场景会添加它。',
  'no machine on the bridge answers for 198.51.100.1': '网桥上没有机器为 198.51.100.1 应答',
  'ns1 asked for the MAC address of 198.51.100.1 and got no answer':
    'ns1 询问过 198.51.100.1 的 MAC 地址，没有得到应答',

  // questions, and why it is so
  'ns1 only has the route to 172.18.0.0/24 that came with its address. 203.0.113.2 is not in this range, so the kernel refuses at once.':
    'ns1 只有随地址而来的到 172.18.0.0/24 的路由。203.0.113.2 不在这个范围内，所以内核立刻拒绝。',
  'The request reaches the host. The host looks up 172.18.0.2, finds only its default route, and sends the answer to outside.':
    '请求到达了宿主机。宿主机查 172.18.0.2，只找到默认路由，于是把应答发给 outside。',
  'The host has no route to 172.18.0.0/24, because br0 has no address. So the default route decides: via 203.0.113.1.':
    '宿主机没有到 172.18.0.0/24 的路由，因为 br0 没有地址。所以由默认路由决定：via 203.0.113.1。',
  'Where does the host send its answer to 172.18.0.2?': '宿主机把给 172.18.0.2 的应答发到哪里？',
  'to outside, through eth0': '从 eth0 发给 outside',
  'to ns1, through br0': '从 br0 发给 ns1',
  'Both sides now have a route to each other. Linux answers for 203.0.113.2 on br0 too, because an address belongs to the whole machine.':
    '双方现在都有到对方的路由。Linux 在 br0 上也为 203.0.113.2 应答，因为地址属于整台机器。',
  'The host uses its new route through br0 and asks by ARP for 172.18.0.2. Its source is 203.0.113.2, and ns1 reaches that by its default route.':
    '宿主机使用新的路由，在 br0 上用 ARP 询问 172.18.0.2。它的源地址是 203.0.113.2，ns1 用默认路由就能到达。',
  "172.18.0.0/24 is longer than the default route (/0), so it wins. Until now, the same question gave 'via 203.0.113.1'.":
    '172.18.0.0/24 的前缀比默认路由（/0）长，所以它优先。在此之前，同样的问题得到的是 via 203.0.113.1。',
  'The default route is still there. Which route does the host take to 172.18.0.2 now?':
    '默认路由还在。宿主机现在用哪条路由到 172.18.0.2？',
  'the new one: dev br0': '新的那条：dev br0',
  'the default route: via 203.0.113.1': '默认路由：via 203.0.113.1',
  "The route for 172.18.0.2/32 is longer than that for /24. It says 'unreachable', so the kernel answers with an error and sends nothing.":
    '172.18.0.2/32 的路由比 /24 的更长。它是 unreachable，所以内核返回错误，不发送任何包。',
  'With the /32 route gone, the /24 route is the longest match again. The order of the table never mattered.':
    '/32 路由删除后，最长的匹配又是 /24 路由。表中的顺序从来不重要。',
  "ns1 asks by ARP for 198.51.100.1, because its default route says 'directly reachable'. No machine on the bridge has that address, so nobody answers.":
    'ns1 用 ARP 询问 198.51.100.1，因为默认路由说它“直接可达”。网桥上没有机器有这个地址，所以没有应答。',
  "The entry has no MAC address, because no answer came. That is the sign of a wrong 'directly reachable' route.":
    '表项没有 MAC 地址，因为没有应答。看到这样的表项，就说明“直接可达”的路由是错的。',
  'What does the neighbour table of ns1 say about 198.51.100.1?':
    'ns1 的邻居表中，198.51.100.1 是什么样的？',
  'an entry without a MAC address': '一个没有 MAC 地址的表项',
  'the MAC address of the host': '宿主机的 MAC 地址',
  'Request and answer each need a route: most broken networks lack the second one.':
    '请求和应答各需要一条路由：大多数不通的网络缺的是第二条。',
  'The longest prefix wins, and the order in the table does not matter.':
    '最长前缀优先，与表中的顺序无关。',
  "'default dev X' asks for every address by ARP. To go further, a route needs a gateway: 'via ADDRESS'.":
    '“default dev X”对每个地址都用 ARP 询问。要走得更远，路由需要网关：“via 地址”。',
  "docker inspect -f '{{json .NetworkSettings.Networks}}' web: its gateway, which is the host's bridge":
    "docker inspect -f '{{json .NetworkSettings.Networks}}' web：它的网关就是宿主机的网桥",
  'nsenter --net=/proc/PID/ns/net ip route get 198.51.100.1: the route that a container takes':
    'nsenter --net=/proc/PID/ns/net ip route get 198.51.100.1：容器使用的路由',
  "kubectl get nodes -o jsonpath='{.items[*].spec.podCIDR}': the ranges for which nodes need routes to each other":
    "kubectl get nodes -o jsonpath='{.items[*].spec.podCIDR}'：各个节点之间需要路由的网段",
}

export default catalogue
