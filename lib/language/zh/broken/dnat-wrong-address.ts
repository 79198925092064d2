// Translates the broken network dnat-wrong-address into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'The published web server of ns1 does not answer from outside':
    'ns1 发布的 Web 服务从外面访问没有应答',
  'Customers on the Internet open http://203.0.113.2/ and wait until they give up. They get no answer, not even a refusal. ns2 reads the page of ns1 at http://172.18.0.2/ without trouble.':
    '互联网上的客户打开 http://203.0.113.2/，一直等到放弃。他们得不到任何应答，连拒绝都没有。ns2 打开 http://172.18.0.2/ 却能正常读到 ns1 的网页。',
  'The published port leads to an address that no machine has.':
    '端口映射指向一个没有机器使用的地址。',
  'No DNAT rule leads from the port of the host to the namespace.':
    '没有 DNAT 规则把宿主机的端口映射到命名空间。',
  'No program listens on that port.': '没有程序在监听那个端口。',
  'A closed port refuses at once, but this port does not answer at all. So something takes the packets. What is it?':
    '关闭的端口会立刻拒绝，而这个端口没有任何应答。所以有东西接走了包。是什么？',
  'Watch the bridge while a client connects: tcpdump -ni br0. Which address does the host look for?':
    '有客户端连接时在网桥上抓包：tcpdump -ni br0。宿主机在找哪个地址？',
  'Compare the rule with the address of ns1: iptables -t nat -nL PREROUTING; ip -n ns1 -brief address':
    '对比规则和 ns1 的地址：iptables -t nat -nL PREROUTING; ip -n ns1 -brief address',
  'The right address in the rule': '在规则里写上正确的地址',
  'Give ns1 the address in the rule as a second address': '把规则里的地址作为第二个地址配给 ns1',
  'Move ns1 to the other address: its neighbours no longer find it':
    '把 ns1 改到另一个地址：邻居找不到它了',
  'Write the whole table again, without the rule for db': '重写整张表，却漏了 db 的规则',
  'The rule sent every request to 172.18.0.22. No machine has that address. The host asked for it on br0 by ARP and got no answer. So the request ended there, and the client waited in vain. If a rule contains the address of a server, it must change together with that address. Otherwise the published port leads nowhere or, when the address is given out again, to another server.':
    '规则把每个请求都发往 172.18.0.22。没有机器使用这个地址。宿主机在 br0 上用 ARP 询问它，得不到应答，请求就停在那里，客户端只能空等。规则里写着服务器的地址，地址改变时规则也必须一起改。否则，发布的端口不通向任何机器；等这个地址重新分配出去，它就通向另一台服务器。',
  'A rule for port 80 of all addresses: ns2 reads no other page':
    '规则匹配所有地址的 80 端口：ns2 读不到别的网页',
}

export default catalogue
