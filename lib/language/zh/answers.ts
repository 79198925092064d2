// What checks expect and what they got for an answer, in Chinese; what programs print stays as it is.
import type { Catalogue } from '../catalogue.ts'

const catalogue: Catalogue = {
  'an answer': '有应答',
  'failure: {reason}': '失败：{reason}',
  'a line with {pattern}': '有一行包含 {pattern}',
  'no line with {pattern}': '没有任何一行包含 {pattern}',
  'no answer': '没有应答',
  'no answer within {seconds} s': '{seconds} 秒内没有应答',
  '{address} answers, ttl {ttl}, {time} ms': '{address} 有应答，ttl {ttl}，{time} ms',
  '{address} answers, ttl {ttl}': '{address} 有应答，ttl {ttl}',
  '{reason} (says {address})': '{reason}（来自 {address}）',
  'the connection broke': '连接中断',
  'no output': '没有输出',
  'no packet': '没有包',
  '1 packet: {first}': '1 个包：{first}',
  '{count} packets: {first}': '{count} 个包：{first}',
}

export default catalogue
