// The workshop's own texts in Chinese; the field's words as Chinese engineers use them.
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
  leave: '退出',
  picture: '拓扑图',
  changes: '查看变化',
  journey: '包的旅程',
  'shell on a node': '节点 shell',
  'start over': '重做这一步',
  hint: '提示',
  'What now?': '接下来？',
  'run these commands': '执行这些命令',
  'do it yourself, in a shell': '自己在 shell 中完成',
  'Do it in a shell.': '请在 shell 中完成。',
  'Not there yet.': '还没有达到目标。',
  'Is it done?': '完成了吗？',
  'open the shell': '打开 shell',
  'back to the shell': '回到 shell',
  'let the workshop run the commands': '让教程来执行这些命令',
  'it is done: go on': '已经完成，继续',
  'go on': '继续',
  'ask the kernel once more': '再问一次内核',
  'go on all the same': '仍然继续',
  back: '返回',
  'A shell on which node?': '进入哪个节点？',
  'A root shell on {node}; exit or Ctrl-D comes back.':
    '{node} 上的 root shell；输入 exit 或按 Ctrl-D 返回。',
  'Also: {tools}.': '另外：{tools}。',
  'Your choice (a number or a letter):': '请选择（数字或字母）：',
  'That is none of them.': '没有这个选项。',
  'Your progress is kept in {file}.': '进度保存在 {file}。',
  'Your progress is kept: npm run workshop goes on from here.':
    '进度已保存：再次运行 npm run workshop 即可从这里继续。',

  // the way through a scenario
  'The steps before are rebuilt first.': '先重建前面各步的状态。',
  'The network as it is now:': '当前的网络：',
  'Nothing has changed yet.': '还没有任何变化。',
  'Your goal:': '目标：',
  'Afterwards the kernel will hold:': '执行之后，内核中会有：',
  'They change nothing that a picture of the network shows.':
    '这些命令不会改变网络图中能看到的东西。',
  'You have done it already.': '你已经完成了。',
  'The goal is reached.': '目标已达成。',
  'The goal is reached: exit or Ctrl-D goes on.': '目标已达成：输入 exit 或按 Ctrl-D 继续。',
  'The workshop ran the commands.': '教程已执行这些命令。',
  'Something is in the way: o begins the step over again.': '有东西妨碍了执行：按 o 重做这一步。',
  'Only the check that follows can tell whether it is done.':
    '是否完成，只有接下来的检查才能判断。',
  'Here: goal (what is left), hint, picture; exit or Ctrl-D comes back.':
    '可用命令：goal（还差什么）、hint（提示）、picture（拓扑图）；exit 或 Ctrl-D 返回。',
  'You are root on {node}. Another node: on NAME ({nodes}).':
    '你是 {node} 上的 root。进入其他节点：on 名称（{nodes}）。',
  'The workshop starts this server itself: the scenario reads what it writes.':
    '这个服务器由教程自己启动：场景要读取它的输出。',
  'These are calls of the library, and the scenario goes on with what they return: there is nothing to type here. In npm run shell, netdojo network create --explain shows the same.':
    '这里是对库的调用，场景后面要用到它们的返回值，所以没有可以手动输入的命令。在 npm run shell 中，netdojo network create --explain 可以看到同样的内容。',
  'This command failed. Has its work been done already?': '这条命令失败了。是不是已经做过了？',
  'What is to come could not be found out:': '无法预先得知接下来的命令：',
  'The network is not as the scenario needs it.': '网络状态与场景要求不符。',
  '… and {more} more': '……还有 {more} 条',
  '{name} is finished.': '{name} 已完成。',
  '{right} of {asked} predictions were right.': '{asked} 次预测中答对 {right} 次。',

  // questions and verdicts
  'What will ping say?': 'ping 会得到什么结果？',
  'What will curl get?': 'curl 会得到什么结果？',
  'an answer comes back': '收到应答',
  'nothing: no answer comes': '没有任何应答',
  '“Network is unreachable”: no route for this address':
    '“Network is unreachable”：没有到该地址的路由',
  '“No route to host”: refused on the way': '“No route to host”：途中被拒绝',
  '“Connection refused”: nobody listens on that port': '“Connection refused”：该端口无人监听',
  'the server answers': '服务器应答',
  'the server on {node} answers': '{node} 上的服务器应答',
  'Will it show “{text}”?': '输出中会有“{text}”吗？',
  'Will it succeed?': '会成功吗？',
  yes: '会',
  no: '不会',
  'ran {numbers}': '已执行 {numbers}',
  'This does not hold: {statement}': '不成立：{statement}',
  'You were right: {truth}.': '答对了：{truth}。',
  'It was: {truth}.': '实际结果：{truth}。',

  // what is missing, and mistakes
  'there is no network namespace {node} yet': '还没有网络命名空间 {node}',
  'the network namespace {node} is still there': '网络命名空间 {node} 仍然存在',
  'there is no device {link} on {node} yet': '{node} 上还没有设备 {link}',
  '{node} still has the device {link}': '{node} 上仍有设备 {link}',
  '{link} is still on {other}, and belongs into {node}': '{link} 还在 {other} 上，应当移到 {node}',
  '{link} on {node} is no {kind}': '{node} 上的 {link} 不是 {kind} 类型',
  '{link} on {node} is still down': '{node} 上的 {link} 还没有启用（down）',
  '{link} on {node} is up, and should still be down': '{node} 上的 {link} 已启用，此时还应是 down',
  '{link} on {node} is a port of {other}, and should be none':
    '{node} 上的 {link} 是 {other} 的端口，它不应是任何网桥的端口',
  '{link} on {node} is not a port of {bridge} yet': '{node} 上的 {link} 还没有接入网桥 {bridge}',
  '{link} on {node} is a port of {other}, and not of {bridge}':
    '{node} 上的 {link} 接在 {other} 上，而不是 {bridge}',
  'the other end of {link} is {is}, and not {place}/{other}':
    '{link} 的对端是 {is}，而不是 {place}/{other}',
  '{link} on {node} has the MTU {mtu}': '{node} 上的 {link} 的 MTU 是 {mtu}',
  '{link} on {node} has no address {address} yet': '{node} 上的 {link} 还没有地址 {address}',
  '{link} on {node} still has the address {address}': '{node} 上的 {link} 仍有地址 {address}',
  '{address} belongs to {link} on {node}, and is on {other}':
    '{address} 应当配在 {node} 的 {link} 上，现在却在 {other} 上',
  '{bare} on {link} has the prefix length /{prefix}, and not /{wanted}: the kernel makes another route of it':
    '{link} 上的 {bare} 前缀长度是 /{prefix}，而不是 /{wanted}：内核由此生成的路由也不同',
  '{node} has no route {route} yet': '{node} 上还没有路由 {route}',
  '{node} still has the route {route}': '{node} 上仍有路由 {route}',
  'on {node}, the route is {other}, and not {route}': '{node} 上的路由是 {other}，而不是 {route}',
  'forwarding is off on {node} ({name} is {is})': '{node} 没有开启转发（{name} 为 {is}）',
  '{name} is {is} on {node}, and should be {value}': '{node} 上的 {name} 为 {is}，应为 {value}',
  '{node} has no firewall rule yet that does: {rule}':
    '{node} 上还没有起这个作用的防火墙规则：{rule}',
  '{node} still has the firewall rule: {rule}': '{node} 上仍有防火墙规则：{rule}',
  'the policy of {hook} on {node} is {is}': '{node} 上 {hook} 的默认策略是 {is}',

  // the network in sentences
  'A cable joins {one} and {other}.': '{one} 与 {other} 之间有一条线缆。',
  'A cable joins {one} and {other}; it is down.': '{one} 与 {other} 之间有一条线缆，未启用。',
  forwards: '转发数据包',
  bridge: '网桥',
  'not up': '未启用',
  'port of {bridge}': '{bridge} 的端口',
  'nothing but lo': '只有 lo',

  // the report
  'Workshop report: {learner}': '学习报告：{learner}',
  scenario: '场景',
  state: '状态',
  steps: '步数',
  right: '答对',
  'by hand, in steps': '手动完成的步骤',
  hints: '提示次数',
  minutes: '分钟',
  'not started': '未开始',
  started: '进行中',
  finished: '已完成',
  'Predictions that were wrong': '答错的预测',
  guessed: '预测',
  'it was': '实际',
} satisfies Catalogue
