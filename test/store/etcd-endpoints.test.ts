// Tries endpoints of etcd that do not answer: the error names each with its cause, and a member that answers is found in time.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { spawnSync } from 'node:child_process'
import * as assert from 'uvu/assert'
import { NetdojoError } from '../../lib/errors.ts'
import { etcdStore } from '../../lib/store/etcd/etcd.ts'
import { hasEtcd, startEtcd, withoutEtcd } from '../helpers/etcd.ts'
import { sandboxSuite, sh } from '../helpers/sandbox.ts'

sandboxSuite('endpoints of etcd', (test) => {
  test('one that accepts and never answers, and one that refuses, are both named', async () => {
    await using silent = await listen()
    const refused = 'http://127.0.0.1:9'
    assert.match(await failure([silent.url]), `${silent.url}: no answer within`)
    const both = await failure([silent.url, refused])
    assert.match(both, `${silent.url}: no answer within`)
    assert.match(both, `${refused}: connect ECONNREFUSED`)
  })

  test('a name without an address is named', async () => {
    const url = 'http://no-such-host.invalid:2379'
    assert.match(await failure([url]), 'for the name no-such-host.invalid')
  })

  test('with a silent nameserver the error comes, and the process ends, before the resolver gives up', async () => {
    const silent = createSocket('udp4')
    silent.bind(53, '127.0.0.5')
    await once(silent, 'listening')
    writeFileSync('/run/resolv.conf', 'nameserver 127.0.0.5\noptions timeout:30 attempts:9\n')
    sh('mount --bind /run/resolv.conf /etc/resolv.conf')
    try {
      const program = `import { etcdStore } from '${import.meta.dirname}/../../lib/store/etcd/etcd.ts'
await etcdStore({ endpoints: ['http://etcd1.example:2379'] }).read((transaction) => transaction.record('a')).catch((error) => console.log(error.message))`
      const { stdout, signal } = spawnSync(
        process.execPath,
        ['--input-type=module', '-e', program],
        { encoding: 'utf8', timeout: 240_000 },
      )
      assert.is(signal, null)
      assert.match(stdout, 'no nameserver answered within 2 s for the name etcd1.example')
    } finally {
      sh('umount /etc/resolv.conf')
      silent.close()
    }
  })

  if (!hasEtcd) return withoutEtcd()

  test('members that are silent, refuse or have no name do not hide the one that answers', async () => {
    await using silent = await listen()
    await using etcd = await startEtcd()
    const good = etcd.endpoints[0] ?? ''
    const dead = [silent.url, 'http://127.0.0.1:9', 'http://no-such-host.invalid:2379']
    for (const endpoints of [
      [...dead, good],
      [dead[0] ?? '', good],
      [good, ...dead],
    ]) {
      await using store = etcdStore({ endpoints, seconds: 60 })
      await store.update((transaction) => transaction.setRecord('n', endpoints.length))
      assert.is(await store.read((transaction) => transaction.record('n')), endpoints.length)
    }
  })
})

async function failure(endpoints: readonly string[]): Promise<string> {
  await using store = etcdStore({ endpoints, seconds: 3 })
  const error = await store
    .read((transaction) => transaction.record('a'))
    .catch((thrown: unknown) => thrown)
  assert.ok(error instanceof NetdojoError)
  assert.is(error.code, 'state-unavailable')
  return error.message
}

/** Accepts connections and says nothing. */
async function listen(): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  return {
    url: `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : 0}`,
    [Symbol.asyncDispose]: async () => void server.close(),
  }
}
