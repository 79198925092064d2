// Translates the help of the learners' programs into Chinese; that of `npm run fix` is in fix.ts.
import type { Catalogue } from '../catalogue.ts'

const catalogue: Catalogue = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  choices: '可选',
  default: '默认',
  'show this help': '显示本帮助',
  'Plays a scenario on the real kernel, in a sandbox that leaves nothing behind.':
    '在真实内核上运行一个场景；沙箱用完即清，不留下任何东西。',
  'the name of a scenario; without a name, list all scenarios': '场景的名字；不写则列出全部场景',
  'play all scenarios and print one table': '运行全部场景，汇总成一张表',
  'play it again without each command, and show which check fails':
    '逐条去掉命令再运行一遍，并显示哪项检查失败',
  "today's commands or those of the older tutorials": '命令的写法：如今的，或旧教程的',
  'leave out the command with this number': '去掉编号为此的那条命令',
  'wait for Enter before each step': '每一步之前等待按 Enter',
  'open a root shell in the sandbox at the first failure or at the end':
    '在第一次失败处或结束时，打开沙箱里的 root shell',
  'show the output of every command and check': '显示每条命令和每项检查的输出',
  'show every packet on every interface of all nodes': '显示所有节点每个接口上的每个包',
  'write every packet to a file for Wireshark': '把每个包写入文件，供 Wireshark 打开',
  'write a recording of the run for the page (npm run web)':
    '把这次运行录制成文件，供网页（npm run web）播放',
  'after each step, show what it changed in the kernel': '每一步之后，显示它在内核里改变了什么',
  'after each step that changes the network, draw the network':
    '网络每有变化，就在那一步之后画出来',
  'print one JSON event per line (docs/events.md)': '输出 JSON，每行一个事件（docs/events.md）',
  'the language; without it, the language of LANG': '语言；不写则按 LANG',
  'print without colour, as with NO_COLOR': '不用颜色，与设置 NO_COLOR 相同',
  'the sandbox backend: namespaces of this machine, a container (Docker), a vm (Vagrant), or here (a virtual machine itself); without it, the first that works':
    '沙箱后端：namespaces（本机的命名空间）、container（Docker 容器）、vm（Vagrant 虚拟机），或 here（就在本机，本机须是虚拟机）；不写则用第一个可行的',
  'with --in here: also on a machine that does not look virtual':
    '与 --in here 连用：本机看起来不是虚拟机时也运行',
  'Exit codes: 0 all checks hold, 1 a check failed, 2 wrong usage, 3 the lab could not run.':
    '退出码：0 检查全部成立，1 有检查不成立，2 用法有误，3 实验环境无法运行。',
  'A course in your terminal: the scenarios, one step at a time, with questions.':
    '终端里的课程：把各个场景一步一步走一遍，边走边提问。',
  'the name of a scenario; without a name, choose from a list': '场景的名字；不写则从列表中选择',
  'begin at this step; the steps before it are applied for you':
    '从这一步开始；之前的步骤会自动完成',
  'type all commands yourself, in a shell': '所有命令都在 shell 里自己敲',
  'for screen readers: plain lines, no drawings': '供屏幕阅读器使用：只有文字行，不画图',
  'read the answers from a file, one per line': '从文件读取回答，每行一个',
  'write your results as JSON and as a page (Markdown)':
    '写出你的成绩：一份 JSON，一份可读的页面（Markdown）',
  'forget the progress of one scenario, or of all': '清除进度：某个场景的，或全部的',
  'You are root on host, a machine of its own; your computer is not touched.':
    '你是 host 的 root；host 是一台独立的机器，不会碰到你的电脑。',
  'The node outside is the rest of the Internet:': '节点 outside 是互联网的其余部分：',
  'The machine host2, and the others like it:': '机器 host2，其余机器也一样：',
  'with N machines on one wire: host, host2, host3 …':
    '同一条线路上有 N 台机器：host、host2、host3 等',
  'leave:': '离开：',
  'The lab in a browser: lessons, broken networks, and a free world.':
    '浏览器里的实验室：课程、故障网络，以及一个自由的环境。',
  'the name of a scenario, `fix` and the number of a broken network, or `free`; without it, choose in the page':
    '场景的名字，或 `fix` 加故障网络的编号，或 `free`；不写则在网页里选择',
  'only print the address': '只打印地址',
  'the port on 127.0.0.1; without it, a free one': '127.0.0.1 上的端口；不写则用一个空闲端口',
  'how many seconds the lab goes on after the page was closed': '网页关闭后，实验室再继续多少秒',
  'The page needs the address with its token, which only you see. Exit codes: 0 the page was closed, 2 wrong usage, 3 the lab could not run.':
    '打开网页需要带令牌的地址，只有你能看到。退出码：0 网页已关闭，2 用法有误，3 实验环境无法运行。',
  'open a root shell in a new sandbox': '在全新的沙箱中打开 root shell',
  'run these commands there; piped input works, too': '在其中运行这些命令；从标准输入传入也可以',
  'use another backend: see npm run scenario -- --help':
    '使用其他后端：见 npm run scenario -- --help',
}

export default catalogue
