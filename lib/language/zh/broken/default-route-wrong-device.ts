// The broken network default-route-wrong-device in Chinese: every text that it is the first to say.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'The host is cut off from the Internet, but not from its router':
    '整台机器都上不了互联网，却能访问自己的路由器',
  'Somebody tried a VPN in db and set up the host for it. Since then neither the host nor anybody behind it reaches the Internet. The router next door, 203.0.113.1, answers.':
    '有人在 db 里试用 VPN，并为此改了宿主机的配置。从那以后，宿主机和它后面的所有机器都上不了互联网。隔壁的路由器 203.0.113.1 有应答。',
  'The router answers, what is behind it does not: which of the routes of the host is for the one, and which for the other?':
    '路由器有应答，它后面的却没有：宿主机的哪条路由管前者，哪条管后者？',
  'Ask the kernel of the host itself: ip route get 198.51.100.1':
    '问宿主机自己的内核：ip route get 198.51.100.1',
  'The default route leads to db. It has to lead to the router, 203.0.113.1, by eth0.':
    '默认路由指向 db。它应当经过 eth0 指向路由器 203.0.113.1。',
  'the host reaches a server on the Internet': '宿主机能访问互联网上的一台服务器',
  'The default route through the router again': '让默认路由重新指向路由器',
  'A table of its own that is asked first': '单独建一张路由表，并让它先被查询',
  'Take the wrong device away: db is cut off': '把错误的设备删掉：db 断网了',
  "For 203.0.113.1 the host has a route of its own, from the address of eth0. For all else it takes the default route, and that led to db, which is no router and drops what is not for it. One wrong default route on the host cuts off everybody behind it; 'ip route get' shows the decision that the kernel makes, with all tables and rules, instead of what one thinks it should be.":
    '对 203.0.113.1，宿主机有一条由 eth0 的地址产生的路由。其余的都走默认路由，而它指向了 db；db 不是路由器，不是发给它的包就丢弃。宿主机上一条错误的默认路由，会让它后面的所有机器断网。“ip route get”给出的是内核结合所有路由表和策略规则做出的真实决定，而不是你以为的那个。',
}

export default catalogue
