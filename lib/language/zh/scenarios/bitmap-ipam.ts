// Translates the scenario bitmap-ipam into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'Address management: no address is given out twice': '地址管理：同一个地址绝不分配两次',
  'So far we chose the addresses ourselves. A container engine chooses them automatically (IPAM, IP address management). It must remember every address that it gave out: after a restart, after a crash, and when many processes ask at once.\n\nA bitmap is enough, with one bit for each address: 0 is free, 1 is in use. A /16 needs 8 KiB. For comparison, this scenario also runs the allocator of a well-known book on writing Docker in Go, and shows where it fails. tutorial-ipam is a model of that allocator.':
    '到目前为止，地址都是我们自己选的。容器引擎会自动选择地址（IPAM，IP 地址管理）。它必须记住分配过的每个地址：重启之后、崩溃之后、许多进程同时请求时都是如此。\n\n用位图就够了，每个地址对应一位：0 表示空闲，1 表示已占用。一个 /16 需要 8 KiB。作为对比，这个场景还运行一本讲解用 Go 编写 Docker 的名著里的分配器，并演示它在哪里出错。tutorial-ipam 仿照这个分配器编写。',
  'One bit for each address': '每个地址对应一位',
  'Three addresses are never given out. The first address names the network. The last one is the broadcast address. One belongs to the host, which is the gateway.':
    '有三个地址绝不分配：第一个是网络地址，最后一个是广播地址，还有一个是属于宿主机的网关地址。',
  'web and db have one address each': 'web 和 db 各有一个地址',
  'each of these addresses is one bit': '每个地址对应位图中的一位',
  'only the owner of an address can release it': '只有地址的拥有者才能释放它',
  'A released address is not given out again at once': '释放的地址不会马上再分配',
  'Other machines may still have the old owner in their neighbour tables (the tables that map addresses to MAC addresses). So the search continues after the last address, and reaches the released one later (next fit).':
    '其他机器的邻居表（从 IP 地址查 MAC 地址的表）里可能还有旧的拥有者。所以查找从上一个分配的地址之后继续，以后才会回到释放的地址（next fit，循环首次适应）。',
  'cache gets the next address, not the one that was just released':
    'cache 得到下一个地址，而不是刚释放的那个',
  'the bit of the released address is 0': '释放的地址对应的位是 0',
  'When all addresses are in use': '地址全部用完时',
  'Three addresses are left. After that, the allocator must report an error, because any address that it gives out would be wrong.':
    '还剩三个地址。用完之后，分配器必须报错，因为给出任何地址都是错误的。',
  'a request for one more address is refused': '再请求一个地址会被拒绝',
  'the network, gateway and broadcast addresses were not given out':
    '网络地址、网关地址和广播地址都没有分配出去',
  'The allocator of the book': '书中的分配器',
  'It adds to each octet without a carry: 255 + 1 becomes 0. It also reads its state back with one read of 2,000 bytes. The state of a /16 has 65,536 characters, so the rest is lost.':
    '它对每个字节做加法时不进位：255 + 1 变成 0。它还只用一次 2000 字节的读取来读回状态。一个 /16 的状态有 65536 个字符，其余的都丢失了。',
  "the book's 255th address is the broadcast address": '书中分配器给出的第 255 个地址是广播地址',
  "the book's 256th address is the address of the network":
    '书中分配器给出的第 256 个地址是网络地址',
  "in a /16, the book's allocator gives out the same address twice":
    '在 /16 里，书中的分配器把同一个地址分配了两次',
  'our allocator gives out 300 different addresses': '我们的分配器给出 300 个不同的地址',
  'our allocator carries: 172.18.1.0 comes after 172.18.0.255':
    '我们的分配器会进位：172.18.0.255 之后是 172.18.1.0',
  'Many processes at once': '许多进程同时请求',
  'Reading, choosing and writing back must be one step. Otherwise two processes choose the same bit. Our allocator uses a database transaction: one process works at a time, and the others wait.':
    '读取、选择和写回必须是一个整体，否则两个进程会选中同一位。我们的分配器使用数据库事务：同一时刻只有一个进程工作，其他进程等待。',
  'eight processes get eight different addresses': '八个进程得到八个不同的地址',
  'A crash between two writes': '两次写入之间崩溃',
  "A process can be killed at any moment. The book's allocator empties its file and then fills it again. Ours commits a change completely or not at all.":
    '进程随时可能被杀死。书中的分配器先清空文件，再重新写入。我们的分配器要么提交整个修改，要么完全不提交。',
  "the book's allocator lost its state and gives out the same address again":
    '书中的分配器丢失了状态，又分配了同一个地址',
  'our process was killed too': '我们的进程也被杀死了',
  'our unfinished change had no effect: the next process gets .10':
    '我们没有完成的修改没有任何效果：下一个进程得到 .10',
}

export default catalogue
