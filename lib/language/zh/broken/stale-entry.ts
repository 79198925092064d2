// Translates the broken network stale-entry into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'c2 was moved to host3, and c1 no longer reaches it': 'c2 迁移到 host3 之后，c1 到达不了它',
  'For the maintenance of host2, c2 was moved to host3 this morning, with its addresses. c3 reaches it there. c1 does not, although it reached c2 before, and it still reaches c3.':
    '为了维护 host2，今天早上 c2 带着它的地址迁移到了 host3。c3 在那里能到达它。c1 却不能，虽然它以前能到达 c2，而且现在仍能到达 c3。',
  'To which machine does host send the frames for c2? tcpdump -ni eth0 udp port 4789, while c1 pings 10.80.0.3':
    'host 把发给 c2 的帧送到哪台机器？在 c1 ping 10.80.0.3 时运行 tcpdump -ni eth0 udp port 4789',
  'They go to 203.0.113.12, which is host2. What tells the tunnel of host where a MAC address is?':
    '它们去了 203.0.113.12，也就是 host2。host 的隧道从哪里得知一个 MAC 地址在哪台机器上？',
  'bridge fdb show dev vxlan0: the entry for 02:00:00:00:00:02 still names the old machine.':
    'bridge fdb show dev vxlan0：02:00:00:00:00:02 的表项仍然指向旧的机器。',
  'The entry names the machine where c2 is now': '让表项指向 c2 现在所在的机器',
  'Delete the old entry, and add a new one': '删除旧表项，添加新表项',
  'Flood instead: every frame for an unknown address goes to both machines':
    '改用泛洪：目的地址未知的每个帧都发给两台机器',
  'A new tunnel with the entries for c2 alone: c1 no longer reaches c3':
    '新建隧道，但只有 c2 的表项：c1 到达不了 c3',
  'Move c2 back to host2, without its entries on host3: c3 no longer reaches it':
    '把 c2 迁回 host2，但 host3 上没有它的表项：c3 到达不了它',
  'c1 had the right MAC address of c2, because that did not change. But the tunnel of host still sent the frames for it to host2, where no port leads to c2 any more. A permanent entry never expires, and nothing on the wire contradicts it. After a move, all machines must be told. Real networks do that by a store that all of them watch (etcd), and they compare everything again after each interruption.':
    'c1 记录的 c2 的 MAC 地址是对的，因为它没有改变。但 host 的隧道仍把发给它的帧送到 host2，那里已经没有端口通往 c2。永久表项不会过期，线路上也没有什么能纠正它。迁移之后，必须告知所有机器。真实的网络用一个所有机器都监视的存储（etcd）来做这件事，并在每次中断之后重新比较全部内容。',
}

export default catalogue
