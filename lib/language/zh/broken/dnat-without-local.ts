// Translates the broken network dnat-without-local into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'Whatever web site ns2 opens, it gets the page of ns1':
    'ns2 不管打开哪个网站，得到的都是 ns1 的网页',
  'Since the web server of ns1 was published, other users complain. Whatever web site ns2 opens, it gets the page of ns1, and db is refused everywhere. ping reaches the right machine.':
    '自从发布了 ns1 的 Web 服务器，其他用户就开始抱怨。ns2 不管打开哪个网站，得到的都是 ns1 的网页，而 db 处处被拒绝。ping 到达的却是正确的机器。',
  'The rule of a published port also matches packets that are not for the host.':
    '端口映射的规则也匹配了不是发给宿主机的包。',
  'The default route of the host has the wrong next hop.': '宿主机的默认路由的下一跳是错误的。',
  'ping works, but port 80 does not. What on the path looks at ports?':
    'ping 正常，80 端口却不行。路径上有什么会看端口？',
  'Which packets does the rule of the published port match? Read its conditions: iptables -t nat -vnL PREROUTING':
    '端口映射的规则匹配哪些包？看一看它的条件：iptables -t nat -vnL PREROUTING',
  'The rule has a condition for the port, but none for the destination address. Which destination addresses should it match? iptables -m addrtype --help':
    '规则限定了端口，却没有限定目的地址。它应该匹配哪些目的地址？iptables -m addrtype --help',
  'db reads the page of a server on the Internet': 'db 能读到互联网上一台服务器的网页',
  "Only for the host's own addresses, as container engines do":
    '只针对宿主机自己的地址，容器引擎就是这样做的',
  'Only for one address of the host': '只针对宿主机的一个地址',
  'Only for packets that come in from outside: ns2 no longer reads http://203.0.113.2/':
    '只针对从外面进来的包：ns2 读不到 http://203.0.113.2/ 了',
  'The namespaces are separated: they reach only the Internet':
    '命名空间被隔开：它们只能到达互联网',
  'Delete the rule: the published port is gone too': '删除规则：端口映射也没有了',
  "The only condition of the rule was the destination port 80. PREROUTING sees every packet that comes in, also packets that only pass through the host. All of them were sent to ns1. With '--dst-type LOCAL' the rule matches only packets for an address of the host itself. Container engines had the same fault (netavark issue 904).":
    '这条规则唯一的条件是目的端口 80。PREROUTING 看得到每一个进来的包，包括只是经过宿主机的包。这些包全都被发给了 ns1。加上“--dst-type LOCAL”，规则只匹配目的地址属于宿主机自己的包。容器引擎也出现过同样的错误（netavark issue 904）。',
  'ns2 reads the page of another server outside, 203.0.113.1':
    'ns2 能读到外部另一台服务器 203.0.113.1 的网页',
  'ns2 reads the page of another server outside, 192.0.2.80':
    'ns2 能读到外部另一台服务器 192.0.2.80 的网页',
  'An exception for one network: every other web site is still the page of ns1':
    '只给一个网络加例外：其他网站仍然都变成 ns1 的网页',
}

export default catalogue
