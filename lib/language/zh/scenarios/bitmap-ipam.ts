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
  'An address becomes free': '一个地址空出来了',
  'Other machines may still have the old owner in their neighbour tables (the tables that map addresses to MAC addresses). They would send the packets for a new owner to the wrong machine.':
    '其他机器的邻居表（从 IP 地址查 MAC 地址的表）里可能还有旧的拥有者。它们会把给新拥有者的包发到错误的机器。',
  'cache gets the next address, not the one that was just released':
    'cache 得到下一个地址，而不是刚释放的那个',
  'the bit of the released address is 0': '释放的地址对应的位是 0',
  'When all addresses are in use': '地址全部用完时',
  'Three addresses are left. Three more containers take them.':
    '还剩三个地址。另外三个容器把它们用完。',
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

  // questions, and why it is so
  'The search takes the first free bit: .2 for web and .3 for db. .0 and .1 are the network and the gateway.':
    '搜索取第一个空闲的位：web 得到 .2，db 得到 .3。.0 和 .1 是网络地址和网关。',
  'web and db ask for an address, in this order. What does db get?':
    'web 和 db 依次请求地址。db 得到什么？',
  '192.168.0.2, or another address': '192.168.0.2，或者别的地址',
  'Bits 2 and 3 are set, because these addresses are in use. Bits 0, 1 and 7 are reserved: they are never given out, so they need no bit.':
    '第 2、3 位是 1，因为这两个地址在用。第 0、1、7 位是保留的，从不分配，所以不需要记录。',
  'Which bits of the bitmap are 1 now?': '位图中现在哪些位是 1？',
  'bits 2 and 3': '第 2 位和第 3 位',
  'bits 0 to 3 and bit 7': '第 0 到 3 位和第 7 位',
  'The lease of 192.168.0.3 has the owner db, and web is another. Otherwise a container that ends could take the address of a running one.':
    '192.168.0.3 的租约属于 db，而 web 是另一个。否则，一个结束的容器可能拿走正在运行的容器的地址。',
  'What happens if web releases the address of db?': '如果 web 释放 db 的地址，会怎样？',
  'the address is free again': '地址又空闲了',
  'it is refused, because db has it': '被拒绝，因为它属于 db',
  'The search continues after the last address, .3 (next fit), so cache gets .4. Neighbours that still know the old owner of .2 do not meet a new one.':
    '搜索从上一个分配的地址 .3 之后继续（next fit，循环首次适应），所以 cache 得到 .4。还记得 .2 旧主人的邻居不会碰到新的主人。',
  '192.168.0.2 was just released. Which address does cache get?':
    '192.168.0.2 刚刚释放。cache 得到哪个地址？',
  '192.168.0.4, the next one': '192.168.0.4，下一个',
  '192.168.0.2, the free one': '192.168.0.2，空闲的那个',
  'A release clears one bit and changes nothing else. The address becomes free, and its turn comes later.':
    '释放只清除一位，别的都不变。地址空闲了，以后会轮到它。',
  'web has released 192.168.0.2. What does the bitmap look like?':
    'web 释放了 192.168.0.2。位图是什么样的？',
  '00011000: bit 2 is 0 again': '00011000：第 2 位又是 0',
  '00111000: bit 2 stays 1': '00111000：第 2 位仍是 1',
  'Every address is in use or reserved, so there is nothing to give. An error is right: any address would have two owners.':
    '每个地址都在用或者是保留的，没有可以分配的。报错是对的：任何地址都会有两个主人。',
  'What happens if one more container asks?': '再来一个容器请求地址，会怎样？',
  'it gets an address': '它得到一个地址',
  'it is refused': '被拒绝',
  'Bits 2 to 6 are set, and 0, 1 and 7 are not. The reserved addresses were never given out, not even when no other was left.':
    '第 2 到 6 位是 1，第 0、1、7 位不是。即使没有别的地址了，保留的地址也从未分配。',
  'All addresses are in use. Which bits are 1?': '所有地址都在用。哪些位是 1？',
  'bits 2 to 6': '第 2 到 6 位',
  'all eight bits': '全部八位',
  'It counts to .255 without knowing the prefix length. But 192.168.0.255 is the broadcast address of this /24, and no machine may have it.':
    '它一直数到 .255，不知道前缀长度。但 192.168.0.255 是这个 /24 的广播地址，任何机器都不能使用。',
  "The book's allocator gives out 256 addresses of a /24. What is number 255?":
    '书中的分配器分配一个 /24 的 256 个地址。第 255 个是什么？',
  '192.168.0.255, the broadcast address': '192.168.0.255，广播地址',
  '192.168.1.0, in the next /24': '192.168.1.0，在下一个 /24 中',
  '255 + 1 becomes 0 without a carry, so it starts again at .0. That is the address of the network itself.':
    '255 + 1 不进位，变成 0，于是又从 .0 开始。那是网络自己的地址。',
  'And number 256?': '第 256 个呢？',
  '192.168.0.0, the address of the network': '192.168.0.0，网络的地址',
  'an error: no address is left': '报错：没有地址了',
  'It reads only 2,000 bytes of its own state back, and loses the rest. So it does not know its first address any more and gives it out again.':
    '它只读回自己状态的 2,000 个字节，其余的都丢了。所以它不再记得第一个地址，又分配了一次。',
  'It gives out two addresses of a /16. Are they different?':
    '它分配一个 /16 的两个地址。它们不同吗？',
  'no, it is the same address twice': '不，两次是同一个地址',
  'Our allocator looks at one bit for each address, in pages. 300 requests set 300 different bits.':
    '我们的分配器为每个地址查看一位，按页存放。300 次请求设置 300 个不同的位。',
  'Our allocator gets 300 requests. How many different addresses does it give out?':
    '我们的分配器收到 300 次请求。它分配多少个不同的地址？',
  'fewer, as in the book': '少一些，和书中一样',
  'The address is a number for our allocator, so 172.18.0.255 + 1 is 172.18.1.0. In a /16 this is an ordinary address.':
    '对我们的分配器来说，地址是一个数，所以 172.18.0.255 + 1 是 172.18.1.0。在 /16 中，这是一个普通的地址。',
  'Which address comes after 172.18.0.255 in a /16?': '在 /16 中，172.18.0.255 之后是哪个地址？',
  'Each allocation is one transaction: it reads, chooses and writes while the others wait. Without that, two processes could choose the same bit.':
    '每次分配是一个事务：它读、选、写，其他的等待。否则两个进程可能选中同一位。',
  'Eight processes ask at the same time. How many different addresses do they get?':
    '八个进程同时请求。它们得到多少个不同的地址？',
  'fewer: some choose the same bit': '少一些：有的选中同一位',
  'The process emptied the file and was killed before it wrote it again. The state was lost, so the same address was given out twice.':
    '进程清空了文件，还没重新写入就被杀死。状态丢失了，所以同一个地址分配了两次。',
  "The book's process dies while it writes its state. What does the next process get?":
    '书中的进程在写状态时死掉。下一个进程得到什么？',
  'the same address again': '又是同一个地址',
  'the next address': '下一个地址',
  'The kernel ended it with SIGKILL: 128 + 9 is 137. It had written the bit, but not committed the transaction.':
    '内核用 SIGKILL 结束了它：128 + 9 是 137。它写了那一位，但没有提交事务。',
  'Was our process killed as well, before its commit?': '我们的进程也在提交之前被杀死了吗？',
  'yes, with exit code 137': '是，退出码是 137',
  'no: it ended by itself': '不是：它自己结束了',
  'Without a commit, the database keeps nothing of the change. So .10 was never given out, and the next process gets it.':
    '没有提交，数据库就不保留这次改动。所以 .10 从未分配，下一个进程得到它。',
  'Our process died before its commit. What does the next one get?':
    '我们的进程在提交之前死掉。下一个得到什么？',
  '192.168.1.10: the lost change left nothing': '192.168.1.10：丢失的改动没有留下任何东西',
  '192.168.1.11: the address .10 is lost': '192.168.1.11：地址 .10 丢失了',
  'One bit for each address is enough, together with its owner.':
    '每个地址一位，再加上它的主人，就够了。',
  'A released address is given out again as late as possible (next fit).':
    '释放的地址尽可能晚地再次分配（next fit）。',
  'Reading, choosing and writing must be one transaction, also when a process dies.':
    '读、选、写必须是一个事务，进程死掉时也一样。',
  'docker network inspect bridge: the subnet, the gateway, and the address of each container':
    'docker network inspect bridge：子网、网关和每个容器的地址',
  'docker network create --subnet 192.168.0.0/29 small: its sixth container gets an error':
    'docker network create --subnet 192.168.0.0/29 small：它的第六个容器会得到错误',
  "kubectl get pod POD -o jsonpath='{.status.podIP}': the address that the cluster's IPAM gave to a pod":
    "kubectl get pod POD -o jsonpath='{.status.podIP}'：集群的 IPAM 分配给 pod 的地址",
}

export default catalogue
