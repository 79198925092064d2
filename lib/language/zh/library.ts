// What the library calls the parts of its work, in Chinese.
import type { Catalogue } from '../catalogue.ts'

const catalogue: Catalogue = {
  'Make the bridge, with the gateway’s address': '创建网桥，并配上网关地址',
  'Let the host pass packets between networks': '允许宿主机在网络之间转发',
  'Tell the firewall about the network': '把这个网络告诉防火墙',
  'A network namespace for the container, before its program: it finds the network complete':
    '在容器的程序启动之前先建好网络命名空间：程序一启动，网络就是完整的',
  'Plug a cable: one end on the bridge, the other in the container':
    '接一根网线：一端在网桥上，另一端在容器里',
  'Inside: the address, the way out, and a word to the neighbours':
    '容器内：地址、通往外部的路由，并向邻居通告一声',
  'Publish the ports': '发布端口',
  'Forget connections to these ports that lead elsewhere': '清除这些端口上指向别处的旧连接',
  'Control groups as runc wants to see them, read-only':
    '按 runc 的要求以只读方式提供控制组（cgroup）',
  'The layers of the image': '镜像的各层',
  'The bundle: a root file system, put together, and what runc makes of it':
    'bundle：拼装出来的根文件系统，以及交给 runc 的配置',
  'The container itself': '容器本身',
  'Withdraw the ports': '收回发布的端口',
  'End the connections, or the next owner of the address inherits them':
    '终止连接，否则这个地址的下一个拥有者会继承它们',
  'Unplug the cable': '拔掉网线',
  'Make the firewall forget the network': '让防火墙忘掉这个网络',
  'Remove the bridge': '删除网桥',
}

export default catalogue
