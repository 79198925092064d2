// The words of the scenarios' pages, in Chinese.
import type { Catalogue } from '../catalogue.ts'

const catalogue: Catalogue = {
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
}

export default catalogue
