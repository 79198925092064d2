// The journey of a packet in Chinese: what each node did with it, and where and why it ended.
import type { Catalogue } from '../catalogue.ts'

const catalogue: Catalogue = {
  // What stands in front.
  sends: '发出',
  route: '路由',
  conntrack: '连接跟踪',
  neighbour: '邻居发现',
  out: '出口',
  in: '入口',
  arrives: '到达',
  'ends here': '到此为止',
  refused: '被拒绝',
  silence: '无应答',

  // What happened there.
  'a program sends it': '由程序发出',
  'the kernel answers': '由内核应答',
  'the kernel itself answers this': '由内核自己应答',
  'the program that asked': '发起请求的程序',
  'for whoever listens on {protocol} port {port}': '交给监听 {protocol} 端口 {port} 的程序',
  '{address} is an address of its own': '{address} 是它自己的地址',
  '{address} is directly on {name}': '{address} 与 {name} 直连',
  'via {gateway} on {name}': '经 {name}，下一跳 {gateway}',
  'not for itself, so it forwards: {way}': '不是发给自己的，于是转发：{way}',
  'who has {address}? nobody answers': '谁有 {address}？无人应答',
  'who has {address}? {mac} answers': '谁有 {address}？{mac} 应答',
  'has an entry: the answer to {ends}': '已有表项：是对 {ends} 的应答',
  'new entry: answers will come as {ends}': '新建表项：应答将以 {ends} 到来',
  'known: answers will come as {ends}': '已有表项：应答将以 {ends} 到来',
  'source {from} → {to}': '源 {from} → {to}',
  'destination {from} → {to}': '目的 {from} → {to}',
  'source {from} → {to} (turned back, as conntrack remembers)':
    '源 {from} → {to}（按连接跟踪的记录还原）',
  'destination {from} → {to} (turned back, as conntrack remembers)':
    '目的 {from} → {to}（按连接跟踪的记录还原）',
  'the bridge hands it to the host: the MAC is its own':
    '网桥把它交给宿主机：目的 MAC 是网桥自己的',
  'the bridge knows {mac} behind {port}': '网桥知道 {mac} 在 {port} 后面',
  '{bridge} does not know {mac}: it floods all ports, {ports}':
    '{bridge} 不知道 {mac} 在哪里：向所有端口泛洪，{ports}',
  '{bridge} does not know {mac}: it floods all ports, {ports} ({nodes} ignores it)':
    '{bridge} 不知道 {mac} 在哪里：向所有端口泛洪，{ports}（{nodes} 不予理会）',
  '… and {count} more packets of this conversation': '……此次会话还有 {count} 个包',
  '… and {count} more packet of this conversation': '……此次会话还有 {count} 个包',
  'more passed than the kernel could tell: hops on {nodes} may be missing':
    '经过的包太多，内核来不及报告：{nodes} 上可能缺少若干跳',

  // How it ended.
  answered: '有应答',
  'refused: it arrived, and the answer is no': '被拒绝：包到了，但回答是“不”',
  'it arrived, and nobody answered': '包到了，但无人应答',
  'it did not come through': '包没有到达',
  'nothing was sent': '什么都没有发出',

  // Where it ended.
  'routing decision': '路由决策',
  'routing decision for the answer': '应答的路由决策',
  interface: '接口',
  socket: '套接字',

  '{where}: {why}': '{where}：{why}',

  // Why.
  'nothing was sent: {why}': '什么都没有发出：{why}',
  'the command sent no packet': '命令没有发出任何包',
  'the packet is longer than {limit} takes, and may not be cut in pieces':
    '包比{limit}所允许的更长，而且不许分片',
  'the way': '路径',
  'the way, {mtu} bytes,': '路径（{mtu} 字节）',
  '{node} does not have the address that the program wants to send from':
    '{node} 没有程序想用的源地址',
  'no route leads to {address}': '没有到 {address} 的路由',
  'a route says that {address} is prohibited': '有一条路由把 {address} 标为禁止（prohibit）',
  'a route says that {address} is unreachable': '有一条路由把 {address} 标为不可达（unreachable）',
  'a route says to throw away what is for {address}':
    '有一条路由要求丢弃发往 {address} 的包（blackhole）',
  'it arrived, but no answer can leave {node}: {why}': '包到了，但应答无法离开 {node}：{why}',
  'it arrived, and {node} is told to ignore all pings': '包到了，但 {node} 被设置为忽略所有 ping',
  'it arrived at {place} of {node}, and nobody there answered while we looked':
    '包到了 {node} 的 {place}，但在观察期间无人应答',
  "it came in by {name} from {address}, which can only be a lie: the address is {node}'s own":
    '它从 {name} 进来，自称来自 {address}，这只能是假的：那是 {node} 自己的地址',
  '{address} is for the node itself only: nothing from outside may go there (route_localnet is 0)':
    '{address} 只供本机使用：外来的包不得发往那里（route_localnet 为 0）',
  'it is for {address}, not for {node} itself, and {node} is no router: forwarding is off':
    '它发往 {address}，不是发给 {node} 的，而 {node} 不是路由器：没有开启转发',
  'it came in by {name}, but an answer to {address} would not leave that way: rp_filter takes it for a forgery':
    '它从 {name} 进来，但发往 {address} 的应答不会从那里出去：rp_filter 认定它是伪造的',
  'its time to live is used up: {ttl}, and every router takes one':
    '它的 TTL 用完了：{ttl}，而每个路由器都要减一',
  '{node} took it in and did nothing with it': '{node} 收下了它，却什么也没有做',
  '{node} sent it and did nothing more with it': '{node} 发出了它，之后什么也没有做',
  '{name} has no carrier: nothing is alive at the other end of the cable':
    '{name} 无载波：网线另一端没有处于 up 状态的接口',
  '{name} is down': '{name} 处于 down 状态',
  'the bridge {name} is down': '网桥 {name} 处于 down 状态',
  'nobody answers the question who has {address}: without a hardware address no frame can be sent':
    '询问谁有 {address}，无人应答：没有硬件地址就发不出帧',
  '{node} has {address} and hears the question who has it, but does not answer: its own settings (rp_filter, arp_ignore) or routes forbid it':
    '{node} 拥有 {address}，也听到了询问，但没有应答：它自己的设置（rp_filter、arp_ignore）或路由不允许',
  'nobody has answered the question who has {address}': '询问谁有 {address}，一直无人应答',
  'it was ready to leave, and no interface sent it': '它已准备离开，但没有接口把它发出',
  'it has {length} bytes, {name} takes {mtu} at most':
    '它有 {length} 字节，而 {name} 最多只允许 {mtu}',
  'it has {length} bytes, {name} takes {mtu} at most, and its sender forbade to cut it in pieces':
    '它有 {length} 字节，而 {name} 最多只允许 {mtu}，发送者又禁止分片',
  "no rule of the chain {chain} accepts it, and the chain's policy is to drop":
    '链 {chain} 中没有规则接受它，而该链的默认策略是丢弃',
  'a rule rejects it: the sender is told': '有一条规则拒绝了它（REJECT）：发送者会得到通知',
  'a rule drops it, silently': '有一条规则悄悄丢弃了它（DROP）',
  'a rule of the older iptables drops it': '旧版 iptables（legacy）的一条规则丢弃了它',
  'something on this hook took it that tells no trace':
    '这个钩子上有什么拿走了它，没有留下跟踪记录',
  'it was sent to the hardware address {mac}, which is not that of {nodes}: whoever gets it ignores it':
    '它发往硬件地址 {mac}，而那不是 {nodes} 的地址：收到的一方不予理会',
  '{name} sent it, and it came out nowhere: what is at the other end is down, or not of this world':
    '{name} 发出了它，但哪里都没有收到：另一端处于 down 状态，或者不在这个实验环境中',
  'it is addressed to {mac}, and {name} is {own}': '它发往 {mac}，而 {name} 的地址是 {own}',
  '{name} took it in, and the IP layer never saw it: a filter below (tc, XDP, netdev) or an interface that is being taken down':
    '{name} 收下了它，但 IP 层没有见到：下层有过滤（tc、XDP、netdev），或者接口正在关闭',
  'the port {name} of {bridge} is {state}: it passes nothing on':
    '{bridge} 的端口 {name} 处于 {state} 状态：什么都不转发',
  '{bridge} knows {mac} behind {port}, and did not send it there':
    '{bridge} 知道 {mac} 在 {port} 后面，却没有发过去',
  '{bridge} has no port that could lead to {mac}': '{bridge} 没有通往 {mac} 的端口',
  '{why}, and {name} is isolated from the other ports that are':
    '{why}；{name} 是隔离端口，与其他隔离端口互不相通',
  'it arrived at {node}, where nothing listens on TCP port {port}: the kernel refuses with a reset (RST)':
    '包到了 {node}，但那里没有程序监听 TCP 端口 {port}：内核用 RST 拒绝',
  'it arrived at {node}, where nothing listens on UDP port {port}: the kernel says so with ICMP':
    '包到了 {node}，但那里没有程序监听 UDP 端口 {port}：内核用 ICMP 告知',
  "the program asked {asked}, and {address} answers: nobody on the way back turned the address back, so the answer is a stranger's and is refused":
    '程序访问的是 {asked}，应答的却是 {address}：回程中没有谁把地址还原，于是这个应答被当作陌生人的而遭拒绝',
  'a rule gave it the destination {place}, and there is nothing: {why}':
    '有一条规则把它的目的地址改成了 {place}，而那里什么都没有：{why}',
}

export default catalogue
