// Translates the broken network rp-filter into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'A namespace with two networks does not answer on its second one':
    '接了两个网络的命名空间，在第二个网络上没有应答',
  'ns2 was connected to a second network, 172.19.0.0/24. Its server is published from there: port 8080 of the host leads to 172.19.0.3. A client outside gets no answer. The server runs, and the host itself reads its page. Port 80, which leads to ns1, works.':
    'ns2 接入了第二个网络 172.19.0.0/24。它的服务器从那里发布：宿主机的 8080 端口映射到 172.19.0.3。外部的客户端得不到应答。服务器在运行，宿主机自己也能读到网页。映射到 ns1 的 80 端口正常。',
  'Does the request reach ns2, and does ns2 answer? Watch both of its interfaces: ip netns exec ns2 tcpdump -ni any tcp port 8080':
    '请求到 ns2 了吗，ns2 应答了吗？在它的两个接口上抓包：ip netns exec ns2 tcpdump -ni any tcp port 8080',
  'The request comes in through eth1, but the answer leaves through eth0, because the default route of ns2 is there. What does the host do with a packet from 172.19.0.3 that comes in on br0?':
    '请求从 eth1 进来，应答却从 eth0 出去，因为 ns2 的默认路由在那里。源地址是 172.19.0.3 的包从 br0 进来，宿主机会怎么处理？',
  "The kernel counts the packets that it drops for this reason: nstat -az TcpExtIPReversePathFilter. Of two sysctls, the one for 'all' and the one for the interface, the larger value counts: sysctl net.ipv4.conf.all.rp_filter net.ipv4.conf.br0.rp_filter":
    '内核会给因此丢弃的包计数：nstat -az TcpExtIPReversePathFilter。有两个 sysctl，一个是 all 的，一个是接口的，取较大的值：sysctl net.ipv4.conf.all.rp_filter net.ipv4.conf.br0.rp_filter',
  'port 8080 of the host leads to ns2, and ns2 sees the real address of its client':
    '宿主机的 8080 端口通到 ns2，且 ns2 看到的是客户端的真实地址',
  'a machine outside cannot use 172.18.0.9 as its source address':
    '外部的机器不能冒用源地址 172.18.0.9',
  'Loose mode on br0 only: any route back is enough':
    '只在 br0 上使用宽松模式：有任何一条返回的路由即可',
  'The answer leaves where the request came in: one route for each source address':
    '从哪条路来就从哪条路回：按源地址选路由',
  'No filter on any interface: machines outside can use your addresses':
    '所有接口都不过滤：外部的机器能冒用你的地址',
  'Loose mode for all interfaces: eth0 is open too': '所有接口都用宽松模式：eth0 也一样敞开了',
  'ns2 leaves its first network: ns1 no longer finds it': 'ns2 离开第一个网络：ns1 找不到它了',
  'Source NAT for all packets to the namespaces: they no longer see their real clients':
    '对所有发往命名空间的包做源地址转换：它们看不到真实的客户端',
  "With rp_filter=1 (RFC 3704, strict mode) the kernel checks the route back to the source of a packet. If that route uses another interface, the kernel drops the packet. ns2 has one default route, through eth0, so the answers of 172.19.0.3 came in on br0. But the host's route to 172.19.0.3 goes through br1. The filter protects against forged addresses from outside, so it must stay on for eth0. Of the values for 'all' and for the interface, the larger one counts. So 0 on br0 changes nothing, but 2 does. 2 is loose mode: any route back is enough.":
    'rp_filter=1（RFC 3704，严格模式）时，内核检查返回源地址的路由。如果这条路由用的是另一个接口，内核就丢弃这个包。ns2 只有一条经过 eth0 的默认路由，所以 172.19.0.3 的应答从 br0 进来。但宿主机到 172.19.0.3 的路由经过 br1。这个过滤能防止外部伪造地址，所以 eth0 上必须保留。all 和接口的值取较大的那个。所以在 br0 上设 0 没有作用，设 2 才有用。2 是宽松模式：有任何一条返回的路由即可。',
  'the host reaches all machines of 172.19.0.0/24 through br1':
    '宿主机通过 br1 到达 172.19.0.0/24 的所有机器',
  'A route to the whole second network through br0: no other machine there is reached':
    '把整个第二个网络的路由改到 br0：到不了那里的其他机器',
}

export default catalogue
