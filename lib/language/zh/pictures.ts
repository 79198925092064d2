// Translates the labels of several words in the pictures of scenarios and broken networks. A label of one word is a name.
import type { Catalogue } from '../catalogue.ts'

const catalogue: Catalogue = {
  'web server': '网页服务器',
  'port 80 leads to ns1': '80 端口通向 ns1',
  'port 8080 to ns2': '8080 端口通向 ns2',
  'MASQUERADE out of eth0': '从 eth0 出去：MASQUERADE',
  'DNAT port 80 to ns1': 'DNAT：80 端口到 ns1',
  'MASQUERADE on the way': 'MASQUERADE',
  'out of eth0': '从 eth0 出去时',
  'no route to 172.18.0.0/24': '没有到 172.18.0.0/24 的路由',
  'port 80 to web': '80 端口到 web',
  'no address': '无地址',
  'in the last step': '最后一步',
  'to be given to containers broadcast': '可以分给容器的地址      广播',
}

export default catalogue
