// The one JavaScript file: it keeps compiled code for the next start, since stripping the types takes longer than all the rest.
import { statSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

const modules = join(import.meta.dirname, '../../node_modules')
// vagrant/provision.sh makes it for root of a virtual machine, where `here` is typed under sudo.
const ofMachine = '/var/cache/netdojo/compiled'
// Compiled code is run as it is found: it lies only where this user alone may write. Under sudo in somebody's checkout, that
// is not the checkout, where it would leave files that their owner cannot delete.
const directory = [modules, ofMachine].find(
  (path) => statSync(path, { throwIfNoEntry: false })?.uid === process.getuid?.(),
)
if (directory !== undefined)
  enableCompileCache(directory === modules ? join(modules, '.cache/netdojo') : directory)

const { main } = await import('./main.ts')
process.exitCode = await main(process.argv.slice(2))
// A command has written all that it has to say (on Linux, writing waits): taking Node apart would only take time.
if (process.platform === 'linux' && process.argv[2] === 'netdojo') process.exit()
