// The words of the terminal's page and of the list of scenarios, in Chinese.
import type { Catalogue } from '../catalogue.ts'

const catalogue: Catalogue = {
  classic: '旧写法',
  today: '新写法',
  'The commands are those of the older tutorials (--dialect classic).':
    '使用旧教程中的命令（--dialect classic）。',
  'Without command {without}: see which checks notice.':
    '去掉第 {without} 条命令：看看哪些检查会发现。',
  'left out': '已去掉',
  'exit code {exitCode}': '退出码 {exitCode}',
  expected: '期望',
  observed: '实际',
  'asked once in {seconds} s; it said:': '{seconds} 秒内问了一次；输出是：',
  'asked {attempts} times in {seconds} s; it said:': '{seconds} 秒内问了 {attempts} 次；输出是：',
  'The journey of': '包的旅程',
  'What this step changed': '这一步改变了什么',
  '{commands} commands, {seconds} s': '{commands} 条命令，{seconds} 秒',
  '{name} could not be run to its end': '{name} 未能运行到底',
  '{name}: {failed} of {checks} checks failed': '{name}：{checks} 项检查中有 {failed} 项不成立',
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
  '{commands} commands, dialect {dialect}: left out, one at a time':
    '{commands} 条命令，写法 {dialect}：逐条去掉',
  'check {check} never fails, whatever is left out': '无论去掉哪条命令，检查 {check} 从不失败',
  'no check notices': '没有检查发现',
  'every command is missed by a check, and every check can fail':
    '每条命令去掉后都有检查发现，每项检查都可能失败',
  'a command is missed by no check, or a check cannot fail':
    '有的命令去掉后没有检查发现，或者有的检查不可能失败',
}

export default catalogue
