// Translates the broken network tunnel-number into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'After a reboot of host2, its containers are cut off': 'host2 重启之后，它的容器与其他容器断开了',
  'host2 was rebooted, and its administrator built the tunnel again from his notes. Since then, c1 and c3 do not reach c2. They reach each other. The machines themselves answer every ping.':
    'host2 重启过，管理员按自己的笔记重建了隧道。从那以后，c1 和 c3 到达不了 c2，但它们能互相到达。各台机器自己对每个 ping 都有应答。',
  'Do the packets of c1 arrive on host2? Watch its eth0: nsenter --net=/run/netns/host2 tcpdump -ni eth0 udp port 4789':
    'c1 的包到达 host2 了吗？观察它的 eth0：nsenter --net=/run/netns/host2 tcpdump -ni eth0 udp port 4789',
  'They arrive. A VXLAN device takes only the packets of its own network. Compare the number in the packets with the device.':
    '它们到达了。VXLAN 设备只接收自己网络的包。把包里的编号与设备比较。',
  'Compare the devices: ip -d link show vxlan0; nsenter --net=/run/netns/host2 ip -d link show vxlan0':
    '比较两个设备：ip -d link show vxlan0; nsenter --net=/run/netns/host2 ip -d link show vxlan0',
  'A new device on host2, with the number of the others and the same entries':
    '在 host2 上新建设备，编号与其他机器相同，表项不变',
  'The number of host2 on both other machines': '另外两台机器都改用 host2 的编号',
  'Only host gets the number of host2: then c1 and c3 do not reach each other':
    '只有 host 改用 host2 的编号：现在 c1 和 c3 互相断开',
  'A device with the right number that floods: every frame for an unknown address goes to all':
    '编号正确但会泛洪的设备：目的地址未知的每个帧都发给所有机器',
  'A device with the right number and the entries for c1 alone: c3 is still cut off':
    '编号正确，但只有 c1 的表项：c3 仍然断开',
  'Each VXLAN packet has a number, the VNI, so that many networks can share the same wire. The packets of host had the number 42 and reached host2. There the kernel looked for a device with this number on UDP port 4789, found none, and dropped them without a word. An existing device cannot get another number: it must be created again, and its entries with it.':
    '每个 VXLAN 包都有一个编号 VNI，所以许多网络可以共用同一条线路。host 的包编号是 42，到达了 host2。内核在那里查找 UDP 端口 4789 上有这个编号的设备，没有找到，就悄悄丢弃了它们。已有的设备不能改编号：必须重新创建，它的表项也一样。',
}

export default catalogue
