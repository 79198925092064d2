// Tries etcdStore over TLS with certificates of openssl: only the right authority and, where etcd asks for it, a certificate of this client are enough.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { isInstalled } from '../../lib/exec/search-path.ts'
import { etcdStore } from '../../lib/store/etcd/etcd.ts'
import { newDirectory } from '../helpers/directory.ts'
import { hasEtcd, startEtcd, withoutEtcd } from '../helpers/etcd.ts'
import { refuses, rejects } from '../helpers/expect.ts'
import { suite } from '../helpers/suite.ts'
import { until } from '../helpers/until.ts'

const hasOpenssl = isInstalled('openssl')

suite('etcd over TLS', (test) => {
  test('a certificate that cannot be read is named', async () => {
    const open = () => etcdStore({ endpoints: ['https://127.0.0.1:1'], tls: { ca: '/nowhere' } })
    assert.match(
      refuses('state-unavailable', open).toText(),
      'cannot read the certificate /nowhere',
    )
  })

  if (!hasEtcd) return withoutEtcd()
  if (!hasOpenssl) return console.log('not run: TLS with etcd, because openssl is not installed')

  test('the right certificates are enough, and each missing or wrong one is named', async () => {
    const directory = newDirectory()
    const own = makeAuthority(directory, 'own')
    const other = makeAuthority(directory, 'other')
    const server = own.sign('server')
    const client = own.sign('client')
    await using etcd = await startEtcd({
      scheme: 'https',
      words: [
        `--cert-file=${server.cert}`,
        `--key-file=${server.key}`,
        '--client-cert-auth',
        `--trusted-ca-file=${own.ca}`,
      ],
    })
    const { endpoints } = etcd
    const open = (tls: Parameters<typeof etcdStore>[0]['tls']) =>
      etcdStore({ endpoints, ...(tls ? { tls } : {}), seconds: 3 })

    await using store = open({ ca: own.ca, ...client })
    const write = () => store.update((transaction) => transaction.setRecord('key', { a: 1 }))
    const isWritten = () =>
      write().then(
        () => true,
        () => false,
      )
    assert.ok(await until(isWritten, 30))
    assert.equal(await store.read((transaction) => transaction.record('key')), { a: 1 })

    const refused = {
      'no authority': undefined,
      'the wrong authority': { ca: other.ca, ...client },
      'no certificate of this client': { ca: own.ca },
      'a certificate of the wrong authority': { ca: own.ca, ...other.sign('stranger') },
    }
    for (const [title, tls] of Object.entries(refused)) {
      await using wrong = open(tls)
      const read = wrong.read((transaction) => transaction.record('key'))
      const error = await rejects('state-unavailable', read)
      assert.match(error.reason, 'the TLS connection failed: https://127.0.0.1', title)
      assert.match(error.toText(), 'NETDOJO_STORE_CA=FILE', title)
    }
  })
})

type Signed = { readonly cert: string; readonly key: string }

function makeAuthority(directory: string, name: string) {
  const at = (file: string) => join(directory, `${name}-${file}`)
  const [ca, caKey] = [at('ca.pem'), at('ca-key.pem')]
  openssl('req', '-x509', ...newKey(caKey), '-subj', `/CN=authority ${name}`, '-out', ca)
  return {
    ca,
    sign: (subject: string): Signed => {
      const [cert, key] = [at(`${subject}.pem`), at(`${subject}-key.pem`)]
      const [request, extensions] = [at(`${subject}.csr`), at(`${subject}.ext`)]
      openssl('req', ...newKey(key), '-subj', `/CN=${subject}`, '-out', request)
      writeFileSync(extensions, 'subjectAltName=IP:127.0.0.1\n')
      const authority = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial']
      openssl('x509', '-req', '-in', request, ...authority, '-extfile', extensions, '-out', cert)
      return { cert, key }
    },
  }
}

function newKey(path: string): readonly string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', path]
}

function openssl(...words: readonly string[]): void {
  execFileSync('openssl', words, { stdio: 'pipe' })
}
