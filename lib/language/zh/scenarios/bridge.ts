// Translates the scenario bridge into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'A switch that connects many namespaces': '连接多个命名空间的交换机',
  "A cable joins only two namespaces. To connect three, you need a switch. A Linux bridge is a switch in software. Attach the host's end of each veth pair to it. The namespaces at the other ends then share one network.\n\nA switch knows nothing at first. When a frame (a packet on Ethernet) arrives at a port, the switch learns that the sender's MAC address is behind that port. It sends a frame for an unknown address out of every other port. This is called flooding.":
    '一根网线只能连接两个命名空间。要连接三个，就需要交换机。Linux 网桥是用软件实现的交换机：把每个 veth 对在宿主机这一侧的一端接到网桥上，另一端的命名空间就处在同一个网络中。\n\n交换机起初什么都不知道。帧（以太网上的数据包）到达一个端口时，交换机就学到：发送方的 MAC 地址在这个端口后面。目的地址未知的帧会从其他所有端口发出去，这叫泛洪（flooding）。',
  'Three namespaces, each with a cable to the host': '三个命名空间，各用一根网线接到宿主机',
  "'peer … netns' creates the other end of each cable directly in its namespace. That end also gets a MAC address (its hardware address) that is easy to recognise later.":
    "'peer … netns' 把每根网线的另一端直接创建在对应的命名空间里，并为它指定一个以后容易辨认的 MAC 地址（硬件地址）。",
  'each cable ends on the host, but nothing connects the cables there':
    '每根网线都通到宿主机，但那里还没有东西把它们连接起来',
  'Attach them to a switch': '把它们接到交换机上',
  'Create a bridge like any other device. A device becomes a port of the bridge when the bridge is set as its master.':
    '创建网桥和创建其他设备一样。把网桥设为某个设备的 master，这个设备就成为网桥的端口。',
  'a bridge that is down forwards nothing': '处于 down 状态的网桥什么都不转发',
  'ns1 reaches ns3': 'ns1 能到达 ns3',
  'What the switch has learned': '交换机学到了什么',
  "Each incoming frame tells the bridge which port its source address is behind. 'bridge fdb' shows what the bridge has learned: its forwarding table.":
    "每个进来的帧都让网桥得知：它的源地址在哪个端口后面。'bridge fdb' 显示网桥学到的内容，也就是转发表（FDB）。",
  'the bridge knows that ns1 is behind veth1': '网桥知道 ns1 在 veth1 后面',
  'the bridge knows that ns2 is behind veth2': '网桥知道 ns2 在 veth2 后面',
  'the bridge knows that ns3 is behind veth3': '网桥知道 ns3 在 veth3 后面',
  'ns3 does not receive the packets between ns1 and ns2': 'ns3 收不到 ns1 和 ns2 之间的包',
  'A frame to an unknown address is flooded': '发往未知地址的帧会被泛洪',
  'Clear the forwarding table, and stop the bridge from learning on the port of ns2. ns1 still knows the MAC address of ns2 and sends its frames to that address. But the bridge does not know the port for this address, so it sends a copy out of every other port.':
    '清空转发表，并禁止网桥在 ns2 的端口上学习。ns1 仍然知道 ns2 的 MAC 地址，它的帧仍然发给这个地址。但网桥不知道这个地址在哪个端口后面，于是从其他每个端口各发一份。',
  'ns3 receives an echo request for ns2': 'ns3 收到了发给 ns2 的回显请求',
  'ns3 receives the next echo request for ns2': 'ns3 又收到了下一个发给 ns2 的回显请求',
  'with learning on again, ns2 answers': '重新打开学习后，ns2 有应答',
  'the bridge has learned from this answer: ns3 does not receive the next request':
    '网桥从这个应答中学到了端口：ns3 收不到下一个请求',
  'The uplink as a port': '把上行接口也作为端口',
  "eth0 is the uplink: the host's interface to the outer network. Many tutorials make it a port of the bridge too ('brctl addif br0 eth0'), to connect the namespaces to the outer network. But then br0 receives every frame that arrives at eth0, including ARP answers, and eth0 never learns a neighbour's MAC address. Its neighbour entries would still work for a few minutes, so this step flushes them.":
    "eth0 是上行接口，即宿主机通往外部网络的接口。许多教程也把它设为网桥的端口（'brctl addif br0 eth0'），让命名空间接入外部网络。但这样一来，到达 eth0 的每个帧（包括 ARP 应答）都归 br0，eth0 再也学不到邻居的 MAC 地址。它的邻居表里已有的条目还能用几分钟，所以这一步清空它们。",
  'the host reaches outside': '宿主机能到达 outside',
  'with eth0 as a port, the host no longer reaches outside':
    'eth0 成为端口之后，宿主机到达不了 outside',
  'with its address on the bridge, the host reaches outside again':
    '把地址移到网桥上之后，宿主机又能到达 outside',
  'a namespace with an address of the outer network reaches outside directly':
    '配有外部网络地址的命名空间能直接到达 outside',
}

export default catalogue
