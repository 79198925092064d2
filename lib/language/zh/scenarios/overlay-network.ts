// Translates the scenario overlay-network into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'Three machines, one network: the library with etcd': '三台机器，一个网络：用库和 etcd',
  'In the scenario vxlan, you typed two entries for each container on another machine. With many machines, a program must do that. All machines must agree on the network, on its addresses, and on the machine of each container. They keep this in etcd, a store that several machines share.\n\netcd tells each machine what has changed. On each machine, a program of the library, the follower, then writes the entries into the kernel.\n\nHere, etcd runs on outside. In a real cluster it runs on three machines, so that one may fail.':
    '在场景 vxlan 中，你为另一台机器上的每个容器输入了两个表项。机器多了，就必须由程序来做。所有机器必须对这些内容保持一致：网络、它的地址，以及每个容器所在的机器。它们把这些内容保存在 etcd 中，这是多台机器共用的存储。\n\netcd 把每次更改通知每台机器。然后，每台机器上库的一个程序（follower）把表项写入内核。\n\n在这里，etcd 运行在 outside 上。在真正的集群中，它运行在三台机器上，这样其中一台可以出故障。',
  'An overlay network is the tunnel of the scenario vxlan, with entries that a program writes.':
    'overlay 网络就是场景 vxlan 中的隧道，只是表项由程序写入。',
  'What all machines must agree on is in one store: networks, addresses, and the machine of each container.':
    '所有机器必须保持一致的内容都在一个存储里：网络、地址，以及每个容器所在的机器。',
  'A change needs the store. Packets do not: the entries are in the kernel of each machine.':
    '更改需要这个存储，传送包不需要：表项在每台机器的内核里。',
  'docker swarm init: the machines of a swarm share such a state, and docker network create -d overlay uses it':
    'docker swarm init：swarm 的各台机器共用这样的状态，docker network create -d overlay 使用它',
  'etcdctl get --prefix /registry --keys-only: Kubernetes keeps all of its state in etcd':
    'etcdctl get --prefix /registry --keys-only：Kubernetes 把所有状态都保存在 etcd 中',
  'kubectl get pods -o wide: on which machine each pod is':
    'kubectl get pods -o wide：每个 pod 在哪台机器上',
  'A store for all machines': '所有机器共用的存储',
  'etcd keeps keys and values. A program can watch a key: then etcd tells it each change. Start etcd in the background, and wait until it answers.':
    'etcd 保存键和值。程序可以监视一个键：之后 etcd 会把每次更改通知它。在后台启动 etcd，并等到它应答。',
  'host3 reaches etcd': 'host3 能访问 etcd',
  'etcd listens on port 2379 of outside. Every machine can reach that address over the wire.':
    'etcd 在 outside 的 2379 端口上监听。每台机器都能通过线路到达这个地址。',
  'One machine creates the network': '一台机器创建网络',
  'The variable NETDOJO_STORE says where etcd is. Each machine needs it in its first change only, which remembers it.':
    '变量 NETDOJO_STORE 说明 etcd 在哪里。每台机器只在第一次更改时需要它，之后会记住。',
  'host3 knows the network, too': 'host3 也知道这个网络',
  'host wrote the network into etcd, and host3 read it there. Nothing was sent from host to host3.':
    'host 把网络写入 etcd，host3 从那里读到它。host 没有向 host3 发送任何东西。',
  'The network was created on host. Does host3 list it?':
    '网络是在 host 上创建的。host3 会列出它吗？',
  'no, it is a network of host': '不会，它是 host 的网络',
  'host2 has no bridge for it yet': 'host2 还没有它的网桥',
  'A machine joins the network with its first container. Until then it needs no bridge, no tunnel and no entries.':
    '机器在有了第一个容器时才加入网络。在那之前，它不需要网桥、隧道和表项。',
  'Does host2 have a bridge now?': 'host2 现在有网桥吗？',
  'A container on two machines': '两台机器上各一个容器',
  'A namespace takes the place of a container. connect gives it an address, and writes into etcd: this address, with this MAC address, is on this machine.':
    '用命名空间代替容器。connect 给它一个地址，并写入 etcd：这个地址和这个 MAC 地址在这台机器上。',
  'host2 has joined the network': 'host2 已加入网络',
  'With its first container, host2 made its own bridge and tunnel device, by what it read in etcd.':
    '有了第一个容器，host2 就根据从 etcd 读到的内容建立了自己的网桥和隧道设备。',
  'c1 reaches c2': 'c1 能到达 c2',
  'etcd told the follower on host where c2 is, and it wrote the entries. The follower on host2 did the same for c1.':
    'etcd 通知 host 上的 follower c2 在哪里，它写入了表项。host2 上的 follower 为 c1 做了同样的事。',
  'the forwarding table of host leads to host2': 'host 的转发表通往 host2',
  'It is the same forwarding entry as in the scenario vxlan, with self and permanent. Nobody typed it.':
    '这和场景 vxlan 中的转发表项一样，带有 self 和 permanent，但没有人输入它。',
  'To which machine does an entry of host lead?': 'host 的表项通往哪台机器？',
  'to host2, 203.0.113.12': '通往 host2，203.0.113.12',
  'to none: the device floods': '没有通往哪台机器：设备泛洪',
  'The VNI was the first free one, and it is in etcd as well: no two networks have the same.':
    'VNI 是第一个空闲的编号，它也在 etcd 中：没有两个网络的 VNI 相同。',
  'one to outside, where etcd is': '发往 outside 的包，etcd 在那里',
  'A third machine': '第三台机器',
  'host3 connects c3. You change nothing on host and host2.':
    'host3 连接 c3。你不用在 host 和 host2 上更改任何东西。',
  'c1 reaches c3': 'c1 能到达 c3',
  'host3 wrote into etcd where c3 is. etcd told host, and the follower on host wrote the entries of c3.':
    'host3 把 c3 所在的位置写入 etcd。etcd 通知了 host，host 上的 follower 写入了 c3 的表项。',
  'c2 reaches c3': 'c2 能到达 c3',
  'etcd told host2, too. A change is written once, however many machines the network has.':
    'etcd 也通知了 host2。无论网络有多少台机器，一次更改只写入一次。',
  'c2 cannot get the address of c3': 'c2 得不到 c3 的地址',
  'Each address is a key in etcd that is created only if it is absent. Of two machines that want it at the same moment, one gets it.':
    '每个地址都是 etcd 中的一个键，只有不存在时才能创建。两台机器同时要它时，只有一台得到。',
  'host2 asks for the address of c3, 10.80.0.13. What happens?':
    'host2 请求 c3 的地址 10.80.0.13。会怎样？',
  'c2 gets it': 'c2 得到它',
  'it is refused, because c3 has it': '请求被拒绝，因为 c3 已占用它',
  'A container is gone': '一个容器离开',
  'Its entries must go on all machines: the address may be given to another container, on another machine.':
    '它的表项必须从所有机器上消失：这个地址可能会分给另一台机器上的另一个容器。',
  'host has no entry for host2 any more': 'host 不再有通往 host2 的表项',
  'host2 deleted the key of c2 in etcd, and the follower on host removed the entry.':
    'host2 删除了 etcd 中 c2 的键，host 上的 follower 删除了表项。',
  'Does the forwarding table of host still lead to host2?': 'host 的转发表还通往 host2 吗？',
  'yes, until the entry expires': '是，直到表项过期',
  'host3 has no entry for host2 any more': 'host3 不再有通往 host2 的表项',
  'etcd told host3, too. The entry of c1 stays: it leads to host.':
    'etcd 也通知了 host3。c1 的表项还在：它通往 host。',
  'And the forwarding table of host3?': 'host3 的转发表呢？',
  'it still leads to host2': '它还通往 host2',
  'it leads to host only': '它只通往 host',
  'etcd is gone': 'etcd 不在了',
  'Kill etcd, as if it had crashed. What breaks when the store fails?':
    '杀掉 etcd，就像它崩溃了一样。存储出故障时，什么会中断？',
  'a change is refused': '更改被拒绝',
  'host2 cannot know which addresses are free. A guess could give one address to two containers, so it gives none.':
    'host2 无法知道哪些地址空闲。靠猜测可能会把一个地址分给两个容器，所以它不分配地址。',
  'host2 connects c2 again. What happens?': 'host2 再次连接 c2。会怎样？',
  'c2 gets an address': 'c2 得到一个地址',
  'c1 still reaches c3': 'c1 仍能到达 c3',
  'The entries are in the kernels of host and host3. No packet ever goes through etcd.':
    '表项在 host 和 host3 的内核里。没有包经过 etcd。',
}

export default catalogue
