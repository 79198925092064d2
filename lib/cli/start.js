// Starts main.ts with a cache of compiled code: stripping the types takes longer than everything else. Node needs JavaScript here.
import { statSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

const modules = join(import.meta.dirname, '../../node_modules')
// vagrant/provision.sh makes it for root of a virtual machine, where `here` is typed under sudo.
const ofMachine = '/var/cache/netdojo/compiled'
// Node runs compiled code without a check, so the cache is in a directory that only this user may write. With sudo in another
// user's checkout there is no cache in it: its owner could not delete the files.
const directory = [modules, ofMachine].find(
  (path) => statSync(path, { throwIfNoEntry: false })?.uid === process.getuid?.(),
)
if (directory !== undefined)
  enableCompileCache(directory === modules ? join(modules, '.cache/netdojo') : directory)

const { main } = await import('./main.ts')
process.exitCode = await main(process.argv.slice(2))
// Node's own shutdown would only take time. But a slow reader of a pipe has not taken all output yet: the callback waits for that.
if (process.platform === 'linux' && process.argv[2] === 'netdojo')
  process.stdout.write('', () => process.exit())
