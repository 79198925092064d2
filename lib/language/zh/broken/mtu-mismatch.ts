// Translates the broken network mtu-mismatch into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'ping and small pages work, but large pages from ns1 hang':
    'ping 和小网页都正常，ns1 的大网页却卡住',
  'ns1 answers every small ping, but its users complain: small requests work, and large ones hang for ever. ns2 has no such trouble. A larger ping fails too.':
    'ns1 对每个小 ping 都有应答，用户却在抱怨：小请求正常，大请求永远卡住。ns2 没有这个问题。大一点的 ping 也会失败。',
  'The two ends of a cable have different MTUs (the largest packet size).':
    '一根网线两端的 MTU（最大包长）不同。',
  'How large may a packet be? Try several sizes: ip netns exec ns1 ping -c 1 -W 1 -M do -s 1300 172.18.0.3':
    '包最大可以多大？试试不同的大小：ip netns exec ns1 ping -c 1 -W 1 -M do -s 1300 172.18.0.3',
  'Above a limit no packet arrives, and no router says why. At most, the kernel of ns1 says that its own device took no more (No buffer space available). Which device counts dropped packets? ip -s link show veth1':
    '超过某个大小，包就到不了，也没有路由器说明原因。最多是 ns1 自己的内核说它的设备不收了（No buffer space available）。哪个设备的丢包计数在增加？ip -s link show veth1',
  'Compare the two ends of the cable: ip link show veth1; ip -n ns1 link show eth0':
    '比较网线的两端：ip link show veth1; ip -n ns1 link show eth0',
  'ns1 reaches ns2 with a large packet': 'ns1 能用大包到达 ns2',
  'ns1 reaches ns2 with a packet of 1,500 bytes, without fragmentation':
    'ns1 能用 1500 字节的包到达 ns2，不分片',
  'ns1 reaches the Internet with a packet of 1,500 bytes, without fragmentation':
    'ns1 能用 1500 字节的包到达互联网，不分片',
  'all ports of br0 have the same MTU as the namespaces: 1,500 bytes':
    'br0 的所有端口的 MTU 都与命名空间相同：1500 字节',
  'A larger MTU at one end: the ends of the cable still differ':
    '一端使用更大的 MTU：网线两端仍然不同',
  'ns2 reaches the Internet with a packet of 1,500 bytes, without fragmentation':
    'ns2 能用 1500 字节的包到达互联网，不分片',
  'The same MTU at both ends of the cable': '网线两端使用相同的 MTU',
  'A new cable': '换一根新网线',
  'The smaller MTU everywhere: ns2 is limited too': '全部使用较小的 MTU：ns2 也受到限制',
  'A new cable and another address: the others no longer find ns1':
    '换一根新网线，并换一个地址：其他机器找不到 ns1',
  "ns1 sent packets of up to 1,500 bytes. The other end of its cable accepted only 1,400 and dropped larger packets. Since Linux 6.7, the program that sends sees 'No buffer space available'; an older kernel says nothing. A router would have sent an error (ICMP 'fragmentation needed'), and the sender would have made smaller packets. A bridge sends no errors, so all devices on one bridge must have the same MTU. A small ping proves nothing about large packets: the TCP handshake works, and the first full segment hangs.":
    'ns1 发送最大 1500 字节的包。网线的另一端只接受 1400 字节，丢弃更大的包。从 Linux 6.7 起，发送的程序会看到“No buffer space available”；更旧的内核什么也不说。路由器会发回错误消息（ICMP“需要分片”），发送方就会改发小包。网桥不发送错误消息，所以同一个网桥上所有设备的 MTU 必须相同。小包 ping 得通，不能说明大包也能通过：TCP 握手正常，第一个满长的段却卡住。',
  'eth0 of ns1 has the same MTU as the other end of its cable: 1,500 bytes':
    'ns1 的 eth0 与网线另一端的 MTU 相同：1500 字节',
  'The same MTU at one end, a larger one at the other: they differ again':
    '一端改成相同的 MTU，另一端又改大：两端再次不同',
}

export default catalogue
