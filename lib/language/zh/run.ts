// Translates the texts of a run into Chinese: the terminal, observations, changes in the kernel, and the pages of the scenarios.
import type { Catalogue } from '../catalogue.ts'

const catalogue: Catalogue = {
  '(classic: {commands})': '（旧写法：{commands}）',
  '(today: {commands})': '（新写法：{commands}）',
  '{name}: {title}': '{name}：{title}',
  'The commands are those of the older tutorials (--dialect classic).':
    '使用旧教程中的命令（--dialect classic）。',
  'left out': '已去掉',
  '… and {more} more lines': '……还有 {more} 行',
  "'{answer}' is not one of the choices.": '没有“{answer}”这个选项。',
  'exit code {exitCode}': '退出码 {exitCode}',
  'holds: {statement}': '成立：{statement}',
  'fails: {statement}': '不成立：{statement}',
  'expected: {expected}': '期望：{expected}',
  'observed: {observed}': '实际：{observed}',
  'A picture is left out: it needs {columns} columns.': '省略了一幅图：它需要 {columns} 列。',
  'The journey of': '包的旅程',
  'What this step changed': '这一步改变了什么',
  '{commands} commands, {seconds} s': '{commands} 条命令，{seconds} 秒',
  '{scenario} is left out: it needs the program {program}, which is not installed (on Debian: {package})':
    '{scenario} 未运行：它需要程序 {program}，但没有安装（Debian 软件包：{package}）',
  '{name} could not be run to its end': '{name} 未能运行到底',
  '{name}: all {checks} checks hold': '{name}：{checks} 项检查全部成立',
  'Press Enter for step {step}': '按 Enter 进入第 {step} 步',
  'Play one: npm run scenario veth-pair': '运行一个：npm run scenario veth-pair',
  'All options: npm run scenario -- --help': '全部选项：npm run scenario -- --help',
  scenario: '场景',
  checks: '检查',
  commands: '命令',
  time: '时间',
  'check {check}: {observed}': '检查 {check}：{observed}',
  '{name}: ended without a result': '{name}：没有结果就结束了',
  'This run leaves out command {without}: see which checks fail.':
    '这次运行去掉第 {without} 条命令：看看哪些检查不成立。',
  'Asked once in {seconds} s. The command printed:': '{seconds} 秒内问了一次。命令的输出：',
  'Asked {attempts} times in {seconds} s. The last time, the command printed:':
    '{seconds} 秒内问了 {attempts} 次。最后一次命令的输出：',
  '{name}: {failed} of {checks} checks fail': '{name}：{checks} 项检查中有 {failed} 项不成立',
  "Without command {without}, {failed} of {checks} checks fail: it is what '{statement}' needs":
    '去掉第 {without} 条命令后，{checks} 项检查中有 {failed} 项不成立：“{statement}”需要这条命令',
  '{name}: all {checks} checks hold without command {without}':
    '{name}：去掉第 {without} 条命令后，{checks} 项检查仍全部成立',
  '{commands} commands ({dialect}), each left out in turn':
    '{commands} 条命令（{dialect}），逐条去掉',
  "Check {check} holds whichever command is left out: '{statement}'. It proves nothing.":
    '无论去掉哪条命令，检查 {check} 都成立：“{statement}”。它什么也证明不了。',
  'Without this command, no check fails: nothing needs it.':
    '去掉这条命令，所有检查仍然成立：它并不必要。',
  "Without this command, '{statement}' fails: {observed}":
    '去掉这条命令，“{statement}”不成立：{observed}',
  'Every command is needed: without it, at least one check fails.':
    '每条命令都是必要的：去掉它，至少有一项检查不成立。',
  'A command is not needed, or a check proves nothing: see above.':
    '有的命令并不必要，或者有的检查什么也证明不了：见上文。',

  // What checks expect, and what they observed; what programs print stays as it is.
  'an answer': '有应答',
  'failure: {reason}': '失败：{reason}',
  'a line with {pattern}': '有一行包含 {pattern}',
  'no line with {pattern}': '没有任何一行包含 {pattern}',
  'no answer': '没有应答',
  'no answer within {seconds} s': '{seconds} 秒内没有应答',
  'no answer within {seconds} s: 0 of {sent} answered':
    '{seconds} 秒内没有应答：发出 {sent} 个请求，收到 0 个应答',
  '{address} answers, ttl {ttl}, {time} ms': '{address} 有应答，ttl {ttl}，{time} ms',
  '{address} answers, ttl {ttl}': '{address} 有应答，ttl {ttl}',
  '{reason} (says {address})': '{reason}（来自 {address}）',
  'the connection broke': '连接中断',
  'no output': '没有输出',
  'no packet': '没有包',
  '1 packet: {first}': '1 个包：{first}',
  '{count} packets: {first}': '{count} 个包：{first}',

  // What a step changed in the kernel: names, addresses and rules stay as one types them.
  'network namespace': '网络命名空间',
  'bridge {name}': '网桥 {name}',
  '{device} ({state})': '{device}（{state}）',
  '{first}, {second}': '{first}，{second}',
  'up, no carrier': 'up，无载波',
  'peer {peer}': '对端 {peer}',
  'port of {bridge}': '{bridge} 的端口',
  'moved from {node}': '从 {node} 移来',
  '{device}, moved to {node}': '{device}，移到了 {node}',
  'in another namespace': '在另一个命名空间',
  '{name} renamed to {other}': '{name} 改名为 {other}',
  '{name} becomes a port of {bridge}': '{name} 成为 {bridge} 的端口',
  '{name} leaves {bridge}': '{name} 离开 {bridge}',
  '{name} has its peer at {place}': '{name} 的对端在 {place}',
  'address {address} on {name}': '{name} 上的地址 {address}',
  'route {route}': '路由 {route}',
  'route {route} (by the kernel, for the address)': '路由 {route}（内核随地址自动添加）',
  'rule {priority}: {text}': '策略路由规则 {priority}：{text}',
  'IPv6 rule {priority}: {text}': 'IPv6 策略路由规则 {priority}：{text}',
  'chain {name}': '链 {name}',
  'chain {name} (hook {hook}, priority {priority})': '链 {name}（钩子 {hook}，优先级 {priority}）',
  '{chain} policy {before} -> {after}': '{chain} 默认策略 {before} -> {after}',
  '{rule} {before} packets -> {after}': '{rule} {before} 个包 -> {after}',
  'listening socket {protocol} port {port}': '监听套接字 {protocol} 端口 {port}',
  'listening socket {protocol} {address} port {port}':
    '监听套接字 {protocol} {address} 端口 {port}',
  'neighbour {address} is {owner}': '邻居 {address} 是 {owner}',
  'neighbour {address} is {owner}, permanent, on {link}':
    '{link} 上的永久邻居 {address} 是 {owner}',
  '{bridge} learned: {owner} is behind {port}': '{bridge} 学到：{owner} 在 {port} 后面',
  'connection {protocol} {ends} ({translation})': '连接 {protocol} {ends}（{translation}）',

  // The pages in docs/scenarios.
  'All scenarios': '全部场景',
  'Play it yourself:': '自己动手运行：',
  'The network after step {step}': '第 {step} 步之后的网络',
  '{count} changes': '{count} 处改变',
  'What this step changed:': '这一步改变了：',
  '{name}: all {checks} checks hold, {commands} commands.':
    '{name}：{checks} 项检查全部成立，{commands} 条命令。',
  'The scenarios': '场景',
  name: '名称',
  'what it is about': '内容',
  steps: '步骤',
  "Each page is one run of a scenario on the real kernel: the commands as they were typed, what they showed, the checks with the kernel's answers, what each step changed, and the network as it was then. In teaching order:":
    '每一页都是一个场景在真实内核上的一次运行：原样的命令及其输出、各项检查和内核的回答、每一步改变了什么，以及当时的网络。按教学顺序排列：',
  "What is another one in each run is the same here: MAC addresses are from the range for documentation (00:00:5e:00:53:xx), clients' ports count from 40001, ids are made up, and times are left out.":
    '每次运行都会不同的内容，这里统一处理：MAC 地址取自文档专用范围（00:00:5e:00:53:xx），客户端端口从 40001 起编号，各种 id 是虚构的，时间一律省略。',
  'This is the address of the page; it holds a secret. Ctrl-C ends the lab.':
    '这是网页的地址，其中有密钥。按 Ctrl-C 结束实验室。',
  'The page was closed: the lab has ended.': '网页已关闭：实验室已结束。',
}

export default catalogue
