// Compares the image and the virtual machine with the list of set-up, and checks that the packages inside run on any system.
import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { run } from '../../lib/exec/run.ts'
import { builtName } from '../../lib/sandbox/container/image.ts'
import { packagesInside } from '../../lib/sandbox/packages.ts'
import { suite } from '../helpers/suite.ts'
import { newDirectory } from '../helpers/directory.ts'

const root = join(import.meta.dirname, '../..')
const container = join(root, 'lib/sandbox/container')

/** koffi may lack a binary for the other system; then programs do its work (batchApplier in lib/kernel/apply.ts). */
const doesWithout = 'koffi'

suite('image', (test, slow) => {
  test('the image has every tool that set-up installs', () => {
    const [, table = ''] =
      /^tools='\n(.*?)^'/ms.exec(readFileSync(join(root, 'scripts/setup.sh'), 'utf8')) ?? []
    const needed = table
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/)[1] ?? '')
    assert.ok(needed.length > 10)
    const packages = readFileSync(join(container, 'packages'), 'utf8').split('\n')
    assert.equal(
      needed.filter((name) => !packages.includes(name)),
      [],
    )
  })

  test('both ways to build the image give it the same name', async () => {
    const line = `cat ${container}/Dockerfile ${container}/packages | sha256sum | cut -c1-12`
    const script = readFileSync(join(container, 'import-image.sh'), 'utf8')
    assert.ok(script.includes('cat "$here/Dockerfile" "$here/packages" | sha256sum | cut -c1-12'))
    assert.is(builtName(), `netdojo:${(await run('sh', ['-c', line])).stdout}`)
  })

  test('the image has the binaries of package-lock.json, for packages from another system', () => {
    const dockerfile = readFileSync(join(container, 'Dockerfile'), 'utf8')
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
    for (const [name, binary] of [
      ['koffi', '@koromix/koffi-linux'],
      ['@lydell/node-pty', '@lydell/node-pty-linux'],
    ]) {
      const { version } = packages[`node_modules/${name}`]
      const installed = `${name}@${version} "${binary}-$(node -p process.arch)@${version}"`
      assert.ok(dockerfile.includes(installed), installed)
    }
  })

  test('packages that run inside have no compiled parts, because they may come from another system', () => {
    const packages = packagesInside()
    assert.ok(packages.size > 8)
    for (const [name, { hasInstallScript, os, cpu, optional }] of packages)
      if (optional !== true && name !== doesWithout)
        assert.not.ok(hasInstallScript ?? os ?? cpu, `${name} is not for every system`)
  })

  slow('a run inside needs no other packages, also without the compiled ones', async () => {
    const copy = newDirectory()
    try {
      for (const name of ['lib', 'scenarios', 'package.json', 'package-lock.json'])
        cpSync(join(root, name), join(copy, name), { recursive: true })
      for (const [name, { optional }] of packagesInside())
        if (optional !== true)
          cpSync(join(root, 'node_modules', name), join(copy, 'node_modules', name), {
            recursive: true,
          })
      const start = join(copy, 'lib/cli/start.js')
      const args = ['scenario', 'bridge-network', '--in', 'namespaces']
      const { stdout } = await run(process.execPath, [start, ...args])
      assert.match(stdout, /all \d+ checks hold/)
    } finally {
      rmSync(copy, { recursive: true })
    }
  })
})
