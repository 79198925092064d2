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
  'the kernel itself answers this': '由内核自己应答',
  'the program that asked': '发起请求的程序',
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
  'the bridge hands it to the host: the MAC is its own':
    '网桥把它交给宿主机：目的 MAC 是网桥自己的',
  'the bridge knows {mac} behind {port}': '网桥知道 {mac} 在 {port} 后面',
  '{bridge} does not know {mac}: it floods all ports, {ports}':
    '{bridge} 不知道 {mac} 在哪里：向所有端口泛洪，{ports}',
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
  'no route leads to {address}': '没有到 {address} 的路由',
  'a route or a rule says to throw away what is for {address}':
    '有一条路由或规则要求丢弃发往 {address} 的包（blackhole）',
  'it arrived, but no answer can leave {node}: {why}': '包到了，但应答无法离开 {node}：{why}',
  'it arrived at {place} of {node}, and nobody there answered while we looked':
    '包到了 {node} 的 {place}，但在观察期间无人应答',
  '{address} is for the node itself only: nothing from outside may go there (route_localnet is 0)':
    '{address} 只供本机使用：外来的包不得发往那里（route_localnet 为 0）',
  'its time to live is used up: {ttl}, and every router takes one':
    '它的 TTL 用完了：{ttl}，而每个路由器都要减一',
  '{name} is down': '{name} 处于 down 状态',
  'it has {length} bytes, {name} takes {mtu} at most':
    '它有 {length} 字节，而 {name} 最多只允许 {mtu}',
  'it has {length} bytes, {name} takes {mtu} at most, and its sender forbade to cut it in pieces':
    '它有 {length} 字节，而 {name} 最多只允许 {mtu}，发送者又禁止分片',
  "no rule of the chain {chain} accepts it, and the chain's policy is to drop":
    '链 {chain} 中没有规则接受它，而该链的默认策略是丢弃',
  'a rule rejects it: the sender is told': '有一条规则拒绝了它（REJECT）：发送者会得到通知',
  'a rule drops it, silently': '有一条规则悄悄丢弃了它（DROP）',
  'the port {name} of {bridge} is {state}: it passes nothing on':
    '{bridge} 的端口 {name} 处于 {state} 状态：什么都不转发',

  'the command succeeded, and none of its packets was seen': '命令成功了，但没有看到它的任何包',
  'the command succeeded, and one of its conversations did not: {why}':
    '命令成功了，但它的一次会话没有成功：{why}',
  'an answer reached {node}, and the command ended with the exit code {code}':
    '应答到达了 {node}，而命令以退出码 {code} 结束',
  'an answer reached {node}, and the command ended with the exit code {code} ({line})':
    '应答到达了 {node}，而命令以退出码 {code} 结束（{line}）',
  checked: '已检查',
  mend: '修复',
  'the kernel sends it: {what}': '由内核发出：{what}',
  'the kernel sends it: the packet of the tunnel': '由内核发出：隧道的外层包',
  'in a circle, {times} times: {nodes}': '循环转发 {times} 次：{nodes}',
  'the end of the tunnel, {protocol} port {port}': '隧道的终点，{protocol} 端口 {port}',
  'for the program that listens on {protocol} port {port}':
    '交给监听 {protocol} 端口 {port} 的程序',
  '{way}, by the table {table}': '{way}，依据路由表 {table}',
  'the bridge hands the frame to iptables, and forwards it itself':
    '网桥把帧交给 iptables，再由网桥自己转发',
  '{change} (translated back, as conntrack remembers)': '{change}（按连接跟踪的记录还原）',
  'it is for many: it leaves by all other ports, {ports}':
    '它发给多个接收者：从其他所有端口发出，{ports}',
  '{flooded} (ignored by {nodes})': '{flooded}（{nodes} 不予理会）',
  'it goes into the tunnel, VNI {vni}: {ends}': '进入隧道，VNI {vni}：{ends}',
  'it comes out of the tunnel, VNI {vni}': '离开隧道，VNI {vni}',
  'all pings': '所有 ping',
  'pings to a broadcast or multicast address': '发往广播或组播地址的 ping',
  'it arrived, and {node} is told to ignore {what}': '包到了，但 {node} 被设置为忽略{what}',
  'it arrived at {node} with a wrong checksum, and the kernel dropped it':
    '包到达 {node} 时校验和错误，内核丢弃了它',
  'the queue of the program that listens on TCP port {port} is full: it does not accept connections fast enough':
    '监听 TCP 端口 {port} 的程序的队列已满：它接受连接不够快',
  'the queue of the program that listens on UDP port {port} is full: it does not read fast enough':
    '监听 UDP 端口 {port} 的程序的队列已满：它读取不够快',
  '{node} would have sent an ICMP error, and sends no more of them for the moment (net.ipv4.icmp_ratelimit)':
    '{node} 本应发出 ICMP 错误，但目前不再发送（net.ipv4.icmp_ratelimit）',
  'it arrived, and the program that listens on {protocol} port {port} of {node} did not answer while we looked':
    '包到了，但监听 {node} 的 {protocol} 端口 {port} 的程序在观察期间没有应答',
  'the kernel refuses with a reset (RST)': '内核用 RST 拒绝',
  'the kernel says so with ICMP': '内核用 ICMP 告知',
  'it arrived at {address} of {node}, where a program listens on {name} port {port} of {addresses} only: {says}':
    '包到了 {node} 的 {address}，但程序只在 {addresses} 的 {name} 端口 {port} 上监听：{says}',
  'it arrived at {node}, and is refused although a program listens on {name} port {port} now':
    '包到了 {node}，却被拒绝，尽管现在有程序监听 {name} 端口 {port}',
  'it arrived at {node}, where nothing listens on {name} port {port}: {says}':
    '包到了 {node}，但那里没有程序监听 {name} 端口 {port}：{says}',
  '{why}; a rule would send it on, but stands on {hook}, where this packet does not pass':
    '{why}；有一条规则本会转发它，但那条规则在 {hook} 上，而这个包不经过那里',
  'whether {name} is up and has a carrier': '{name} 是否处于 up 状态并有载波',
  'the MTU of {name}': '{name} 的 MTU',
  'the queueing discipline of {name}': '{name} 的排队规则（qdisc）',
  'dropped frames that {name} counts itself': '{name} 自己统计的丢帧数',
  '{name} has no carrier: no port is attached to the bridge': '{name} 无载波：网桥没有任何端口',
  '{name} has no carrier: none of its ports ({name2}) is up and forwards':
    '{name} 无载波：它的端口（{name2}）都没有处于 up 并转发的状态',
  '{name} has no carrier: its other end, {node}:{name2}, is down':
    '{name} 无载波：它的对端 {node}:{name2} 处于 down 状态',
  '{name} has no carrier, and its other end is in no namespace that could be looked at':
    '{name} 无载波，而它的对端不在任何可以查看的命名空间里',
  '{name} dropped {dropped} frames that it should have sent while we looked, and does not say why':
    '在观察期间，{name} 丢弃了 {dropped} 个本应发出的帧，没有给出原因',
  'IPv6 is switched off on {node}': '{node} 上关闭了 IPv6',
  'all ports that programs may send from are taken: {low} to {high}':
    '程序可用的源端口已全部占用：{low} 到 {high}',
  '{address} may not be used ({state}): {what}': '{address} 不能使用（{state}）：{what}',
  'somebody else has it, too': '另有机器也拥有它',
  'the kernel still looks whether anybody else has it': '内核仍在检查是否另有机器拥有它',
  '{from} does not have the address that the program wants to send from':
    '{from} 没有程序想用的源地址',
  'the bridge {bridge} is down': '网桥 {bridge} 处于 down 状态',
  'the port {name} of {bridge} is locked: it takes only hardware addresses that are entered by hand':
    '{bridge} 的端口 {name} 已锁定：只接受手动登记的硬件地址',
  'it would have to leave by the port that it came in by, and the hairpin mode of {from} is off':
    '它必须从进来的端口再出去，而 {from} 没有开启 hairpin 模式',
  '{name} and {name2} are isolated ports of {bridge}: no frame passes between two of these':
    '{name} 和 {name2} 是 {bridge} 的隔离端口：隔离端口之间不转发任何帧',
  'the port {name} of {bridge} is {state}: nothing goes out there':
    '{bridge} 的端口 {name} 处于 {state} 状态：什么都不从那里发出',
  '{bridge} has no other port: there is nobody to send it to':
    '{bridge} 没有其他端口：没有可以发往的地方',
  broadcasts: '广播',
  multicasts: '组播',
  'frames for an unknown address ({mac})': '发往未知地址（{mac}）的帧',
  '{bridge} does not send {what} to {name}: flooding is off there':
    '{bridge} 不向 {name} 发送{what}：那里关闭了泛洪',
  '{bridge} filters by VLAN, and nothing tells us by which one it judged this frame':
    '{bridge} 按 VLAN 过滤，但无从得知它按哪个 VLAN 判断这个帧',
  'the table of connections is full: {count} entries, and {max} is the most':
    '连接跟踪表已满：{count} 个条目，上限为 {max}',
  'its entry could not be made: another connection has the same addresses and ports already':
    '无法为它新建条目：另一个连接已经使用相同的地址和端口',
  '{nodes} send it round in a circle until its time to live is used up: each has a route by the next for {address}':
    '{nodes} 循环转发它，直到 TTL 用完：对于 {address}，每个节点的路由都指向下一个节点',
  'no reason found, but {hint}': '没有找到原因，但{hint}',
  'no reason found': '没有找到原因',
  'the frame is bridged, not routed, and {bridge} hands bridged frames to {family}: {why}':
    '这个帧由网桥转发，没有经过路由，而 {bridge} 把经过网桥的帧交给 {family}：{why}',
  'a rule should give it another address or port, and none is free that no other connection uses':
    '有一条规则要给它换地址或端口，但没有未被其他连接占用的可用',
  'a rule hands it to the program of the queue {number}, which has not given it back':
    '有一条规则把它交给队列 {number} 的程序，而程序没有交还',
  'a rule hands it to the queue {number}, and no program listens there: the kernel drops it':
    '有一条规则把它交给队列 {number}，而那里没有程序监听：内核丢弃了它',
  "no rule of the chain {chain} accepts it, and the chain's policy is to drop (iptables-legacy)":
    '链 {chain} 中没有规则接受它，而该链的默认策略是丢弃（iptables-legacy）',
  'a rule of iptables-legacy rejects it: the sender is told':
    'iptables-legacy 的一条规则拒绝了它（REJECT）：发送者会得到通知',
  'a rule of iptables-legacy drops it, silently': 'iptables-legacy 的一条规则悄悄丢弃了它（DROP）',
  'a rule gave it the destination {to}, and {why}': '有一条规则把它的目的改成了 {to}，而{why}',
  'a rule of the family {family} drops it, silently': '{family} 族的一条规则悄悄丢弃了它',
  'the question who has {address} was lost: {why}': '询问谁有 {address} 的请求丢失了：{why}',
  '{silence}: no node here has this address': '{silence}：这里没有节点拥有这个地址',
  '{silence}: no node here has this address ({nodes} heard the question)':
    '{silence}：这里没有节点拥有这个地址（{nodes} 收到了询问）',
  'nobody answers the question who has {address}': '询问 {address} 的硬件地址，没有应答',
  '{owner} has answered who has {address}, and the answer was lost: {why}':
    '{owner} 应答了对 {address} 的询问，但应答丢失了：{why}',
  '{owner} has {address} and hears the question who has it, but does not answer: {why}':
    '{owner} 拥有 {address}，也收到了询问，但没有应答：{why}',
  'ARP is off on {name}': '{name} 上关闭了 ARP',
  'the question comes from {address}, which {node} has itself':
    '询问来自 {address}，而那是 {node} 自己的地址',
  'rp_filter refuses what comes from {address} by {name}, since an answer would leave by {name2}':
    'rp_filter 拒绝从 {name} 进来、源为 {address} 的包，因为应答会从 {name2} 出去',
  'no interface': '没有接口',
  'arp_filter is 1: an answer to {address} would leave by {name}, not by {name2}':
    'arp_filter 为 1：发往 {address} 的应答会从 {name} 出去，而不是 {name2}',
  'somebody else has {address}, too: duplicate address detection took it out of use':
    '另有机器也拥有 {address}：重复地址检测停用了它',
  '{address} is not in use yet: the kernel still looks whether anybody else has it (tentative)':
    '{address} 尚未启用：内核仍在检查是否另有机器拥有它（tentative）',
  '{silence}: the question came to {heard}, and {places}, which has the address, is not reached from {node}:{name} without a router':
    '{silence}：询问到达了 {heard}，而拥有该地址的 {places} 与 {node}:{name} 之间隔着路由器',
  'it was sent to the hardware address {mac}, which {owner}': '它发往硬件地址 {mac}，{owner}',
  'was entered by hand': '是手动登记的',
  'is old': '是旧的',
  'no node here has that address': '这里没有节点拥有那个地址',
  'the neighbour entry of {node} for {address} says {mac}, and {truth}: the entry {is}':
    '{node} 的邻居表中 {address} 的条目是 {mac}，而{truth}：这个条目{is}',
  'nobody here has': '这里没有机器拥有它',
  'is that of {places}': '那是 {places} 的地址',
  'the program asked {address}, and {address2} answers: the answer bypassed the node that would have undone the translation, so it comes from an unexpected address and is ignored':
    '程序请求的是 {address}，应答的却是 {address2}：应答绕过了本应还原地址的节点，因此来自意料之外的地址，不被理会',
  'the program asked {address}, and {sender} answered from {address2}: its socket is bound to all addresses, and the route back chose this one':
    '程序请求的是 {address}，{sender} 却从 {address2} 应答：它的套接字绑定到所有地址，而返回的路由选择了这一个',
  'the answer went to {node}, which has the address {address}, too: {address2} asked from it':
    '应答发往了 {node}，它也拥有地址 {address}：{address2} 用这个地址发出请求',
  'a rule keeps the answer out of connection tracking, so {node} does not translate it back, and takes it for its own':
    '有一条规则让应答不经连接跟踪，所以 {node} 不还原它的地址，而把它当作发给自己的',
  '{node} has no entry of connection tracking for the answer, so it does not translate it back, and takes it for its own':
    '{node} 没有这个应答的连接跟踪条目，所以不还原它的地址，而把它当作发给自己的',
  'the other end of {name} is in no namespace that could be looked at':
    '{name} 的对端不在任何可以查看的命名空间里',
  '{name} sent it, and its other end, {node}:{name2}, is down':
    '{name} 发出了它，而它的对端 {node}:{name2} 处于 down 状态',
  'it has {length} bytes, and the other end of {name}, {node}:{name2}, takes {mtu} at most':
    '它有 {length} 字节，而 {name} 的对端 {node}:{name2} 最多只接受 {mtu}',
  '{node}:{name} has an XDP program, which may drop before anybody can listen':
    '{node}:{name} 有 XDP 程序，可能在任何监听之前就丢弃',
  'IPv6 is switched off on {name}': '{name} 上关闭了 IPv6',
  'its IP header is wrong: the checksum, the version or the length':
    '它的 IP 头有错：校验和、版本或长度',
  'a rule gave it the destination {to}, and there is nothing: {why}':
    '有一条规则把它的目的改成了 {to}，而那里什么也没有：{why}',
  'it came in by {name} from {address}, which is for a node itself only (route_localnet is 0)':
    '它从 {name} 进来，源为 {address}，而这个地址只供本机使用（route_localnet 为 0）',
  'it came in by {name} from {address}, which {node} has itself (on {owner}): it does not believe that':
    '它从 {name} 进来，源为 {address}，而那是 {node} 自己的地址（在 {owner} 上）：它不予采信',
  'it is for {address}, not for {node} itself, and {node} does not forward: forwarding is off':
    '它发往 {address}，不是发给 {node} 的，而 {node} 不转发：没有开启转发',
  '{node} has it, on {name}': '{node} 拥有它，在 {name} 上',
  'no node here has it': '这里没有节点拥有它',
  'it is for {address}, which {node} does not have ({who}), and {node} is no router for it':
    '它发往 {address}，不是 {node} 的地址（{who}），而 {node} 也不为它路由',
  'would leave by {name}': '会从 {name} 出去',
  'has no route': '没有路由',
  'it came in by {name}, but an answer to {address} {leaves}: rp_filter ({mode}) takes it for a forgery':
    '它从 {name} 进来，但发往 {address} 的应答{leaves}：rp_filter（{mode}）认定它是伪造的',
  'the checksum of an IP header was wrong': '有一个 IP 头的校验和错误',
  'a packet was shorter than its header says': '有一个包比它的头所写的更短',
  'no route led on for a packet that came in': '有一个进来的包没有可用的路由',
  'the kernel took the destination for an address that it may not forward to':
    '内核认定目的地址不允许转发',
  'the kernel found an error in an IP header, or a time to live used up':
    '内核发现 IP 头有错，或 TTL 已用完',
  'the pieces of a packet could not be put together': '有一个包的分片无法重组',
  'the kernel had no room for a packet': '内核没有空间容纳一个包',
  'the kernel took an address for one that may not be used': '内核认定一个地址不可使用',
  'the kernel found an error in an IPv6 header': '内核发现 IPv6 头有错',
  'a packet was too long for the next interface': '有一个包对下一个接口来说太长',
  'IPv6 is switched off there, or the kernel had no room for a packet':
    '那里关闭了 IPv6，或者内核没有空间容纳一个包',
  'a route or a rule says that {address} is prohibited':
    '有一条路由或策略路由规则把 {address} 标为禁止（prohibit）',
  'a route or a rule says that {address} is unreachable':
    '有一条路由或策略路由规则把 {address} 标为不可达（unreachable）',
  '{name} does not know to which host it should send what is for {mac}: it has no remote, and no entry for it':
    '{name} 不知道发往 {mac} 的帧应送到哪台主机：它没有 remote，也没有相应的条目',
  '{name} sends to {remote}, and no route leads there': '{name} 发往 {remote}，而没有到那里的路由',
  "{node} got the tunnel's packet and has no VXLAN device":
    '{node} 收到了隧道的包，却没有 VXLAN 设备',
  "{node} got the tunnel's packet on UDP port {port}, and {name} waits on port {other}":
    '{node} 在 UDP 端口 {port} 收到了隧道的包，而 {name} 监听的是端口 {other}',
  "the tunnel's packet belongs to the network (VNI) {vni}, and {name} of {node} to {id}":
    '隧道的包属于网络（VNI）{vni}，而 {node} 的 {name} 属于 {id}',
  '{name}, where the tunnel ends, is down': '隧道终点的 {name} 处于 down 状态',
  'it came in pieces, and a piece is missing: the kernel waits for the rest and then drops all':
    '它分片到达，缺少一个分片：内核等待其余分片，之后全部丢弃',

  // What was looked at, and reasons of links, tables and tunnels.
  'it arrived, but no answer can leave {node}: {why}; no node on the way translated this private address':
    '包到了，但应答无法离开 {node}：{why}；途中没有节点转换这个私有地址',
  'the port {port} of {bridge} is still {state}: the spanning tree lets it forward after twice the forward delay':
    '{bridge} 的端口 {port} 仍处于 {state} 状态：生成树要等两倍的转发延迟之后才让它转发',
  'the port {port} of {bridge} is {state}: the spanning tree closed it, since it would make a loop':
    '{bridge} 的端口 {port} 处于 {state} 状态：生成树关闭了它，否则会形成环路',
  'a rule gives it an address and a port that another connection has already, and no other is free':
    '有一条规则要给它的地址和端口已被另一个连接占用，而且没有其他空闲的',
  'connection tracking dropped packets while we looked': '观察期间连接跟踪丢弃了包',
  'a filter of tc on {name} dropped {drops} packets while we looked':
    '观察期间 {name} 上的 tc 过滤器丢弃了 {drops} 个包',
  'the queueing discipline {kind} of {name} dropped {drops} packets while we looked':
    '观察期间 {name} 的排队规则 {kind} 丢弃了 {drops} 个包',
  '{tunnel} sends to {remote}: {why}': '{tunnel} 发往 {remote}：{why}',
  '{why}: with the headers of the tunnel, {tunnel} may take {mtu}':
    '{why}：加上隧道的头部，{tunnel} 的 MTU 最多可为 {mtu}',
  '{why}; a rule of {node} set it from {from} to {to}':
    '{why}；{node} 的一条规则把它从 {from} 改成了 {to}',
  'ARP is off on {name} of {node}: it asks for no hardware address, and sends to its own, {mac}':
    '{node} 的 {name} 关闭了 ARP：它不询问硬件地址，而是发往自己的地址 {mac}',
  '{places} have the same hardware address, {mac}, and {bridge} believes the one that was heard last':
    '{places} 的硬件地址相同，都是 {mac}，而 {bridge} 相信最后听到的那一个',
  '{bridge} sent it to {port}, and {mac} is that of {right}: its forwarding entry was wrong, and has changed since':
    '{bridge} 把它发往 {port}，而 {mac} 是 {right} 的地址：它的转发表项当时是错的，之后已改变',
  'the forwarding entry of {bridge} says that {mac} is behind {port}, and it is that of {right}':
    '{bridge} 的转发表项说 {mac} 在 {port} 后面，而它是 {right} 的地址',
  '{child} is a macvlan of {parent}: a macvlan and its parent cannot talk to each other':
    '{child} 是 {parent} 的 macvlan：macvlan 与它的父接口不能互通',
  '{one} and {other} are macvlans of {parent}, and only in the mode bridge can these talk to each other: {shut} is {mode}':
    '{one} 和 {other} 都是 {parent} 的 macvlan，只有在 bridge 模式下才能互通：{shut} 的模式是 {mode}',
  '{name} of {node} cannot ask who has {address}: its link-local address is not in use yet (tentative)':
    '{node} 的 {name} 无法询问谁有 {address}：它的链路本地地址还不能使用（tentative）',
  'the hardware address of {address} is not known, and no question for it was seen on {name} while we looked':
    '不知道 {address} 的硬件地址，而且观察期间在 {name} 上没有看到对它的询问',
  '{node} has {address} on {name}, which is a port of {bridge}: the bridge takes all frames, so the address must be on the bridge':
    '{node} 的 {address} 在 {name} 上，而它是 {bridge} 的端口：网桥会拿走所有帧，所以地址必须在网桥上',
  '{why}; {subnet} is on {name} and on {other}: only one of these routes is used':
    '{why}；{subnet} 同时在 {name} 和 {other} 上：只会使用其中一条路由',
  'a rule gave it the source {address}, which nobody has, so no answer finds back: {why}':
    '有一条规则把它的源地址改成了 {address}，而没有节点拥有它，所以应答回不来：{why}',
  '{why}: {name}, which has {address}, is down, and its route is gone with it':
    '{why}：拥有 {address} 的 {name} 处于 down 状态，它的路由也随之消失',
  'VLAN filtering': 'VLAN 过滤',
  'a route for the answer': '应答的路由',
  'a translation to where no route leads': '转换后的地址没有路由',
  'addresses that may not come from outside (martians)': '不得来自外部的地址（martian）',
  'arp off': '是否关闭了 ARP',
  'checksums (InCsumErrors)': '校验和（InCsumErrors）',
  'duplicate address detection': '重复地址检测',
  'fragments that wait for the rest of their packet': '等待其余分片的分片',
  'full queues of the listener (ListenOverflows, RcvbufErrors)':
    '监听者的队列是否已满（ListenOverflows、RcvbufErrors）',
  'interfaces that are down': '处于 down 状态的接口',
  'its time to live': 'TTL',
  'limits on ICMP errors': '对 ICMP 差错的限速',
  'pings that are ignored': '是否忽略 ping',
  'ports that are still free': '是否还有空闲端口',
  'queues for programs (NFQUEUE)': '交给程序的队列（NFQUEUE）',
  'routes to the addresses that the command names': '到命令所指地址的路由',
  'rp_filter and martians': 'rp_filter 与 martian',
  'rules of the families netdev, bridge and arp': 'netdev、bridge 和 arp 族的规则',
  'rules of the family arp (arptables)': 'arp 族的规则（arptables）',
  'rules of the family bridge (nft, ebtables)': 'bridge 族的规则（nft、ebtables）',
  'rules of the family netdev at the other end': '另一端的 netdev 族规则',
  sockets: '套接字',
  'the MTU': 'MTU',
  'the MTU of the next interface': '下一个接口的 MTU',
  'the address that the program sends from': '程序的源地址',
  'the counters of IP (/proc/net/snmp)': 'IP 的计数器（/proc/net/snmp）',
  'the counters of connection tracking': '连接跟踪的计数器',
  'the counters of iptables-legacy on this hook': '这个钩子上 iptables-legacy 的计数器',
  'the hardware address of the next hop': '下一跳的硬件地址',
  'the hardware address that it was sent to': '它发往的硬件地址',
  'the other end of the link': '链路的另一端',
  'the port of the bridge behind which the receiver is': '接收者所在的网桥端口',
  'the port that it came in by': '它进来的端口',
  'the ports that it could be flooded to': '可向其泛洪的端口',
  'the filters of tc on {name}': '{name} 上的 tc 过滤器',
  'the reverse-path filter': '反向路径过滤',
  'the route, as the kernel answers it for this packet': '内核对这个包给出的路由',
  'the rules and policies of nftables and iptables-nft on this hook':
    '这个钩子上 nftables 和 iptables-nft 的规则与默认策略',
  'the tunnel that it came out of': '它出来的隧道',
  'the tunnel that it went into': '它进入的隧道',
  'what a macvlan does not pass on': 'macvlan 不转交的帧',
  'what the bridge knows of the hardware address': '网桥对该硬件地址的了解',
  'whether IPv6 is on': 'IPv6 是否开启',
  'whether the bridge is up': '网桥是否处于 up 状态',
  'whether the node forwards': '节点是否转发',
  'a rule keeps the packet out of connection tracking, so {node} translates nothing of it: {why}':
    '有一条规则让这个包不经过连接跟踪，所以 {node} 不对它做任何转换：{why}',
  '{node} gave the answer to itself: its route for {address} leads there':
    '{node} 把应答交给了自己：它到 {address} 的路由指向那里',
  'it came to {node} by {name}, and {node} does not have {address}':
    '它经 {name} 到达 {node}，而 {node} 没有 {address}',
  'a rule gave it the destination {to}, and its source {source} may not leave by {name} (route_localnet is 0)':
    '有一条规则把它的目的地址改成了 {to}，而它的源地址 {source} 不得从 {name} 发出（route_localnet 为 0）',
  'it has {length} bytes, and the port {name} of {bridge} takes {mtu} at most':
    '它有 {length} 字节，而 {bridge} 的端口 {name} 最多只允许 {mtu}',
  'whether the node has the address': '节点是否拥有该地址',
  '{name} answers questions for addresses (proxy), and has no neighbour entry for {asked}; it sends the question to no host':
    '{name} 会应答地址询问（proxy），但没有 {asked} 的邻居表项；它也不把询问发给任何主机',
  'it has {length} bytes, and must not be divided; {name} adds {headers} for the outer packet, and {below} of {node} takes {mtu}':
    '它有 {length} 字节，且禁止分片；{name} 为外层包增加 {headers} 字节，而 {node} 的 {below} 只能发送 {mtu} 字节',
  '{end}, the other end of {place}, is a port of no bridge':
    '{place} 的另一端 {end} 不属于任何网桥',
  '{end}, the other end of {place}, is a port of {bridge}':
    '{place} 的另一端 {end} 是 {bridge} 的端口',
  '{address} is for many nodes, and this is one of them':
    '{address} 发给多个节点，本节点是其中之一',
  'it is for many: the bridge hands it to the host': '它发给多个节点：网桥把它交给宿主机',
  'the bridge hands it to the host: {bridge} takes {mac} for its own':
    '网桥把它交给宿主机：{bridge} 把 {mac} 当作自己的地址',
  'the packet must not be divided, and the route to {address} takes {mtu} bytes at most: an ICMP error told so, or somebody set it':
    '这个包不许分片，而到 {address} 的路由最多允许 {mtu} 字节：由 ICMP 差错报文得知，或由人设定',
  'the packet must not be divided, and {name} takes {mtu} bytes at most':
    '这个包不许分片，而 {name} 最多允许 {mtu} 字节',
  'the packet is too long, and must not be divided': '这个包太长，又不许分片',
  'the forwarding entry of {bridge} says that {mac} is an address of {node} itself (local, permanent), and it is that of {right}':
    '{bridge} 的转发表项说 {mac} 是 {node} 自己的地址（local，permanent），而它属于 {right}',
  'it came in pieces, and a piece of it was lost: {why}': '它以分片到来，其中一片丢失了：{why}',
  '{silence}: the question came to {heard}, and not to {places}, which has the address':
    '{silence}：询问到了 {heard}，却没有到达拥有该地址的 {places}',
  'the filters and the queueing discipline of tc on {name}': '{name} 上 tc 的过滤器和排队规则',
  'arp_ignore is 8: {name} answers for no address': 'arp_ignore 为 8：{name} 不为任何地址应答',
  'arp_ignore is {value}: {name} does not answer for {address}, which is on {owner}':
    'arp_ignore 为 {value}：{name} 不为 {address} 应答，该地址在 {owner} 上',
  'arp_ignore is 2: {name} does not answer {asker}, which is not in the subnet of {address}':
    'arp_ignore 为 2：{name} 不应答 {asker}，它不在 {address} 的子网内',
  'arp_ignore is 3: {address} is only for the node itself (scope host)':
    'arp_ignore 为 3：{address} 只供节点自己使用（scope host）',
  'local entries in the forwarding table of the bridge': '网桥转发表中的本地表项',
  'rules against its answer': '针对其应答的规则',
  'it has {length} bytes, the route to {address} takes {mtu} at most, and its sender forbade to cut it in pieces':
    '它有 {length} 字节，到 {address} 的路由最多允许 {mtu}，而发送者不许分片',
  '{why}; {apart}': '{why}；{apart}',
  '{why}: {apart}': '{why}：{apart}',
  '{node} sends it to itself until its time to live is used up: its route for {address} leads back to it':
    '{node} 把它发给自己，直到生存时间用尽：它到 {address} 的路由又回到自己',
  'a route of the table {table} gives {node} what is for {address}, which it does not have, and no program there takes it':
    '表 {table} 的一条路由让 {node} 收下发给 {address} 的包，而它没有这个地址，那里也没有程序接收',
  'perhaps no address and no program of {node} has joined the group {address}':
    '也许 {node} 上没有地址或程序加入组 {address}',
  'groups that the node has joined (ip maddress)': '节点加入的组（ip maddress）',
  'a rule puts the answer and the request into different zones of connection tracking, so {node} does not translate it back, and takes it for its own':
    '一条规则把应答和请求放入不同的连接跟踪区域，因此 {node} 不把它转换回去，而当作发给自己的',
  '{node} did not translate the answer back, although it has an entry of connection tracking for it now, and takes it for its own':
    '{node} 没有把应答转换回去，尽管它现在有对应的连接跟踪表项，而当作发给自己的',
  'the connection to TCP port {port} was made, and then {node} reset it':
    '到 TCP 端口 {port} 的连接已建立，随后被 {node} 重置',
  'the connection to TCP port {port} was made, and the program on {node} sent no data while we looked':
    '到 TCP 端口 {port} 的连接已建立，但观察期间 {node} 上的程序没有发送数据',
  'it has {length} bytes, so its sender divides it for {name} ({mtu}), and pieces of IPv6 are not followed':
    '它有 {length} 字节，发送者要为 {name}（{mtu}）把它分片，而 IPv6 的分片无法跟踪',
  '{node} sends it back to {sender}, which had sent it: its route for {address} leads there':
    '{node} 把它送回给发送者 {sender}：它到 {address} 的路由通向那里',
  'a rule of {node} gave it the source {address}, which {owner} has: the answer goes to {owner}':
    '{node} 的一条规则把源改成了 {owner} 拥有的 {address}：应答发给了 {owner}',
  '{address} is taken for an address of its own': '{address} 被当作自己的地址',
}

export default catalogue
