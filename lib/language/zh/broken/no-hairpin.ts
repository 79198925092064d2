// The broken network no-hairpin in Chinese: every text that it is the first to say.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'Everybody reads http://203.0.113.2/ but those beside the server':
    '人人都能打开 http://203.0.113.2/，偏偏服务器旁边的不行',
  'The page of ns1 is published as http://203.0.113.2/. The whole world reads it there; ns2, on the same bridge as ns1, gets no answer, nor does ns1 itself. At http://172.18.0.2/ ns2 reads it.':
    'ns1 的网页发布在 http://203.0.113.2/。全世界都能打开；与 ns1 在同一个网桥上的 ns2 却得不到应答，ns1 自己也不行。用 http://172.18.0.2/，ns2 就能打开。',
  'The answer goes straight to the client, past the host that would have translated it back.':
    '应答直接发给了客户端，绕过了本应把地址还原回来的宿主机。',
  'Watch the cable of ns2 while it asks: ip netns exec ns2 tcpdump -ni eth0 tcp port 80. Who answers?':
    'ns2 访问时在它的网线上抓包：ip netns exec ns2 tcpdump -ni eth0 tcp port 80。应答的是谁？',
  'It asks 203.0.113.2, and 172.18.0.2 answers: why did the host not turn that back?':
    '它问的是 203.0.113.2，应答的是 172.18.0.2：宿主机为什么没有还原？',
  'ns1 sees ns2 as its client, and sends the answer straight to it. Whom would ns1 have to see, so that the answer goes by the host?':
    'ns1 看到的客户端是 ns2，于是把应答直接发给它。ns1 看到的客户端应该是谁，应答才会经过宿主机？',
  'ns2 reads the page at the published port': 'ns2 能通过发布的端口读到网页',
  'ns1 reads it there, too': 'ns1 自己也能',
  'asked directly, ns1 sees that ns2 is its client': '直接访问时，ns1 看到的客户端是 ns2',
  'What comes from the bridge and goes back to it gets the address of the host':
    '从网桥来又回到网桥去的包，换成宿主机的地址',
  'Only what was sent to a published port': '只针对发往已发布端口的包',
  'Everything that goes to the bridge: ns1 no longer knows its clients':
    '针对所有发往网桥的包：ns1 再也看不到真实的客户端',
  'The two kept apart on the bridge, so that all goes by the host':
    '在网桥上把两者隔离，让一切都经过宿主机',
  "DNAT sent the request of ns2 back to the bridge, to ns1, with ns2 as its source. ns1 and ns2 share a wire, so the answer went straight there, past the host, which alone knew that it had to come from 203.0.113.2. ns2 had never asked 172.18.0.2 and refused it. With the host's address as the source, the answer must go by the host. Engines call it hairpin, or NAT loopback.":
    'DNAT 把 ns2 的请求送回网桥、交给 ns1，源地址仍是 ns2。ns1 和 ns2 在同一条链路上，应答就直接发了过去，绕过了宿主机，而只有宿主机知道应答应当来自 203.0.113.2。ns2 从来没有访问过 172.18.0.2，于是拒绝。把源地址换成宿主机的地址，应答就必须经过宿主机。容器引擎把这叫作 hairpin（发夹），也叫 NAT 回流。',
}

export default catalogue
