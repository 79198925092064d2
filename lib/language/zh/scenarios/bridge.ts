// The scenario bridge in Chinese: every text that it is the first to say, and none besides.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'The switch between many namespaces': '连接多个命名空间的交换机',
  "A cable joins two namespaces; a third needs a switch. A Linux bridge is one, in software: plug in the host's end of each veth pair, and the namespaces at the far ends share one network.\n\nA switch knows nothing at first. It learns where an address is by watching where frames come from, and sends a frame for an unknown address out of every port: it floods.":
    '一根网线只能连接两个命名空间，要连第三个就需要交换机。Linux 网桥就是一台软件交换机：把每个 veth 对在宿主机这一侧的一端插上去，另一端的命名空间就同处一个网络了。\n\n交换机起初一无所知。它观察数据帧从哪个端口进来，从而学到某个地址在哪里；目的地址未知的帧，则从所有端口发出去，这就是泛洪（flooding）。',
  'Three namespaces, each with a cable to the host': '三个命名空间，各用一根网线接到宿主机',
  "The far end of each cable is made right where it belongs ('peer … netns'), with a MAC address that we can recognise later.":
    "每根网线的远端直接创建在它该在的命名空间里（'peer … netns'），并指定便于日后辨认的 MAC 地址。",
  'every cable ends on the host, and nothing there joins them':
    '网线的另一头都在宿主机上，但那里还没有东西把它们连起来',
  'Plug them into a switch': '把它们插到交换机上',
  'A bridge is made like any other device; a port is a device whose master it is.':
    '网桥和其他设备一样创建；以它为 master 的设备，就是它的端口。',
  'a bridge that is down forwards nothing': '处于 down 状态的网桥什么都不转发',
  'and ns3': '也能到达 ns3',
  'What the switch has learnt': '交换机学到了什么',
  "Each frame that comes in tells the bridge: this source address lives behind this port. 'bridge fdb' shows its forwarding table.":
    "每个进来的帧都告诉网桥：这个源地址在这个端口后面。'bridge fdb' 显示它的转发表（FDB）。",
  'it knows that ns1 is behind veth1': '它知道 ns1 在 veth1 后面',
  'it knows that ns2 is behind veth2': '它知道 ns2 在 veth2 后面',
  'it knows that ns3 is behind veth3': '它知道 ns3 在 veth3 后面',
  'so ns3 sees nothing of what ns1 and ns2 say to each other':
    '所以 ns1 与 ns2 之间的通信，ns3 完全看不到',
  'An unknown destination floods': '目的地址未知就会泛洪',
  'Make the bridge forget, and forbid it to learn from the port of ns2. ns1 still knows the MAC address of ns2, so its frames are for that one address, but the bridge does not know the port: it sends a copy to everybody.':
    '让网桥忘掉所学，并禁止它从 ns2 的端口学习。ns1 仍然知道 ns2 的 MAC 地址，它的帧只发给这一个地址；但网桥不知道对应哪个端口，于是给每个端口都发一份。',
  'ns3 receives the echo request that is meant for ns2': '本该发给 ns2 的回显请求，ns3 也收到了',
  'ns3 receives the echo request that is meant for ns2, and the next':
    '本该发给 ns2 的下一个回显请求，ns3 还是收到了',
  'one answer of ns2 …': 'ns2 只要应答一次……',
  '… and the bridge has learnt: the next request does not reach ns3':
    '……网桥就学会了：下一个请求不再到达 ns3',
  'The uplink as a port': '把上行接口也作为端口',
  "Tutorials often plug eth0 in, too ('brctl addif br0 eth0'), to put the namespaces on the outer network. But a port belongs to its bridge: what arrives at eth0 is br0's now, ARP answers too, so eth0 never learns a neighbour's MAC address. Those that it knows would serve for some minutes more; we do not wait, but make it forget them.":
    "教程里常把 eth0 也插上去（'brctl addif br0 eth0'），好让命名空间接入外部网络。但端口属于它的网桥：到达 eth0 的包现在归 br0，ARP 应答也不例外，所以 eth0 再也学不到邻居的 MAC 地址。已经学到的还能用上几分钟；我们不等，直接清空它的邻居表。",
  'the host reaches outside': '宿主机能到达 outside',
  'no longer, with eth0 as a port': 'eth0 成为端口之后就不行了',
  'its address belongs on the bridge': '它的地址应该配在网桥上',
  'and a namespace with an address of the outer network is a neighbour of outside':
    '而配了外部网络地址的命名空间，就成了 outside 的邻居',
}

export default catalogue
