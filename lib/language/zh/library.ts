// What the library calls the parts of its work, in Chinese.
import type { Catalogue } from '../catalogue.ts'

const catalogue: Catalogue = {
  'Create the bridge with its gateway address': '创建带有网关地址的网桥',
  'Set the sysctls of the bridge': '设置网桥的 sysctl',
  'Forward only packets of our networks: this host forwarded none before':
    '只转发我们网络的数据包：这台主机此前不转发任何数据包',
  'Keep accepting router advertisements, which a host that forwards ignores otherwise':
    '继续接受路由器通告：否则开启转发的主机会忽略它们',
  'Switch forwarding on': '开启转发',
  'Leave forwarding on for other networks of this host': '为这台主机上的其他网络保留转发',
  'Put back what the sysctls of this host were': '把这台主机的 sysctl 恢复原值',
  'Forward as before our networks': '恢复我们的网络出现之前的转发方式',
  'Look up the packets to containers in the table main, before the tables of other programs':
    '发往容器的数据包先查 main 路由表，再查其他程序的路由表',
  'Remove the routing rule of the network': '删除这个网络的路由规则',
  'Let only its own addresses be the source of its frames': '只允许它以自己的地址作为帧的源地址',
  'Forget which addresses were its own': '删除它自己地址的登记',
  "Allow this bridge in Docker's DOCKER-USER chain": '在 Docker 的 DOCKER-USER 链中放行这个网桥',
  'Add the network to the firewall': '把这个网络加入防火墙',
  'Create the network namespace before the program starts, so that the program finds its network complete':
    '在容器的程序启动之前先建好网络命名空间：程序一启动，网络就是完整的',
  'Create a veth pair: one end on the bridge, the other in the container':
    '创建一对 veth：一端在网桥上，另一端在容器里',
  'In the container: addresses, default route, ARP/NDP announcement':
    '容器内：地址、默认路由、ARP/NDP 通告',
  'Publish the ports': '发布端口',
  'Delete old conntrack entries of these ports': '删除这些端口的旧连接跟踪条目',
  'Mount control groups read-only, as runc expects them':
    '按 runc 的要求以只读方式挂载控制组（cgroup）',
  'Unpack the layers of the image': '解开镜像的各层',
  'Write the bundle: the root file system, and config.json for runc':
    '写入 bundle：根文件系统，以及 runc 的 config.json',
  'Start the container': '启动容器',
  'Unpublish the ports': '取消发布端口',
  'Delete conntrack entries, so that the next owner of the address does not inherit them':
    '删除连接跟踪条目，以免这个地址的下一个拥有者继承它们',
  'Remove the veth pair': '删除这对 veth',
  'Remove the network from the firewall': '从防火墙中移除这个网络',
  'Remove the bridge': '删除网桥',
}

export default catalogue
