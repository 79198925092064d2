// The broken network rp-filter in Chinese: every text that it is the first to say.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'A namespace with two networks does not answer on its second one':
    '接了两个网络的命名空间，在第二个网络上没有应答',
  'ns2 was connected to a second network, 172.19.0.0/24, and its server is published from there: port 8080 of the host leads to 172.19.0.3. From outside it does not answer. The server runs; the host itself reads its page; port 80, of ns1, is fine.':
    'ns2 接入了第二个网络 172.19.0.0/24，它的服务从那里发布：宿主机的 8080 端口映射到 172.19.0.3。从外面访问没有应答。服务在运行；宿主机自己能读到网页；ns1 的 80 端口也正常。',
  'Does the request reach ns2, and does ns2 answer? Watch both of its interfaces: ip netns exec ns2 tcpdump -ni any tcp port 8080':
    '请求到 ns2 了吗，ns2 应答了吗？在它的两个接口上抓包：ip netns exec ns2 tcpdump -ni any tcp port 8080',
  'The request comes in by eth1, the answer leaves by eth0: its default route is there. What does the host do with a packet of 172.19.0.3 that comes in by br0?':
    '请求从 eth1 进来，应答从 eth0 出去：默认路由在那里。源地址是 172.19.0.3 的包从 br0 进来，宿主机会怎么处理？',
  'It counts what it drops for that reason: nstat -az TcpExtIPReversePathFilter. The larger of the two settings counts, that of all and that of the interface: sysctl net.ipv4.conf.all.rp_filter net.ipv4.conf.br0.rp_filter':
    '因此丢弃的包有计数：nstat -az TcpExtIPReversePathFilter。all 和接口自己的设置，取较大的那个：sysctl net.ipv4.conf.all.rp_filter net.ipv4.conf.br0.rp_filter',
  'port 8080 of the host leads to ns2, which sees the real address of its client':
    '宿主机的 8080 端口通到 ns2，且 ns2 看到的是客户端的真实地址',
  'nobody outside can pretend to be 172.18.0.9': '外面没人能冒充 172.18.0.9',
  'On br0 only: any way back will do (loose mode)': '只在 br0 上：有路可回即可（宽松模式）',
  'The answer goes by the way that the request came: a route for each source address':
    '从哪条路来就从哪条路回：按源地址选路由',
  'No filter anywhere: outside, anybody may now use your addresses':
    '到处都不过滤：外面谁都能冒用你的地址',
  'Loose mode for all interfaces: the same for eth0': '所有接口都用宽松模式：eth0 也一样敞开了',
  'ns2 leaves its first network: ns1 does not find it any more':
    'ns2 离开第一个网络：ns1 再也找不到它',
  'Address translation for everything that goes to the namespaces: they no longer know their clients':
    '对所有发往命名空间的包做地址转换：它们再也看不到真实的客户端',
  "With rp_filter=1 (RFC 3704, strict) the kernel drops a packet whose source it would itself reach by another interface. ns2 has one default route, by eth0, so the answers of 172.19.0.3 came in on br0, while the host's way to 172.19.0.3 is br1. The filter is of use against forged addresses from outside, so it must stay on eth0. The larger of 'all' and the interface's own setting counts: 0 on br0 changes nothing, 2 (loose: some way back exists) does.":
    'rp_filter=1（RFC 3704，严格模式）时，如果内核自己要到某个源地址会走另一个接口，就丢弃这个包。ns2 只有一条经 eth0 的默认路由，所以 172.19.0.3 的应答从 br0 进来，而宿主机到 172.19.0.3 走的是 br1。这个过滤能防止外面伪造地址，所以 eth0 上必须保留。all 和接口自己的设置取较大者：在 br0 上设 0 毫无作用，设 2（宽松：只要有路可回）才有用。',
}

export default catalogue
