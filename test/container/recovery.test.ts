// Kills the processes of a container: afterwards it runs completely or is gone, without a leftover endpoint, namespace, device, process or file.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import type { ContainerRecord } from '../../lib/index.ts'
import { audit } from '../helpers/audit.ts'
import { containerSuite, openBoth, traces, until } from '../helpers/containers.ts'
import { codeOf, newDirectory } from '../helpers/networks.ts'
import { sh } from '../helpers/sandbox.ts'

const network = { name: 'n', subnet: '10.8.0.0/24' }
const quiet = { command: ['sleep', '600'], networks: ['n'] }

containerSuite('recovery', (test, slow) => {
  test('SIGKILL to the monitor: the container has exited and left its networks', async () => {
    await using opened = await openBoth()
    const { containers, networks, stateDirectory } = opened
    await networks.create(network)
    const before = traces(stateDirectory)
    const container = await containers.run(
      { ...quiet, name: 'lost', autoRemove: true },
      { leave: true },
    )
    const { keeper, process: program } = await containers.get('lost')
    // As if the one who started it were gone as well.
    await networks.store.update((transaction) =>
      transaction.setRecord(`container/${container.id}`, {
        ...transaction.record<ContainerRecord>(`container/${container.id}`),
        keeper: { ...keeper, starter: { pid: 1, startedAt: '0' } },
      }),
    )
    assert.equal(await containers.reconcile(), { recovered: [] }, 'the monitor keeps it')
    process.kill(keeper.monitor?.pid ?? 0, 'SIGKILL')
    const { recovered } = await until(
      () => containers.reconcile(),
      (found) => found.recovered.length > 0,
    )
    assert.equal(recovered, [{ container: 'lost', outcome: 'removed' }])
    assert.not.ok(
      sh('ps -e -o pid=')
        .split('\n')
        .some(
          (pid) =>
            Number(pid) === program?.pid &&
            sh(`cat /proc/${Number(pid)}/stat`).split(') ')[1]?.[0] !== 'Z',
        ),
    )
    assert.equal(traces(stateDirectory), before)
    await audit(stateDirectory, 'nftables')
  })

  slow('SIGKILL to the waiting process: the monitor finishes the container', async () => {
    const stateDirectory = newDirectory()
    {
      await using opened = await openBoth(stateDirectory)
      await opened.networks.create(network)
    }
    const before = traces(stateDirectory)
    const holder = hold(stateDirectory)
    await firstWords(holder)
    await kill(holder)
    await using opened = await openBoth(stateDirectory)
    const [held] = await opened.containers.list()
    assert.is(held?.status, 'running')
    await held?.stop({ seconds: 0 })
    // No call of ours from here on: it is the monitor that does it.
    assert.equal(
      await until(
        () => traces(stateDirectory),
        (now) => same(now, before),
      ),
      before,
    )
    assert.is(await codeOf(opened.containers.get('held')), 'container-missing')
    await audit(stateDirectory, 'nftables')
  })

  slow(
    'SIGKILL at any time during the start: the container runs and has an owner, or it never existed',
    async () => {
      const stateDirectory = newDirectory()
      await using opened = await openBoth(stateDirectory)
      const { containers, networks } = opened
      await networks.create(network)
      const before = traces(stateDirectory)
      let kills = 0
      for (let round = 0; round < 4; round++) {
        const holder = hold(stateDirectory)
        const running = firstWords(holder)
        // From the first record on, which is what can be left half done.
        await until(
          () => networks.store.read((transaction) => transaction.keys('container/')),
          (keys) => keys.length > 0,
        )
        await Promise.race([running, sleep(Math.random() * 250)])
        await kill(holder)
        kills++
        await containers.reconcile()
        for (const { name } of await containers.list())
          await containers.remove(name, { force: true })
        await networks.reconcile()
        assert.equal(
          await until(
            () => traces(stateDirectory),
            (now) => same(now, before),
          ),
          before,
          `round ${round}`,
        )
        await audit(stateDirectory, 'nftables')
      }
      assert.is(kills, 4)
    },
  )

  test('a container of an earlier boot has ended', async () => {
    await using opened = await openBoth()
    const { containers, networks, stateDirectory } = opened
    await networks.create(network)
    const container = await containers.run({ ...quiet, name: 'old' })
    await networks.store.update((transaction) =>
      transaction.setRecord(`container/${container.id}`, {
        ...transaction.record<ContainerRecord>(`container/${container.id}`),
        keeper: { ...container.keeper, boot: 'another' },
      }),
    )
    assert.equal((await containers.reconcile()).recovered, [
      { container: 'old', outcome: 'exited' },
    ])
    assert.is((await containers.get('old')).exitCode, 137)
    await containers.remove('old')
    await audit(stateDirectory, 'nftables')
  })
})

function hold(stateDirectory: string) {
  const file = join(import.meta.dirname, 'holder.process.ts')
  return spawn(process.execPath, [file, stateDirectory], { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Until it is gone: one that is still dying keeps its container, which then vanishes between two calls. */
async function kill(holder: ReturnType<typeof hold>): Promise<void> {
  const gone = once(holder, 'exit')
  holder.kill('SIGKILL')
  await gone
}

function firstWords(child: ReturnType<typeof hold>): Promise<unknown> {
  return new Promise((resolve) => child.stdout.once('data', resolve))
}

function same(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
