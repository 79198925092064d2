// Attaches containers in one way, in a network namespace of its own: reads orders from standard input, and answers with milliseconds.
import { createInterface } from 'node:readline'
import { run } from '../lib/exec/run.ts'
import { cni } from './peers/cni.ts'
import { netavark } from './peers/netavark.ts'
import { netdojo } from './peers/netdojo.ts'
import type { Contender } from './peers/contender.ts'

const contenders: Readonly<Record<string, () => Promise<Contender>>> = {
  netdojo: () => netdojo({ netlink: true }),
  processes: () => netdojo({ netlink: false }),
  cni,
  netavark,
}

const contender = await contenders[process.argv[2] ?? '']?.()
if (!contender) throw new Error(`the contenders are ${Object.keys(contenders).join(', ')}`)

for await (const line of createInterface({ input: process.stdin })) {
  const [verb = '', number = '0'] = line.split(' ')
  const started = performance.now()
  if (verb === 'namespace')
    await run('ip', ['netns', 'add', number], { input: '', allowFailure: true })
  if (verb === 'create') await contender.create()
  if (verb === 'connect') await contender.connect(Number(number))
  if (verb === 'disconnect') await contender.disconnect(Number(number))
  if (verb === 'remove') await contender.remove()
  console.log(performance.now() - started)
}
