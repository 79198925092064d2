// Translates the texts of the workshop into Chinese.
import type { Catalogue } from '../catalogue.ts'

export default {
  // lists and menus
  'container networking, built by hand on the real kernel': '容器网络：在真实内核上亲手搭建',
  'Which scenario?': '选择哪个场景？',
  'Where in {scenario}?': '从 {scenario} 的哪里开始？',
  'go on with step {step}': '从第 {step} 步继续',
  'begin anew': '从头开始',
  'step {step} again': '重做第 {step} 步',
  'step {step}': '第 {step} 步',
  'arrow keys move, Enter chooses, Ctrl-C leaves': '方向键移动，回车选择，Ctrl-C 退出',
  leave: '离开',
  picture: '拓扑图',
  changes: '查看变化',
  journey: '包的旅程',
  'shell on a node': '节点 shell',
  'start over': '重做这一步',
  glossary: '术语',
  'All terms are in docs/glossary.md.': '全部术语见 docs/glossary.md。',
  'Start step {step} again? Its network is built again: what you changed by hand is lost.':
    '重做第 {step} 步？网络会重新搭建，你手动改动的内容会丢失。',
  'no, go on here': '不，留在这里',
  'yes, start again': '是，重做',
  'Step {step} is done.': '第 {step} 步完成。',
  'j shows the journey of these packets.': '按 j 查看这些包的旅程。',
  'What you have learnt:': '学到了：',
  'The same in a container engine:': '在容器引擎中：',
  'The next command: {next}': '下一条命令：{next}',
  'New in the network: {words}': '网络中新增：{words}',
  'This menu takes single keys: this text chooses nothing. Enter clears it.':
    '这个菜单只接受单个按键，这段文字不做任何选择。按 Enter 清除。',
  hint: '提示',
  'What now?': '接下来？',
  'run these commands': '执行这些命令',
  'do it yourself, in a shell': '自己在 shell 中完成',
  'Do this in a shell.': '请在 shell 中完成。',
  'The goal is not reached yet.': '还没有达到目标。',
  'open the shell': '打开 shell',
  'back to the shell': '回到 shell',
  'let the workshop run the commands': '让教程来执行这些命令',
  'go on': '继续',
  'ask the kernel again': '再问一次内核',
  'go on anyway': '仍然继续',
  'compare again': '再比较一次',
  'go on: the next guesses do not count': '继续：接下来的预测不计分',
  'The next answers may differ because of that.': '接下来的结果可能因此不同。',
  'The network differs from the one that the scenario has made:': '现在的网络与场景所搭建的不同：',
  'To change it back: n opens a shell on a node. To build this step again without it: o.':
    '要改回去：按 n 在节点上打开 shell。要重新搭建这一步：按 o。',
  back: '返回',
  'A shell on which node?': '进入哪个节点？',
  'You are root on {node}. To come back: exit or Ctrl-D.':
    '你是 {node} 上的 root。返回：exit 或 Ctrl-D。',
  'Also: {tools}.': '另外：{tools}。',
  'Your choice (a number or a letter):': '请选择（数字或字母）：',
  'Your progress is kept in {file}.': '进度保存在 {file}。',
  'Your progress is kept: npm run workshop continues from here.':
    '进度已保存：再次运行 npm run workshop 即可从这里继续。',

  // the way through a scenario
  'The earlier steps are rebuilt first.': '先重建前面各步的状态。',
  'The network now:': '当前的网络：',
  'Nothing has changed yet.': '还没有任何变化。',
  'Your goal:': '目标：',
  'After these commands, the kernel has:': '执行这些命令之后，内核中有：',
  'These commands change nothing that the picture shows.': '这些命令不会改变图中能看到的东西。',
  'You have already done this.': '你已经完成了。',
  'The goal is reached.': '目标已达成。',
  'The goal is reached. To go on: exit or Ctrl-D.': '目标已达成。继续：exit 或 Ctrl-D。',
  'The workshop ran the commands.': '教程已执行这些命令。',
  'The commands did not reach the goal: something else in the network prevents it. Press o to start this step again.':
    '这些命令没有达到目标：网络中有别的东西妨碍。按 o 重做这一步。',
  'Commands that help you: goal (what is left to do), hint, picture. To come back: exit or Ctrl-D.':
    '可以帮助你的命令：goal（还差什么）、hint（提示）、picture（拓扑图）。返回：exit 或 Ctrl-D。',
  'You are root on {node}. To enter another node: on NAME ({nodes}).':
    '你是 {node} 上的 root。进入其他节点：on 名称（{nodes}）。',
  'The workshop starts this server itself, because the scenario reads its output.':
    '这个服务器由教程自己启动：场景要读取它的输出。',
  'You cannot type these commands: the scenario calls the library and needs the results of the calls. To see the same in a shell: npm run shell, then netdojo network create --explain.':
    '这些命令不能手动输入：场景调用库，并且需要调用的返回值。要在 shell 里看到同样的内容：npm run shell，然后 netdojo network create --explain。',
  'This command failed. Had you already done its work?':
    '这条命令失败了。它要做的事你是不是已经做过了？',
  'The workshop could not find out which commands follow:': '教程无法预先得知接下来的命令：',
  'The network is not in the state that the scenario needs.': '网络状态与场景要求不符。',
  '… and {more} more': '……还有 {more} 条',
  '{name} is finished.': '{name} 已完成。',
  '{right} of {asked} predictions were right.': '{asked} 次预测中答对 {right} 次。',
  'In all scenarios together, {right} of {asked} first predictions were right.':
    '所有场景加起来，{asked} 次首次预测中答对 {right} 次。',
  'Networks to repair, at any time: npm run fix': '随时可以去修网络：npm run fix',
  'leave; the next command is npm run fix': '离开；下一条命令是 npm run fix',
  'You have finished all scenarios. Again?': '所有场景都完成了。再来一次？',
  '{one}, {other}': '{one}、{other}',
  '{one}; {other}': '{one}；{other}',
  '{node}: {text}.': '{node}：{text}。',
  '(port of {bridge})': '（{bridge} 的端口）',
  'serves {what}': '提供 {what}',
  'forwards {what}': '转发 {what}',
  '{port} to {to}': '{port} 通向 {to}',
  '{rule} except at {link}': '{rule}，不从 {link} 出去',
  '{rule} at {link}': '{rule}，从 {link} 出去',
  'The picture goes on.': '图还没有完。',
  '{count} commands follow.': '接下来有 {count} 条命令。',
  'show them': '显示这些命令',
  'What has changed in the network (p shows all of it):': '网络里有变化的部分（按 p 看整张图）：',

  // questions and verdicts
  'What will ping say?': 'ping 会得到什么结果？',
  'What will curl get?': 'curl 会得到什么结果？',
  'an answer comes back': '收到应答',
  'nothing: there is no answer': '没有任何应答',
  '“Network is unreachable”: no route for this address':
    '“Network is unreachable”：没有到该地址的路由',
  '“No route to host”: refused on the way': '“No route to host”：途中被拒绝',
  '“Connection refused”: no program listens on that port':
    '“Connection refused”：没有程序监听该端口',
  'the server answers': '服务器应答',
  'the server on {node} answers': '{node} 上的服务器应答',
  'Will it show “{text}”?': '输出中会有“{text}”吗？',
  'Will it succeed?': '会成功吗？',
  yes: '是',
  no: '否',
  'commands done: {numbers}': '已执行的命令：{numbers}',
  'This does not hold: {statement}': '不成立：{statement}',
  'You were right: {truth}.': '答对了：{truth}。',
  'It was: {truth}.': '实际结果：{truth}。',

  // what is missing, and mistakes
  'the network namespace {node} does not exist yet': '网络命名空间 {node} 还不存在',
  'the network namespace {node} still exists': '网络命名空间 {node} 仍然存在',
  '{node} has no device {link} yet': '{node} 上还没有设备 {link}',
  '{node} still has the device {link}': '{node} 上仍有设备 {link}',
  '{node} has no permanent entry {entry} yet': '{node} 上还没有永久表项 {entry}',
  "the tunnel {link} on {node} has '{name}' {is}, but must have {value}":
    "{node} 上隧道 {link} 的 '{name}' 是 {is}，但必须是 {value}",
  '{link} is still on {other}: it must be moved to {node}':
    '{link} 还在 {other} 上：必须移到 {node}',
  '{link} on {node} must be of the type {kind}, and is not':
    '{node} 上的 {link} 必须是 {kind} 类型，现在不是',
  '{link} on {node} is still down': '{node} 上的 {link} 还没有启用（down）',
  '{link} on {node} is up, but must still be down':
    '{node} 上的 {link} 已启用，但此时必须还是 down',
  '{link} on {node} is a port of {other}, but must not be a port of a bridge':
    '{node} 上的 {link} 是 {other} 的端口，但不能是任何网桥的端口',
  '{link} on {node} is not a port of {bridge} yet': '{node} 上的 {link} 还没有接入网桥 {bridge}',
  '{link} on {node} is a port of {other}, but must be a port of {bridge}':
    '{node} 上的 {link} 是 {other} 的端口，但必须是 {bridge} 的端口',
  'the other end of {link} is {is}, but must be {wanted}':
    '{link} 的对端是 {is}，但必须是 {wanted}',
  '{link} on {node} has the MTU {mtu}, but must have {wanted}':
    '{node} 上的 {link} 的 MTU 是 {mtu}，但必须是 {wanted}',
  '{link} on {node} has no address {address} yet': '{node} 上的 {link} 还没有地址 {address}',
  '{link} on {node} still has the address {address}': '{node} 上的 {link} 仍有地址 {address}',
  '{address} is on {other}, but must be on {link} on {node}':
    '{address} 配在 {other} 上，但必须配在 {node} 的 {link} 上',
  '{bare} on {link} has the prefix length /{prefix}, but must have /{wanted}: the kernel adds a route for that prefix':
    '{link} 上的 {bare} 前缀长度是 /{prefix}，但必须是 /{wanted}：内核按这个前缀自动添加路由',
  '{node} has no route {route} yet': '{node} 上还没有路由 {route}',
  '{node} still has the route {route}': '{node} 上仍有路由 {route}',
  '{node} has the route {other}, but must have {route}':
    '{node} 上的路由是 {other}，但必须是 {route}',
  'forwarding is off on {node} ({name} is {is})': '{node} 没有开启转发（{name} 为 {is}）',
  '{name} is {is} on {node}, but must be {value}': '{node} 上的 {name} 为 {is}，但必须为 {value}',
  '{node} has no firewall rule yet with this effect: {rule}':
    '{node} 上还没有起这个作用的防火墙规则：{rule}',
  '{node} has no firewall rules of netdojo yet': '{node} 上还没有 netdojo 的防火墙规则',
  '{node} has firewall rules of netdojo, which the goal does not have':
    '{node} 上有 netdojo 的防火墙规则，而目标没有',
  '{node}: the firewall rules of netdojo': '{node}：netdojo 的防火墙规则',
  '{node} still has the firewall rule: {rule}': '{node} 上仍有防火墙规则：{rule}',
  '{node} has the firewall rule {other}, but must have {rule}':
    '{node} 上的防火墙规则是 {other}，但必须是 {rule}',
  '{node} has the firewall rule {rule} more than once': '{node} 上的防火墙规则 {rule} 不止一条',
  '{node} has a firewall rule that the goal does not have. It also applies to other packets: {rule}':
    '{node} 上有一条目标中没有的防火墙规则，它也会作用于其他的包：{rule}',
  'the rules of {node} are in another order: {rule} must come before {other}':
    '{node} 上规则的顺序不同：{rule} 必须在 {other} 之前',
  '{node} has a route that the goal does not have: {route}':
    '{node} 上有一条目标中没有的路由：{route}',
  '{node} no longer has the route {route}, which the kernel added for an address':
    '{node} 上的路由 {route} 没有了，它是内核随地址添加的',
  '{node} has no routing rule {rule}': '{node} 上没有策略路由规则 {rule}',
  '{node} has a routing rule that the goal does not have: {rule}':
    '{node} 上有一条目标中没有的策略路由规则：{rule}',
  '{link} on {node} has the MAC address {is}, but must have {mac}':
    '{node} 上的 {link} 的 MAC 地址是 {is}，但必须是 {mac}',
  '{name} of {link} on {node} is {is}, but must be {value}':
    '{node} 上 {link} 的 {name} 为 {is}，但必须为 {value}',
  '{node} has a permanent entry that the goal does not have: {entry}':
    '{node} 上有一个目标中没有的永久表项：{entry}',
  'ARP is off at {link} on {node}, but must be on': '{node} 上的 {link} 关闭了 ARP，但必须打开',
  '{link} on {node} has an address that the goal does not have: {address}':
    '{node} 上的 {link} 有一个目标中没有的地址：{address}',
  '{address} is on {link} on {node} and also on {other}: an address must have one owner':
    '{address} 配在 {node} 的 {link} 上，也配在 {other} 上：一个地址只能有一个主人',
  "the port {link} on {node} has '{flag} {is}', but must have '{flag} {wanted}'":
    '{node} 上的端口 {link} 是“{flag} {is}”，但必须是“{flag} {wanted}”',
  '{bridge} on {node} still knows which address is behind {link}: flush its table':
    '{node} 上的 {bridge} 还记得 {link} 后面是哪个地址：清空它的转发表',
  '{node} still has neighbour entries on {link}: flush them':
    '{node} 的 {link} 上还有邻居表项：清空它们',
  'no program listens on port {port} on {node}': '{node} 的端口 {port} 上没有程序在监听',
  'a program listens on port {port} on {node}, which the goal does not have':
    '{node} 的端口 {port} 上有一个目标中没有的程序在监听',
  "'{command}' does not print this line yet: {line}": '“{command}”的输出还没有这一行：{line}',
  "'{command}' prints a line that the goal does not have: {other}":
    '“{command}”的输出有目标中没有的一行：{other}',
  "'{command}' prints '{other}', but must print '{line}'":
    '“{command}”的输出是“{other}”，但必须是“{line}”',
  "host: '{command}' prints: {line}": 'host：“{command}”的输出有：{line}',
  '{node}: {link} has the MAC address {mac}': '{node}：{link} 的 MAC 地址是 {mac}',
  '{node}: no neighbour entries are left on {link}': '{node}：{link} 上没有邻居表项',
  '{node}: the forwarding table of {bridge} is flushed': '{node}：{bridge} 的转发表已清空',
  'the policy of {hook} on {node} is {is}, but must be {wanted}':
    '{node} 上 {hook} 的默认策略是 {is}，但必须是 {wanted}',

  // the network in sentences
  'A cable joins {one} and {other}.': '{one} 与 {other} 之间有一条线缆。',
  'A tunnel joins {one} and {other}.': '一条隧道连接 {one} 和 {other}。',
  'A tunnel joins {one} and {other}, but it is down.':
    '一条隧道连接 {one} 和 {other}，但它没有启用。',
  'A cable joins {one} and {other}, but it is down.': '{one} 与 {other} 之间有一条线缆，但未启用。',
  forwards: '转发数据包',
  bridge: '网桥',
  down: '未启用（down）',
  'nothing but lo': '只有 lo',

  // the report
  'Workshop report: {learner}': '学习报告：{learner}',
  state: '状态',
  right: '答对',
  'by hand, in steps': '手动完成的步骤',
  hints: '提示次数',
  minutes: '分钟',
  'not started': '未开始',
  started: '进行中',
  finished: '已完成',
  'Wrong predictions': '答错的预测',
  'predicted: {guess}; observed: {truth}': '预测：{guess}；实际：{truth}',
} satisfies Catalogue
