// All that `npm run fix` says, in Chinese.
import type { Catalogue } from '../catalogue.ts'
import broken from './broken/index.ts'

const catalogue: Catalogue = {
  ...broken,
  'Networks with one fault each. Find it, say what it is, and repair it.':
    '每个网络里有一处故障。找到它，说出它是什么，再修好它。',
  'One of them: npm run fix 1     any: npm run fix -- --random':
    '指定一个：npm run fix 1     随机一个：npm run fix -- --random',
  'All options: npm run fix -- --help': '所有选项：npm run fix -- --help',
  '* easy   ** medium   *** hard': '* 简单   ** 中等   *** 困难',
  '{done} of {all} solved': '已解决 {done} / {all}',
  solved: '已解决',
  open: '未解决',
  easy: '简单',
  medium: '中等',
  hard: '困难',
  'Chosen by the seed {seed}; the same again: npm run fix -- --seed {seed}':
    '由种子 {seed} 选出；再来同一个：npm run fix -- --seed {seed}',
  'Broken network {number}: {title}': '故障网络 {number}：{title}',
  'This is what is seen:': '看到的现象是：',
  'Find the cause, and repair it: on the host and in its namespaces, but not outside, which is the Internet, and without harm to what works.':
    '找出原因并修好它：可以改宿主机和它的命名空间，但不能改 outside，那是互联网；也不能损害原本正常的东西。',
  "You are root on host. Another node: ip netns exec {node} bash. Leave with 'exit': then you can have your repair checked.":
    '你是 host 上的 root。进入其他节点：ip netns exec {node} bash。用 exit 离开，之后就可以检查你的修复。',
  "You are root on host, in the network as it is now; 'exit' leads back.":
    '你是 host 上的 root，网络就是现在的样子；用 exit 返回。',
  'What next?': '接下来做什么？',
  'back to the shell': '回到 shell',
  'check my repair': '检查我的修复',
  'say what the cause is': '说出原因',
  'a hint ({left} left)': '看一条提示（还有 {left} 条）',
  'show the solution': '看答案',
  leave: '离开',
  '(or a single command for host, behind a $: $ ip route)':
    '（或者在 $ 后面写一条在 host 上执行的命令：$ ip route）',
  "'{answer}' is none of these.": '没有“{answer}”这个选项。',
  'A script has no shell: it gives its commands one a line, behind a $.':
    '脚本没有 shell：命令每行一条，写在 $ 后面。',
  'Does it work again?': '恢复正常了吗？',
  'And does what worked before still work?': '原本正常的还正常吗？',
  holds: '成立',
  fails: '不成立',
  'Not yet: it does not work.': '还没有：它仍然不工作。',
  'It works, but not without harm: something that worked before your repair does not work any more.':
    '它恢复了，但付出了代价：有些在你修复之前正常的东西，现在不正常了。',
  'Repaired, and nothing was harmed.': '修好了，而且没有损害别的东西。',
  'What is the cause? (Enter: back)': '原因是什么？（直接回车：返回）',
  'Right: that is the cause.': '对，就是这个原因。',
  'No. This command shows that it is something else:': '不是。用下面的命令可以看出另有原因：',
  'You have found it: {cause}': '你已经找到了：{cause}',
  'Now repair it.': '现在把它修好。',
  'Now say what it was.': '现在说出原因是什么。',
  'Hint {number} of {all}: {hint}': '提示 {number} / {all}：{hint}',
  'There are no more hints. The way of a packet, hop by hop, is told by: netdojo trace -- ping -c 1 198.51.100.1':
    '没有更多提示了。想逐跳跟踪一个包，用：netdojo trace -- ping -c 1 198.51.100.1',
  'The cause: {cause}': '原因：{cause}',
  'What had broken it': '是什么弄坏了它',
  'How it can be repaired': '可以怎样修复',
  'Not so: it ends the symptom, and something else with it':
    '不该这样修：症状没了，别的东西也跟着没了',
  'You can still try them in the shell.': '你仍然可以在 shell 里试一试。',
  'Solved: diagnosis and repair are right.': '已解决：诊断和修复都正确。',
  'Diagnosis and repair are right, after a look at the solution.':
    '诊断和修复都正确，不过看过答案。',
  'Not solved yet.': '尚未解决。',
  'repair: right (checked: {checks})': '修复：正确（检查了 {checks} 次）',
  'repair: not yet (checked: {checks})': '修复：尚未完成（检查了 {checks} 次）',
  'diagnosis: right (answer {answers})': '诊断：正确（第 {answers} 次回答）',
  'diagnosis: not yet (wrong answers: {answers})': '诊断：尚未完成（答错 {answers} 次）',
  'hints: {hints} of {all}': '提示：{hints} / {all}',
  'Try it again: npm run fix {number}': '再试一次：npm run fix {number}',
  'Broken networks: find the fault, say what it is, repair it.':
    '故障网络：找到故障，说出它是什么，修好它。',
  'the number of a network, from the list; without one, prints the list':
    '列表中网络的编号；不写则打印列表',
  'any of those that you have not solved': '从你还没有解决的网络中任选一个',
  'the one that this number chooses: the same for everybody': '由这个数选出的网络：人人相同',
  'answers and commands from a file, one a line, instead of a person':
    '从文件读取回答和命令，每行一条，代替真人',
  'the language; without it, that of LANG': '语言；不写则按 LANG',
  'no pictures, signs or colours: for screen readers': '不用图、符号和颜色：适合屏幕阅读器',
  'no colour; so does NO_COLOR': '不用颜色；NO_COLOR 也一样',
  'Exit codes: 0 solved, 1 not solved, 2 usage, 3 the lab could not run.':
    '退出码：0 已解决，1 未解决，2 用法错误，3 实验环境无法运行。',
}

export default catalogue
