// Translates the broken network no-hairpin into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'All but the neighbours of the server read http://203.0.113.2/':
    '除了服务器的邻居，别的机器都能打开 http://203.0.113.2/',
  'The page of ns1 is published as http://203.0.113.2/. Every machine outside reads it there. ns2, on the same bridge as ns1, gets no answer, and neither does ns1 itself. ns2 can read the page at http://172.18.0.2/.':
    'ns1 的网页发布在 http://203.0.113.2/。外部的机器都能打开。与 ns1 在同一个网桥上的 ns2 却得不到应答，ns1 自己也不行。用 http://172.18.0.2/，ns2 就能打开。',
  'The answer goes straight to the client. It bypasses the host, which would have restored its address.':
    '应答直接发给客户端，绕过了本该还原地址的宿主机。',
  'Watch the cable of ns2 while it connects: ip netns exec ns2 tcpdump -ni eth0 tcp port 80. Which address answers?':
    'ns2 连接时在它的网线上抓包：ip netns exec ns2 tcpdump -ni eth0 tcp port 80。应答来自哪个地址？',
  'ns2 asks 203.0.113.2, but 172.18.0.2 answers. Why did the host not restore the address?':
    'ns2 访问的是 203.0.113.2，应答的却是 172.18.0.2。宿主机为什么没有还原地址？',
  'ns1 sees ns2 as its client, and sends the answer straight to it. Which client address would make ns1 send the answer through the host?':
    'ns1 看到的客户端是 ns2，于是把应答直接发给它。客户端是哪个地址，ns1 才会让应答经过宿主机？',
  'ns1 reads the page at the published port': 'ns1 自己也能通过发布的端口读到网页',
  'Packets from the bridge back to the bridge get the address of the host':
    '从网桥来又回到网桥去的包，换成宿主机的地址',
  'Only packets that were sent to a published port': '只针对发往已发布端口的包',
  'All packets to the bridge: ns1 no longer sees its real clients':
    '所有发往网桥的包：ns1 看不到真实的客户端',
  'Isolate the two on the bridge, so that all packets pass the host':
    '在网桥上把两者隔离，让所有的包都经过宿主机',
  "DNAT sent the request of ns2 back to the bridge, to ns1, with ns2 as its source. ns1 and ns2 are on the same bridge, so the answer went straight to ns2. It bypassed the host, which would have changed its source to 203.0.113.2. ns2 never connected to 172.18.0.2, so it refused the answer. If the source is the host's address, the answer must pass the host. Container engines call this hairpin NAT, or NAT loopback.":
    'DNAT 把 ns2 的请求送回网桥、交给 ns1，源地址仍是 ns2。ns1 和 ns2 在同一个网桥上，应答就直接发给了 ns2。它绕过了宿主机，而宿主机本来会把源地址改成 203.0.113.2。ns2 从来没有连接过 172.18.0.2，于是拒绝了应答。如果源地址是宿主机的地址，应答就必须经过宿主机。容器引擎把这叫作发夹 NAT（hairpin），也叫 NAT 回流。',
  'ns1 gets the address of the host: two machines have one address':
    '把宿主机的地址也给 ns1：两台机器使用同一个地址',
}

export default catalogue
