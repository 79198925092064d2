// The words of the terminal's page and of the list of scenarios, in Chinese.
import type { Catalogue } from '../catalogue.ts'

const catalogue: Catalogue = {
  classic: '旧写法',
  today: '新写法',
  'The commands are those of the older tutorials (--dialect classic).':
    '使用旧教程中的命令（--dialect classic）。',
  'left out': '已去掉',
  "'{answer}' is not one of the choices.": '没有“{answer}”这个选项。',
  'exit code {exitCode}': '退出码 {exitCode}',
  'holds: {statement}': '成立：{statement}',
  'fails: {statement}': '不成立：{statement}',
  'expected: {expected}': '期望：{expected}',
  'observed: {observed}': '实际：{observed}',
  'The journey of': '包的旅程',
  'What this step changed': '这一步改变了什么',
  '{commands} commands, {seconds} s': '{commands} 条命令，{seconds} 秒',
  '{name} could not be run to its end': '{name} 未能运行到底',
  '{name}: all {checks} checks hold': '{name}：{checks} 项检查全部成立',
  'Press Enter for step {step}': '按 Enter 进入第 {step} 步',
  'A root shell in the world as it is now; leave it with exit or Ctrl-D.':
    '这是当前实验环境中的 root shell；用 exit 或 Ctrl-D 离开。',
  'Play one: npm run scenario veth-pair': '运行一个：npm run scenario veth-pair',
  'All options: npm run scenario -- --help': '全部选项：npm run scenario -- --help',
  scenario: '场景',
  checks: '检查',
  commands: '命令',
  time: '时间',
  'check {check}': '检查 {check}',
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
}

export default catalogue
