// Runs `npm run e2e:vm`: the whole project in a real virtual machine: every scenario, then networks on the machine's own network.
//
// Where neither libvirt nor VirtualBox runs, root gets a libvirt of its own (vagrant/isolated.sh) with a box that is built here; its
// namespaces end with the test, so nothing of it stays.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../../lib/exec/run.ts'
import { isInstalled } from '../../lib/exec/search-path.ts'
import { ownNetwork } from './own-network.ts'
import { rebuild, step, StepFailed, table } from './steps.ts'
import { backends } from './backends.ts'

const root = join(import.meta.dirname, '../..')
const isolated = process.env.NETDOJO_E2E_ISOLATED !== undefined

if (!isolated && !(await hasProvider())) process.exit(inIsolation())

try {
  await step('vm up, from nothing', async () => {
    await rebuild()
    return 'the machine answers by ssh, and has Node'
  })
  await backends()
  await ownNetwork()
} catch (error) {
  // A failed step has already printed its error.
  if (!(error instanceof StepFailed)) throw error
} finally {
  if (process.env.NETDOJO_E2E_KEEP === undefined)
    await step('vm destroy', async () => {
      await run(process.execPath, [join(root, 'lib/cli/start.js'), 'vm', 'destroy'])
      return 'the machine is gone'
    }).catch(() => {})
  process.exitCode = table()
}

async function hasProvider(): Promise<boolean> {
  if (isInstalled('VBoxManage')) return true
  if (!isInstalled('virsh')) return false
  const { exitCode } = await run('virsh', ['-c', 'qemu:///system', 'list'], { allowFailure: true })
  return exitCode === 0
}

/** Runs the same program again with a libvirt of its own. @returns its exit code. */
function inIsolation(): number {
  const box = process.env.NETDOJO_BOX_URL ?? builtBox()
  const { status } = spawnSync(
    'sh',
    [join(root, 'vagrant/isolated.sh'), process.execPath, import.meta.filename],
    {
      stdio: 'inherit',
      env: {
        ...process.env,
        NETDOJO_E2E_ISOLATED: '1',
        NETDOJO_BOX: process.env.NETDOJO_BOX ?? 'netdojo',
        NETDOJO_BOX_URL: box,
      },
    },
  )
  return status ?? 3
}

/** Builds the box once: its name is a hash of its sources. */
function builtBox(): string {
  const hash = createHash('sha256')
  for (const file of ['vagrant/build-box.sh', 'lib/sandbox/container/packages'])
    hash.update(readFileSync(join(root, file)))
  const directory = join(root, 'node_modules/.cache/netdojo')
  const box = join(directory, `netdojo-${hash.digest('hex').slice(0, 12)}.box`)
  if (existsSync(box)) return box
  mkdirSync(directory, { recursive: true })
  const { status } = spawnSync('sh', [join(root, 'vagrant/build-box.sh'), box], {
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 3)
  return box
}
