// The scenario bitmap-ipam in Chinese: every text that it is the first to say, and none besides.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'Who gives out the addresses, and never one twice': '谁来分配地址，而且绝不重复',
  'Until now we chose the addresses. A container engine chooses them itself (IPAM, IP address management): it must remember what it gave, over restarts, crashes and many processes at once.\n\nOne bit an address is enough: 0 is free, 1 is in use. A /16 is 8 KiB. Next to ours runs the allocator of a well-known book on writing Docker in Go (tutorial-ipam, a model of it), to see where one goes wrong.':
    '到目前为止，地址都是我们自己选的。容器引擎则自行选择（IPAM，IP 地址管理）：它必须记住分配过什么，哪怕经历重启、崩溃，或者许多进程同时请求。\n\n每个地址一个比特就够了：0 表示空闲，1 表示已占用。一个 /16 只需 8 KiB。与我们的实现并排运行的，是一本讲用 Go 动手写 Docker 的名著里的分配器（tutorial-ipam 按它仿写），看看它会在哪里出错。',
  'One bit an address': '每个地址一个比特',
  "The first address names the network, the last is broadcast, and the gateway is the host's: they are never given.":
    '第一个地址代表网络本身，最后一个是广播地址，网关归宿主机：它们绝不分配出去。',
  'two are given': '分配了两个',
  'each is a bit': '每个对应位图中的一位',
  'only its owner can give one back': '只有拥有者才能归还地址',
  'Given back, but not given again at once': '归还之后，不会马上再分配',
  'Others may still have the old owner in their neighbour tables, so the search goes on where it stopped, and comes round later (next fit).':
    '别的机器的邻居表里可能还记着旧的拥有者，所以查找从上次停下的地方继续，绕一圈之后才会回来（next fit，循环首次适配）。',
  'the next one is given, not the one that was just given back':
    '分配的是下一个，而不是刚归还的那个',
  'its bit is 0': '它的那一位是 0',
  'When there are no more': '地址用完的时候',
  'Three are left. Then the answer is an error: anything else would be a wrong address.':
    '还剩三个。再往后只能报错：给出任何别的结果，都是错误的地址。',
  'one more is refused': '再要一个就被拒绝',
  'network, gateway and broadcast were not touched': '网络地址、网关和广播地址都没有动过',
  "The book's answers": '书中分配器的结果',
  'It counts octets by hand: 255 + 1 is 0, without a carry. And it reads its state back in one read of 2,000 bytes: a /16 is 65,536 characters there, so the rest is lost.':
    '它手工计算各个字节：255 + 1 得 0，没有进位。而且读回状态时只读一次、只读 2000 字节：一个 /16 在那里是 65536 个字符，其余的就丢了。',
  'its 255th answer is the broadcast address': '它分配的第 255 个是广播地址',
  'and its 256th the address of the network': '第 256 个是网络地址',
  'in a /16 it gives the same address twice': '在 /16 里，它把同一个地址分配了两次',
  'ours gives 300 different ones': '我们的分配器给出 300 个不同的地址',
  'and carries: after .0.255 comes .1.0': '而且会进位：.0.255 之后是 .1.0',
  'Many at once': '许多进程同时请求',
  'Reading, choosing and writing back must be one step, or two processes choose the same bit. Ours is a transaction of a database: one process at a time, the others wait.':
    '读取、选择、写回必须是一个整体，否则两个进程会选中同一位。我们的实现是一个数据库事务：同一时刻只有一个进程，其余的等待。',
  'eight processes have eight addresses': '八个进程得到八个地址',
  'A crash between two writes': '两次写入之间崩溃',
  'A process can be killed at any moment. The book empties its file and then fills it again; ours commits all of a change or nothing.':
    '进程随时可能被杀死。书中的实现先清空文件再重新写入；我们的实现对一次修改要么全部提交，要么什么都不做。',
  'the book has forgotten everything, and gives the same address again':
    '书中的分配器忘掉了一切，又分配了同一个地址',
  'ours was killed too': '我们的也被杀死了',
  'but what was not finished never happened: .10 is still to be had':
    '但没有完成的修改等于从未发生：.10 仍可分配',
}

export default catalogue
