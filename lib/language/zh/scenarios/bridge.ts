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
  'the bridge knows that ns3 is behind veth3': '网桥知道 ns3 在 veth3 后面',
  'ns3 does not receive the packets between ns1 and ns2': 'ns3 收不到 ns1 和 ns2 之间的包',
  'A frame to an unknown address is flooded': '发往未知地址的帧会被泛洪',
  'Clear the forwarding table, and stop the bridge from learning on the port of ns2. ns1 still knows the MAC address of ns2 and sends its frames to that address. But the bridge no longer knows the port for this address.':
    '清空转发表，并禁止网桥在 ns2 的端口上学习。ns1 仍然知道 ns2 的 MAC 地址，它的帧仍然发给这个地址。但网桥已经不知道这个地址在哪个端口后面。',
  'ns3 receives an echo request for ns2': 'ns3 收到了发给 ns2 的回显请求',
  'ns3 receives the next echo request for ns2': 'ns3 又收到了下一个发给 ns2 的回显请求',
  'with learning on again, ns2 answers': '重新打开学习后，ns2 有应答',
  'the bridge has learned from this answer: ns3 does not receive the next request':
    '网桥从这个应答中学到了端口：ns3 收不到下一个请求',
  'The uplink as a port': '把上行接口也作为端口',
  "eth0 is the uplink: the host's interface to the outer network. Many tutorials make it a port of the bridge too ('brctl addif br0 eth0'), to connect the namespaces to the outer network. What does that change for the host? Known MAC addresses stay in the neighbour table for a few minutes and would hide the effect, so this step flushes them.":
    "eth0 是上行接口，即宿主机通往外部网络的接口。许多教程也把它设为网桥的端口（'brctl addif br0 eth0'），让命名空间接入外部网络。这对宿主机有什么影响？已知的 MAC 地址会在邻居表里再保留几分钟，掩盖这个影响，所以这一步清空它们。",
  'the host reaches outside': '宿主机能到达 outside',
  'with eth0 as a port, the host no longer reaches outside':
    'eth0 成为端口之后，宿主机到达不了 outside',
  'with its address on the bridge, the host reaches outside again':
    '把地址移到网桥上之后，宿主机又能到达 outside',
  'a namespace with an address of the outer network reaches outside directly':
    '配有外部网络地址的命名空间能直接到达 outside',

  // questions, and why it is so
  'ns1 has a route, so it asks by ARP for 172.18.0.3. The request leaves the cable on the host, and there nothing passes it on to veth2.':
    'ns1 有路由，于是用 ARP 询问 172.18.0.3。请求从网线到达宿主机，但那里没有什么把它传给 veth2。',
  'The three cables are ports now, but the bridge itself is down. A bridge that is down passes no frames on.':
    '三根网线现在都是端口了，但网桥自己还是 down。处于 down 状态的网桥不转发任何帧。',
  'The ARP request of ns1 goes out of all ports. ns2 answers, and then the frames go directly from port to port.':
    'ns1 的 ARP 请求从所有端口发出。ns2 应答，之后的帧直接从端口到端口。',
  'For the bridge, ns3 is one more port. Any number of namespaces can share one bridge.':
    '对网桥来说，ns3 只是又一个端口。一个网桥可以连接任意多个命名空间。',
  'You pinged ns3, so a frame with its MAC address came in at veth3. The bridge learns from the source address of each frame.':
    '你 ping 过 ns3，所以有一个带着它的 MAC 地址的帧从 veth3 进来。网桥从每个帧的源地址学习。',
  'You have pinged ns2 and ns3 from ns1. Does the bridge now know where ns3 is?':
    '你从 ns1 ping 过 ns2 和 ns3。网桥现在知道 ns3 在哪里吗？',
  'yes, its MAC address is behind veth3': '知道，它的 MAC 地址在 veth3 后面',
  'no, nobody has told the bridge': '不知道，没有人告诉过网桥',
  'The bridge knows that ns2 is behind veth2, so it sends the frames only there. A hub would send them to everybody.':
    '网桥知道 ns2 在 veth2 后面，所以只把帧发到那里。集线器会发给所有人。',
  'ns1 pings ns2. Which packets does ns3 see?': 'ns1 ping ns2。ns3 会看到哪些包？',
  'the packets between ns1 and ns2': 'ns1 和 ns2 之间的包',
  'none of them': '一个也看不到',
  'The bridge has forgotten where ns2 is, so it floods: it sends the request out of all other ports. ns3 sees it and ignores it, because the MAC address is not its own.':
    '网桥忘记了 ns2 在哪里，于是泛洪：把请求从其他所有端口发出。ns3 看到它，但 MAC 地址不是自己的，所以不理会。',
  'The table is empty. What happens if ns1 pings ns2 now?':
    '转发表是空的。现在 ns1 ping ns2，会怎样？',
  'ns3 sees the request too': 'ns3 也会看到请求',
  'only ns2 sees the request': '只有 ns2 看到请求',
  'ns2 has answered, but the bridge does not learn at veth2. So it still does not know where ns2 is, and floods again.':
    'ns2 应答过了，但网桥在 veth2 上不学习。所以它仍然不知道 ns2 在哪里，只好再次泛洪。',
  'ns2 has answered once. What happens to the next request?':
    'ns2 已经应答过一次。下一个请求会怎样？',
  'ns3 sees it again': 'ns3 又会看到它',
  'the bridge now sends it only to ns2': '网桥现在只把它发给 ns2',
  'The answer itself never depended on learning: flooding also reaches ns2. Now the bridge may learn from it.':
    '应答本身从不依赖学习：泛洪也能到达 ns2。现在网桥又可以从它学习了。',
  'The last answer came in at veth2, and the bridge was allowed to learn again. From now on it sends frames for ns2 only there.':
    '上一个应答从 veth2 进来，而网桥又可以学习了。从现在起，给 ns2 的帧只发往那里。',
  'Learning is on, and ns2 has just answered. Does ns3 still see the requests?':
    '学习已打开，ns2 刚刚应答过。ns3 还会看到请求吗？',
  'eth0 is an ordinary interface with its own address. The host finds the MAC address of 203.0.113.1 by ARP through eth0.':
    'eth0 是一个普通接口，有自己的地址。宿主机在 eth0 上用 ARP 找到 203.0.113.1 的 MAC 地址。',
  'br0 now receives every frame that arrives at eth0, also the ARP answer. eth0 never sees it, so the host does not learn the MAC address of outside.':
    '到达 eth0 的每个帧现在都由 br0 接收，ARP 应答也是。eth0 看不到它，所以宿主机学不到 outside 的 MAC 地址。',
  'The address is now on br0, so the host asks through br0 and receives the answer there. An address belongs to the bridge, and not to one of its ports.':
    '地址现在在 br0 上，所以宿主机从 br0 询问，应答也在那里收到。地址属于网桥，而不属于它的端口。',
  'ns1 is on the same bridge as eth0, so it is directly connected to the outer network. It needs no router, only an address of that network.':
    'ns1 和 eth0 在同一个网桥上，所以直接连到外部网络。它不需要路由器，只需要那个网络的一个地址。',
  'A bridge is a switch in software: it learns from source addresses and floods what it does not know.':
    '网桥是软件实现的交换机：它从源地址学习，对不认识的地址泛洪。',
  "A namespace joins a network when the host's end of its cable becomes a port.":
    '网线的宿主机一端成为端口，命名空间就加入了网络。',
  'The address of an interface that becomes a port must move to the bridge.':
    '接口成为端口之后，它的地址必须移到网桥上。',
  'docker network inspect bridge: the subnet and gateway of docker0, which is such a bridge':
    'docker network inspect bridge：docker0 的子网和网关，它就是这样一个网桥',
  "bridge link: the host's ends of all containers, as ports of docker0":
    'bridge link：所有容器的宿主机一端，都是 docker0 的端口',
  'kubectl get pods -o wide: pods of one node are often on one bridge (cni0)':
    'kubectl get pods -o wide：同一节点上的 pod 常常在同一个网桥（cni0）上',
}

export default catalogue
