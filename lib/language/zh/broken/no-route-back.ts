// The broken network no-route-back in Chinese: every text that it is the first to say.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'inner reaches the router in front of it, and nothing behind that':
    'inner 能访问面前的路由器，再往后就不行了',
  'ns2 is a router now: behind it, on 172.20.0.0/24, is inner. inner reaches ns2, but not the host, and not the Internet. ns2 itself reaches both, and it forwards.':
    'ns2 现在是路由器：它后面的 172.20.0.0/24 上有 inner。inner 能访问 ns2，却访问不到宿主机，也上不了互联网。ns2 自己两样都行，而且打开了转发。',
  'The host has no route back to the network behind ns2.':
    '宿主机没有回到 ns2 后面那个网络的路由。',
  'Does the request reach the host? tcpdump -ni br0 icmp. And the answer?':
    '请求到宿主机了吗？tcpdump -ni br0 icmp。应答呢？',
  'The host has the request, and sends its answer elsewhere. Where? tcpdump -ni eth0 icmp':
    '宿主机收到了请求，却把应答发到了别处。发到哪里了？tcpdump -ni eth0 icmp',
  'Ask its kernel for the way back: ip route get 172.20.0.2':
    '向它的内核询问回去的路：ip route get 172.20.0.2',
  'inner reaches the host': 'inner 能访问宿主机',
  'inner reaches a server on the Internet': 'inner 能访问互联网上的一台服务器',
  'A route on the host to the network behind ns2': '在宿主机上加一条到 ns2 后面网络的路由',
  'ns2 hides its network behind its own address': '让 ns2 用自己的地址把它后面的网络藏起来',
  'Everybody gets the address of the host: ns1 no longer knows its clients':
    '所有包都换成宿主机的地址：ns1 再也看不到真实的客户端',
  "A route is one way only. inner's packets came to the host by ns2; the host had no route to 172.20.0.0/24, so its answers left by the default route, for the Internet, where nobody knows such an address. Whoever adds a network behind a router must tell all those who are to answer it, or hide it behind an address that they know.":
    '一条路由只管一个方向。inner 的包经 ns2 到了宿主机；宿主机没有到 172.20.0.0/24 的路由，应答就走默认路由去了互联网，那里没人认识这样的地址。在路由器后面加一个网络，就要告诉所有需要给它回包的机器，或者把它藏在一个大家都认识的地址后面。',
}

export default catalogue
