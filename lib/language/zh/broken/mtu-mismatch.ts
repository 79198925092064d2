// The broken network mtu-mismatch in Chinese: every text that it is the first to say.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'ping works, small pages work, and large ones from ns1 hang':
    'ping 正常，小网页正常，ns1 的大网页却卡住',
  'ns1 answers every ping, and yet its users complain: small requests go through, large ones hang for ever. ns2 has no such trouble. With a larger ping it can be seen.':
    'ns1 对每个 ping 都有应答，用户却在抱怨：小请求过得去，大请求永远卡住。ns2 没有这个毛病。用大一点的 ping 就能看出来。',
  'Two ends of a cable have different MTUs.': '一根网线两端的 MTU 不同。',
  'How large may a packet be? Try sizes: ip netns exec ns1 ping -c 1 -W 1 -s 1300 172.18.0.3':
    '包最大可以多大？试试不同的大小：ip netns exec ns1 ping -c 1 -W 1 -s 1300 172.18.0.3',
  'Above a limit they disappear, and nobody says so: on a bridge there is nobody who could. Which device counts something? ip -s link show veth1':
    '超过某个大小，包就消失了，没人说一声：在网桥上也没有谁能说。哪个设备的计数器在动？ip -s link show veth1',
  'Compare the two ends of the cable: ip link show veth1; ip -n ns1 link show eth0':
    '比较网线的两端：ip link show veth1; ip -n ns1 link show eth0',
  'ns1 reaches ns2 with a large packet': 'ns1 能用大包访问 ns2',
  'ns1 reaches the Internet with one': '也能用大包访问互联网',
  'ns2 reaches the Internet with a packet of 1,500 bytes, in one piece':
    'ns2 能把 1500 字节的包不分片地发到互联网',
  'ns2 reaches ns1': 'ns2 能访问 ns1',
  'Both ends of the cable alike': '让网线两端一致',
  'A new cable': '换一根新网线',
  'The smaller size for all: now ns2 is slowed down, too': '全都用较小的值：这下 ns2 也变慢了',
  'A second cable past the bridge, with another address: ns1 is not where it is looked for':
    '绕开旧网线另接一根，用另一个地址：ns1 不在大家找它的地方了',
  "ns1 believed in 1,500 bytes, the other end of its cable took 1,400, and dropped what was larger. A router would have said so (ICMP 'fragmentation needed'), and the sender would have made smaller packets; a bridge does not speak, so all devices on one must have the same MTU. A small ping proves nothing about large packets: TCP's handshake fits, and the first full segment hangs.":
    'ns1 以为可以发 1500 字节，网线的另一端只收 1400，更大的就丢弃。换作路由器，会告知发送方（ICMP“需要分片”），发送方就会改发小包；网桥不说话，所以同一个网桥上所有设备的 MTU 必须一致。小包 ping 得通，并不说明大包也行：TCP 握手过得去，第一个满长的段就卡住了。',
}

export default catalogue
