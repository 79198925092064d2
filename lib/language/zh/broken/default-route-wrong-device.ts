// Translates the broken network default-route-wrong-device into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'The host is cut off from the Internet, but not from its router':
    '宿主机到达不了互联网，却能到达它的路由器',
  'Somebody tried a VPN in db and changed the host for it. Since then, neither the host nor any machine behind it reaches the Internet. The router next to the host, 203.0.113.1, still answers.':
    '有人在 db 里试用 VPN，并为此改了宿主机的配置。从那以后，宿主机和它后面的所有机器都到达不了互联网。与宿主机相邻的路由器 203.0.113.1 仍有应答。',
  'The router answers, but the Internet behind it does not. Which route of the host is for the router, and which one is for the Internet?':
    '路由器有应答，它后面的互联网却没有。宿主机的哪条路由用于到达路由器，哪条用于到达互联网？',
  'Ask the kernel of the host which route it takes: ip route get 198.51.100.1':
    '问宿主机的内核选择哪条路由：ip route get 198.51.100.1',
  'The default route leads to db. It must lead to the router, 203.0.113.1, through eth0.':
    '默认路由指向 db。它必须经过 eth0 指向路由器 203.0.113.1。',
  'the host reaches a server on the Internet': '宿主机能到达互联网上的一台服务器',
  'Set the default route to the router again': '把默认路由重新指向路由器',
  'the host reaches machines of its own network without a router':
    '宿主机不经过路由器就能到达本网段的机器',
  'A separate routing table for all addresses that only the default route matches':
    '单独建一张路由表，用于只匹配默认路由的所有地址',
  'A route for this server only: the rest of the Internet is still cut off':
    '只为这台服务器加一条路由：互联网的其余部分仍然不通',
  'Delete a route too many: the host needs the router for its own network':
    '多删了一条路由：宿主机到本网段也要经过路由器',
  'Delete the wrong device: db is cut off': '删除错误的设备：db 断网了',
  "The host reaches 203.0.113.1 through the route that belongs to the address of eth0. For all other addresses it takes the default route, and that route led to db. db is not a router: it drops packets that are not for itself. One wrong default route on the host cuts off every machine behind it. 'ip route get' shows the decision that the kernel really makes, with all tables and rules.":
    '宿主机通过 eth0 的地址带来的路由到达 203.0.113.1。其他所有地址都走默认路由，而这条路由指向了 db。db 不是路由器，会丢弃不是发给自己的包。宿主机上一条错误的默认路由，会让它后面的所有机器断网。“ip route get”显示内核结合所有路由表和规则做出的真实决定。',
  'the host sends a packet for 192.0.2.7 to its router':
    '宿主机把发往其他任何地址（例如 192.0.2.7）的包交给它的路由器',
  'the host sends a packet for 100.64.0.1 to its router':
    '宿主机把发往其他任何地址（例如 100.64.0.1）的包交给它的路由器',
}

export default catalogue
