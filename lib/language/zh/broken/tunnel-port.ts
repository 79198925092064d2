// Translates the broken network tunnel-port into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'With the new firewall of host2, its containers are cut off':
    'host2 装上新的防火墙之后，它的容器与其他容器断开了',
  'The security team installed a firewall on host2. It lets in ping, ssh and answers. Since then, c1 and c3 do not reach c2. The machines themselves answer every ping. The team insists that the test server on port 8080 of host2 stays closed.':
    '安全团队在 host2 上安装了防火墙。它放行 ping、ssh 和应答。从那以后，c1 和 c3 到达不了 c2。各台机器自己对每个 ping 都有应答。安全团队坚持：host2 端口 8080 上的测试服务器必须保持关闭。',
  'A firewall drops the UDP packets of the tunnels.': '防火墙丢弃隧道的 UDP 包。',
  'The tunnels of two machines have different numbers (VNI), so one machine ignores the packets of the other.':
    '两台机器的隧道编号（VNI）不同，所以一台机器忽略另一台的包。',
  'A forwarding entry of a tunnel names a machine where the container is no longer.':
    '隧道的一个转发表项指向容器已经不在的机器。',
  'The outer packets are larger than a wire between the machines carries.':
    '外层包比机器之间线路能传送的更大。',
  'A ping between the machines says nothing about the tunnel: that is another protocol. Which one?':
    '机器之间的 ping 说明不了隧道的情况：隧道用的是另一种协议。哪一种？',
  'The counters show what the policy of the chain has dropped: nsenter --net=/run/netns/host2 iptables -vnL INPUT':
    '计数器显示这条链的默认策略丢弃了多少包：nsenter --net=/run/netns/host2 iptables -vnL INPUT',
  'The packets of the tunnels come by UDP to port 4789. They need a rule, and nothing else does.':
    '隧道的包用 UDP 到达端口 4789。它们需要一条规则，其他的都不需要。',
  'c1 reaches c2': 'c1 能到达 c2',
  'c3 reaches c2': 'c3 能到达 c2',
  'c1 reaches c2 with a packet of 1,450 bytes, undivided': 'c1 用 1,450 字节的包能到达 c2，不分片',
  'c1 reaches c3': 'c1 能到达 c3',
  'no tunnel floods: each frame goes to one machine': '没有隧道泛洪：每个帧只去一台机器',
  'port 8080 of host2 is closed to the other machines': 'host2 的端口 8080 对其他机器是关闭的',
  'A rule for the port of the tunnels': '放行隧道端口的规则',
  'A rule for this port, from the machines of the wire alone':
    '放行这个端口的规则，只限这条线路上的机器',
  'Set the policy back to ACCEPT: the test server is open':
    '把默认策略改回 ACCEPT：测试服务器被打开',
  'A rule for the packets of host alone: c3 is still cut off': '只放行 host 的包：c3 仍然断开',
  'Accept everything from the wire: the test server is open':
    '放行来自线路的一切：测试服务器被打开',
  'The packets of a tunnel are UDP packets to port 4789, and for the kernel of host2 they are packets for itself: they pass INPUT, and not FORWARD. The policy of INPUT dropped them. They were no answers either, because each direction of a tunnel has a source port of its own. The frames inside never reached the bridge. Cloud networks often close this port too.':
    '隧道的包是发往端口 4789 的 UDP 包，对 host2 的内核来说是发给自己的包：它们经过 INPUT，而不是 FORWARD。INPUT 的默认策略丢弃了它们。它们也不算应答，因为隧道的每个方向都有自己的源端口。里面的帧从未到达网桥。云网络也常常关闭这个端口。',
}

export default catalogue
