// Translates the broken network no-route-back into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'inner reaches its router, but nothing behind the router':
    'inner 能到达它的路由器，却到达不了路由器后面',
  'ns2 is a router now. Behind it, on 172.20.0.0/24, is the machine inner. inner reaches ns2, but neither the host nor the Internet. ns2 itself reaches both, and forwarding is on in ns2.':
    'ns2 现在是路由器。它后面的 172.20.0.0/24 上有一台机器 inner。inner 能到达 ns2，却到达不了宿主机和互联网。ns2 自己两者都能到达，而且打开了转发。',
  'The host has no route back to the network behind ns2.':
    '宿主机没有回到 ns2 后面那个网络的路由。',
  'Does the request reach the host? tcpdump -ni br0 icmp. Where is the answer?':
    '请求到宿主机了吗？tcpdump -ni br0 icmp。应答在哪里？',
  'The host gets the request, and sends its answer elsewhere. Where? tcpdump -ni eth0 icmp':
    '宿主机收到了请求，却把应答发到了别处。发到哪里了？tcpdump -ni eth0 icmp',
  'Ask the kernel of the host for the route back: ip route get 172.20.0.2':
    '向宿主机的内核查询返回的路由：ip route get 172.20.0.2',
  'inner reaches the host': 'inner 能到达宿主机',
  'inner reaches a server on the Internet': 'inner 能到达互联网上的一台服务器',
  'A route on the host to the network behind ns2': '在宿主机上加一条到 ns2 后面网络的路由',
  'ns2 hides its network behind its own address': '让 ns2 用自己的地址把它后面的网络藏起来',
  'All packets get the address of the host: ns1 no longer sees its real clients':
    '所有的包都换成宿主机的地址：ns1 看不到真实的客户端',
  'A route works in one direction only. The packets of inner reached the host through ns2. But the host had no route to 172.20.0.0/24. Its answers took the default route to the Internet, where no machine knows such an address. If you add a network behind a router, every machine that answers it needs a route to it. Otherwise hide the network behind an address that they know.':
    '一条路由只管一个方向。inner 的包经过 ns2 到达宿主机。但宿主机没有到 172.20.0.0/24 的路由。应答走默认路由去了互联网，那里没有机器认识这样的地址。如果在路由器后面加一个网络，所有需要应答它的机器都要有到它的路由。否则就把这个网络藏在一个它们认识的地址后面。',
  'inner reaches the host from its second address, 172.20.0.77':
    'inner 用它的第二个地址 172.20.0.77 也能到达宿主机',
  'the host sends packets for other networks, such as 172.21.0.2, not to ns2':
    '宿主机不把发往其他网络（例如 172.21.0.2）的包交给 ns2',
  'ns2 has no rule that translates the packets of all machines to all others':
    'ns2 上没有转换所有机器之间所有包的规则',
  'A route to one address of inner: its second one is still cut off':
    '只给 inner 的一个地址加路由：它的第二个地址仍然不通',
  'A route to all private addresses: the host sends other networks to ns2 too':
    '给所有私有地址加一条路由：宿主机把其他网络的包也发给 ns2',
  'ns2 translates all packets, also those to its own network':
    'ns2 转换所有的包，连发往自己网络的也转换',
  'A default route to ns2: the host no longer reaches the Internet':
    '默认路由改到 ns2：宿主机上不了互联网',
}

export default catalogue
