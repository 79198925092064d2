// Translates the texts of `npm run fix` and of the broken networks into Chinese.
import type { Catalogue } from '../catalogue.ts'
import broken from './broken/index.ts'

const catalogue: Catalogue = {
  ...broken,
  'Each of these networks has one fault. Find it, name its cause, and repair it.':
    '每个网络里有一处故障。找到它，说出原因，再修好它。',
  'Open one: npm run fix 1     Open a random one: npm run fix -- --random':
    '打开一个：npm run fix 1     随机打开一个：npm run fix -- --random',
  'All options: npm run fix -- --help': '所有选项：npm run fix -- --help',
  '* easy   ** medium   *** hard': '* 简单   ** 中等   *** 困难',
  '{done} of {all} solved': '已解决 {done} / {all}',
  solved: '已解决',
  'not solved': '未解决',
  easy: '简单',
  medium: '中等',
  hard: '困难',
  'Seed {seed} chose this network. To open it again: npm run fix -- --seed {seed}':
    '这个网络由种子 {seed} 选出。再次打开它：npm run fix -- --seed {seed}',
  'Broken network {number}: {title}': '故障网络 {number}：{title}',
  'The symptom': '症状',
  'The symptom:': '症状：',
  'Find the cause and repair it. You may change the host and its namespaces. You must not change outside: it is the Internet. Whatever works now must still work afterwards.':
    '找出原因并修好它。可以改宿主机和它的命名空间，但不能改 outside：它是互联网。现在正常的一切，修复之后仍须正常。',
  'Commands that help you: goal (what must work), hint, picture, on NODE.':
    '可以帮助你的命令：goal（什么必须正常）、hint（提示）、picture（拓扑图）、on 节点。',
  'This must work again:': '必须恢复正常：',
  'This must still work:': '必须仍然正常：',
  "You are root on host. To enter another node: on {node}. When you have repaired the network, leave the shell with 'exit'; then you can check your repair.":
    '你是 host 上的 root。进入其他节点：on {node}。修好之后用 exit 离开 shell，然后就可以检查你的修复。',
  "You are root on host, in the network as it is now. Leave the shell with 'exit'.":
    '你是 host 上的 root，网络就是现在的样子。用 exit 离开 shell。',
  'What next?': '接下来做什么？',
  'check my repair': '检查我的修复',
  'name the cause': '说出原因',
  'a hint ({left} left)': '看一条提示（还有 {left} 条）',
  'show the solution': '看答案',
  'A script cannot open a shell. Write each command on a line of its own, after a $.':
    '脚本不能打开 shell。每条命令单独写一行，放在 $ 后面。',
  'Does it work again?': '恢复正常了吗？',
  'Does everything else still work?': '其他的一切还正常吗？',
  'Not yet: the symptom is gone, but not everything works again.':
    '还没有：症状消失了，但并非一切都恢复正常。',
  'Not yet: the symptom is still there.': '还没有：症状仍然存在。',
  'Refused: your repair cures the symptom but breaks something that worked before.':
    '不通过：你的修复消除了症状，却弄坏了原本正常的东西。',
  'Repaired, and everything else still works.': '修好了，其他的一切也仍然正常。',
  '{count} of {all} statements hold.': '{all} 条陈述中有 {count} 条成立。',
  'Right: that is the cause.': '对，就是这个原因。',
  'No. This command shows that this is not the cause:': '不是。用这条命令可以看出它不是原因：',
  'You have already found the cause: {cause}': '你已经找到了原因：{cause}',
  'Now repair it.': '现在把它修好。',
  'Now name the cause.': '现在说出原因。',
  'Hint {number} of {all}: {hint}': '提示 {number} / {all}：{hint}',
  'There are no more hints. To follow a packet hop by hop: netdojo trace -- ping -c 1 198.51.100.1':
    '没有更多提示了。想逐跳跟踪一个包：netdojo trace -- ping -c 1 198.51.100.1',
  'The cause: {cause}': '原因：{cause}',
  'The commands that broke it': '弄坏它的命令',
  'How to repair it': '怎样修复',
  'Refused: it cures the symptom but breaks something else': '不通过：症状消除了，却弄坏了别的东西',
  'You can still try these commands in the shell.': '你仍然可以在 shell 里试一试这些命令。',
  'Solved: diagnosis and repair are right.': '已解决：诊断和修复都正确。',
  'Diagnosis and repair are right, but you looked at the solution first.':
    '诊断和修复都正确，但先看过答案。',
  'Not solved yet.': '尚未解决。',
  'repair: right (checks: {checks})': '修复：正确（检查次数：{checks}）',
  'repair: not yet (checks: {checks})': '修复：尚未完成（检查次数：{checks}）',
  'diagnosis: right (answers: {answers})': '诊断：正确（回答次数：{answers}）',
  'diagnosis: not yet (wrong answers: {answers})': '诊断：尚未完成（答错次数：{answers}）',
  'hints: {hints} of {all}': '提示：{hints} / {all}',
  'Try it again: npm run fix {number}': '再试一次：npm run fix {number}',
  'Broken networks: find the fault, name its cause, repair it.':
    '故障网络：找到故障，说出原因，修好它。',
  'the number of a network in the list; without it, the list is printed':
    '列表中网络的编号；不写则打印列表',
  'open a random network that you have not solved': '随机打开一个你还没有解决的网络',
  'open the network that this number chooses: the same one for everybody':
    '打开由这个数选出的网络：人人相同',
  'write a recording of the symptom and the repair for the page':
    '把症状和修复录制成文件，供网页播放',
  'read answers and commands from a file, one per line, instead of asking':
    '从文件读取回答和命令，每行一条，不再提问',
  'for screen readers: no pictures, signs or colours': '不用图、符号和颜色：适合屏幕阅读器',
  'Exit codes: 0 solved, 1 not solved, 2 wrong usage, 3 the lab could not run.':
    '退出码：0 已解决，1 未解决，2 用法错误，3 实验环境无法运行。',
}

export default catalogue
