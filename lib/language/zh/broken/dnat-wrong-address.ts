// The broken network dnat-wrong-address in Chinese: every text that it is the first to say.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'The published web server of ns1 does not answer from outside':
    'ns1 发布的 Web 服务从外面访问没有应答',
  'Customers on the Internet wait for http://203.0.113.2/ until they give up: nothing, not even a refusal. ns2 reads the page of ns1 at http://172.18.0.2/ without trouble.':
    '互联网上的客户访问 http://203.0.113.2/，一直等到放弃：什么都没有，连拒绝都没有。ns2 访问 http://172.18.0.2/ 却能正常读到 ns1 的网页。',
  'The published port leads to an address that nobody has.': '端口映射指向一个没人使用的地址。',
  'No rule leads from the port of the host to the namespace.':
    '没有规则把宿主机的端口映射到命名空间。',
  'Nothing listens on that port.': '没有程序在监听那个端口。',
  'A closed port refuses at once; this one is silent. So something takes the packets: what?':
    '关闭的端口会立刻拒绝，而这个端口没有声音。也就是说有什么东西把包接走了：是什么？',
  'Watch the bridge while somebody asks: tcpdump -ni br0. For whom does the host look?':
    '有人访问时在网桥上抓包：tcpdump -ni br0。宿主机在找谁？',
  'Compare the rule with the address of ns1: iptables -t nat -nL PREROUTING; ip -n ns1 -brief address':
    '拿规则和 ns1 的地址对比：iptables -t nat -nL PREROUTING; ip -n ns1 -brief address',
  'The right address in the rule': '在规则里写上正确的地址',
  'The address of the rule for ns1, besides its own': '把规则里的地址也配给 ns1',
  'ns1 moves to the other address, and its neighbours do not find it':
    'ns1 搬到另一个地址，邻居就找不到它了',
  'The whole table written anew, with nothing for db': '重写整张表，却没有给 db 留下规则',
  "The rule sent every request to 172.18.0.22. Nobody has that address, so the host asked for it on br0 (ARP), got no answer, and the request died there; the client saw silence. Rules that hold a server's address must change with it: an engine that forgets to do so publishes a hole, or, once the address is given away again, somebody else's server.":
    '规则把每个请求都送往 172.18.0.22。没有人使用这个地址，于是宿主机在 br0 上询问它（ARP），得不到回答，请求就死在那里；客户端看到的只是沉默。规则里写着服务器的地址，地址变了规则就必须跟着变：容器引擎忘了这一点，发布出去的就是一个空洞；等这个地址又分给别人，发布出去的就是别人的服务。',
}

export default catalogue
