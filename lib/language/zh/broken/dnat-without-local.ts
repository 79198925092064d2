// The broken network dnat-without-local in Chinese: every text that it is the first to say.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'Whatever web site ns2 opens, the page of ns1 comes':
    'ns2 不管打开哪个网站，出来的都是 ns1 的网页',
  'Since the web server of ns1 was published, the others complain: whatever site on the Internet ns2 opens, the page of ns1 comes, and db is refused everywhere. ping reaches the right machine.':
    '自从发布了 ns1 的 Web 服务，别人就开始抱怨：ns2 不管打开互联网上的哪个网站，出来的都是 ns1 的网页，而 db 处处被拒绝。ping 到的却是正确的机器。',
  'A published port takes packets that are not meant for the host.':
    '端口映射把不是发给宿主机的包也抢走了。',
  'The default route of the host leads to the wrong neighbour.':
    '宿主机的默认路由指向了错误的下一跳。',
  'ping comes through and port 80 does not: what on the way looks at ports?':
    'ping 通得过，80 端口却不行：路上有什么会看端口？',
  'Whose packets does the rule of the published port take? Read its conditions: iptables -t nat -vnL PREROUTING':
    '端口映射的规则抢走了谁的包？读一读它的条件：iptables -t nat -vnL PREROUTING',
  'It asks for the port only, and for no destination. Which destinations are meant? iptables -m addrtype --help':
    '它只看端口，不看目的地址。本来指的是哪些目的地址？iptables -m addrtype --help',
  'db reads the page of a server on the Internet': 'db 能读到互联网上一台服务器的网页',
  "Only for the host's own addresses, as container engines write it":
    '只针对宿主机自己的地址，容器引擎就是这样写的',
  'Only for one address of the host': '只针对宿主机的一个地址',
  'Only for what comes in from outside': '只针对从外面进来的包',
  'Take the rule away: so is the published port': '把规则删掉：端口映射也就没了',
  "The rule asked for the destination port 80 only, and PREROUTING sees every packet that comes in, also those that are only passing through: each of them was sent to ns1. With '--dst-type LOCAL' it takes those for an address of the host itself. The same fault was found in container engines (netavark 904).":
    '这条规则只要求目的端口是 80，而 PREROUTING 看得到每一个进来的包，包括只是路过的：它们全被送到了 ns1。加上“--dst-type LOCAL”，它就只接收目的地址属于宿主机自己的包。容器引擎里也出现过同样的错误（netavark 904）。',
}

export default catalogue
