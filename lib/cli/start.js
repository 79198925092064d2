// The one JavaScript file: it keeps compiled code for the next start, since stripping the types takes longer than all the rest.
import { statSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

const modules = join(import.meta.dirname, '../../node_modules')
// What vagrant/provision.sh made in a virtual machine, where `here` is typed under sudo; anywhere else somebody may have put code there.
const ofMachine = '/var/tmp/netdojo-compiled'
// Under sudo in somebody's checkout, a cache would leave files there that their owner cannot delete.
if (statSync(modules).uid === process.getuid?.())
  enableCompileCache(join(modules, '.cache/netdojo'))
else if (statSync(ofMachine, { throwIfNoEntry: false })?.uid === 0) enableCompileCache(ofMachine)

const { main } = await import('./main.ts')
process.exitCode = await main(process.argv.slice(2))
// A command has written all that it has to say (on Linux, writing waits): taking Node apart would only take time.
if (process.platform === 'linux' && process.argv[2] === 'netdojo') process.exit()
