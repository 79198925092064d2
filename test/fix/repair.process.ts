// One broken network in a sandbox of its own: judged as it is, then after one of its repairs.
import { loadBroken } from '../../lib/cli/fix/catalogue.ts'
import { judge, symptom } from '../../lib/fix/judge.ts'
import { build, nodesHere, typeOnHost } from '../../lib/fix/world.ts'

const [name = '', kind = 'solutions', index = '0'] = process.argv.slice(2)
const broken = await loadBroken(name)
const nodes = nodesHere()
await build(broken, nodes)
const noticed = await symptom(broken, nodes)
const repair = broken[kind === 'destructive' ? 'destructive' : 'solutions'][Number(index)]
const typed = await typeOnHost(repair?.commands ?? 'false')
const after = await judge(broken, nodes)
console.log(JSON.stringify({ noticed, typed: typed.exitCode === 0 ? '' : typed.stderr, after }))
process.exit(0)
