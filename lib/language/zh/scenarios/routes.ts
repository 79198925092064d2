// The scenario routes in Chinese: every text that it is the first to say, and none besides.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'From the namespace to the host and back': '从命名空间到宿主机，再返回',
  "For every packet that it sends or passes on, a machine asks its routing table: which interface, and which next hop? An answer is a packet too, and the other machine asks its own table. Most networks that 'do not work' lack one of the two routes.":
    '每发出或转发一个包，机器都要查自己的路由表：走哪个接口，下一跳是谁？应答也是一个包，对方同样要查它自己的路由表。大多数“不通”的网络，都缺了去程或回程中的一条路由。',
  'A namespace on a bridge': '网桥上的一个命名空间',
  'As in the scenario before, with one namespace.': '和上一个场景一样，只是命名空间只有一个。',
  'the namespace has no route to the host: 203.0.113.2 is in none of its networks':
    '命名空间没有到宿主机的路由：203.0.113.2 不在它的任何网段内',
  "'default dev veth1': everything else is out there on this cable, too. The request now reaches the host. But the host looks for 172.18.0.2 in its own table, finds only its default route, and sends the answer to outside.":
    "'default dev veth1' 的意思是：其余一切地址也都在这根网线上。现在请求能到达宿主机了。但宿主机在自己的路由表里查 172.18.0.2，只找到默认路由，于是把应答发给了 outside。",
  'the request has a route, the answer does not come': '请求有路可走，应答却回不来',
  'the host would send it the wrong way': '宿主机会把它发错方向',
  'The way back': '回程',
  "One route by device on the host as well. The bridge has no address of its own: Linux answers to any of the host's addresses on any interface, so 203.0.113.2 serves here too.":
    '在宿主机上也加一条指定设备的路由。网桥自己没有地址：Linux 在任何接口上都会响应本机的任何地址，所以 203.0.113.2 在这里也能用。',
  'the namespace reaches the host': '命名空间能到达宿主机',
  'the host reaches the namespace': '宿主机能到达命名空间',
  'the host now has a better route than its default': '现在宿主机有了比默认路由更好的路由',
  'The longest prefix wins': '最长前缀优先',
  "Three routes match 172.18.0.2 now: 'default' (/0), 172.18.0.0/24, and the one to come, for this address alone (/32). The order in the table does not matter, only the length.":
    "现在有三条路由匹配 172.18.0.2：'default'（/0）、172.18.0.0/24，以及马上要加的、只针对这一个地址的（/32）。它们在表中的先后无关紧要，只看前缀长度。",
  'a /32 beats the /24, although the /24 would work': '/32 优先于 /24，尽管 /24 本来走得通',
  'without it the /24 is the longest again': '删掉它，/24 又成了最长的前缀',
  'What is still missing': '还缺什么',
  "Everything that is 'on the cable' is asked for by ARP, and only the host is there to answer, for its own addresses. For the Internet somebody must be the next hop: a gateway, with an address. That is the next scenario.":
    '凡是“在这根网线上”的地址，都用 ARP 询问；而那里能应答的只有宿主机，并且只为它自己的地址应答。要去互联网，必须有谁来当下一跳：一个有地址的网关。这是下一个场景的内容。',
  'nobody on the bridge answers for 198.51.100.1': '网桥上没有谁替 198.51.100.1 应答',
  'its MAC address was asked for, in vain': '已用 ARP 询问它的 MAC 地址，没有结果',
}

export default catalogue
