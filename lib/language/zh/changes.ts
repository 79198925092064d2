// What a step changed in the kernel, in Chinese: the words around names, addresses and rules, which stay as one types them.
import type { Catalogue } from '../catalogue.ts'

const catalogue: Catalogue = {
  'network namespace': '网络命名空间',
  'bridge {name}': '网桥 {name}',
  '{device} ({state})': '{device}（{state}）',
  '{first}, {second}': '{first}，{second}',
  'up, no carrier': 'up，无载波',
  'peer {peer}': '对端 {peer}',
  'port of {bridge}': '{bridge} 的端口',
  'moved from {node}': '从 {node} 移来',
  '{device}, moved to {node}': '{device}，移到了 {node}',
  'in another namespace': '在另一个命名空间',
  '{name} renamed to {other}': '{name} 改名为 {other}',
  '{name} becomes a port of {bridge}': '{name} 成为 {bridge} 的端口',
  '{name} leaves {bridge}': '{name} 离开 {bridge}',
  '{name} has its peer at {place}': '{name} 的对端在 {place}',
  'address {address} on {name}': '{name} 上的地址 {address}',
  'route {route}': '路由 {route}',
  'route {route} (by the kernel, for the address)': '路由 {route}（内核随地址自动添加）',
  'rule {priority}: {text}': '策略路由规则 {priority}：{text}',
  'IPv6 rule {priority}: {text}': 'IPv6 策略路由规则 {priority}：{text}',
  'chain {name}': '链 {name}',
  'chain {name} (hook {hook}, priority {priority})': '链 {name}（钩子 {hook}，优先级 {priority}）',
  '{chain} policy {before} -> {after}': '{chain} 默认策略 {before} -> {after}',
  '{rule} {before} packets -> {after}': '{rule} {before} 个包 -> {after}',
  'listening socket {protocol} port {port}': '监听套接字 {protocol} 端口 {port}',
  'listening socket {protocol} {address} port {port}':
    '监听套接字 {protocol} {address} 端口 {port}',
  'neighbour {address} is {owner}': '邻居 {address} 是 {owner}',
  'neighbour {address} is {owner}, permanent, on {link}':
    '{link} 上的永久邻居 {address} 是 {owner}',
  '{bridge} learned: {owner} is behind {port}': '{bridge} 学到：{owner} 在 {port} 后面',
  'connection {protocol} {ends} ({translation})': '连接 {protocol} {ends}（{translation}）',
}

export default catalogue
