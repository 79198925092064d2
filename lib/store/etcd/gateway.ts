// Sends requests to etcd's JSON gateway: each goes to the first member that answers, and the error names the member and the reason.
import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { isIP } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { quote } from '../../address/quote.ts'
import { NetdojoError } from '../../errors.ts'
import { lookup } from '../../exec/lookup.ts'

/** The certificates for etcd, as paths of PEM files. */
export type EtcdTls = {
  /** The authority that signed the certificates of etcd; default those that Node knows. */
  readonly ca?: string
  /** The certificate of this client, with `key`; etcd asks for it with --client-cert-auth. */
  readonly cert?: string
  /** The private key of the certificate. */
  readonly key?: string
}

export type GatewayOptions = {
  readonly endpoints: readonly string[]
  readonly tls?: EtcdTls
  /** How long a request may take, over all members. */
  readonly seconds?: number
}

export type Json = Readonly<Record<string, unknown>>
export type Answer = { readonly body: Json; readonly isRepeated: boolean }

/** etcd answered, and refused the request. */
export class EtcdRefusal extends Error {
  readonly grpc: number

  constructor(message: string, grpc: number) {
    super(message)
    this.grpc = grpc
  }
}

/** No member answered in time. `sent` says whether one may have carried the request out. */
export class EtcdUnreachable extends Error {
  readonly sent: boolean

  constructor(message: string, sent: boolean, cause: unknown) {
    super(message, { cause })
    this.sent = sent
  }
}

/** A member let no connection be made in time, so it has not seen the request. */
class NoConnection extends Error {}

/** How long a request may take, over all members: the name, the connection and the answer. */
const usualSeconds = 5
/** After a request without any answer, the next ones wait less for the first answer of a member. */
const laterSeconds = 2
/** A member that has not answered by then is left alone with the request, and the next one is asked, too. */
const patienceMilliseconds = 700
/** For the connection: its packets may get no answer. */
const connectMilliseconds = 2000
const pauseMilliseconds = 100
/** A member that refuses the connection may just be starting. */
const refusedRounds = 3

// google.golang.org/grpc/codes: etcd sends these while it has no leader, or changes it.
const deadlineExceeded = 4
const unavailable = 14
const unknownCode = 2

export class Gateway {
  readonly #endpoints: readonly URL[]
  readonly #seconds: number
  readonly #agents: { readonly http: http.Agent; readonly https: https.Agent }
  #current = 0
  #isSilent = false

  /** @throws NetdojoError `usage` for a malformed endpoint, `state-unavailable` for a certificate that cannot be read */
  constructor({ endpoints, tls = {}, seconds = usualSeconds }: GatewayOptions) {
    if (endpoints.length === 0) throw badEndpoint('')
    this.#endpoints = endpoints.map(parseEndpoint)
    this.#seconds = seconds
    const options = { keepAlive: true, keepAliveMsecs: 5000 }
    this.#agents = {
      http: new http.Agent(options),
      https: new https.Agent({ ...options, ...certificates(tls) }),
    }
  }

  get text(): string {
    return this.#endpoints.map(({ origin }) => origin).join(', ')
  }

  /**
   * Asks the member in use. When it refuses, or has not answered after a moment, the next one is asked, too, and the first answer counts.
   * `isRepeated` says that another attempt may have been carried out, too.
   * @throws EtcdRefusal, or EtcdUnreachable when no member answers within the time limit
   */
  async post(path: string, body: Json, seconds = this.#seconds): Promise<Answer> {
    const limit = this.#isSilent ? Math.min(seconds, laterSeconds) : seconds
    const end = new AbortController()
    const timer = setTimeout(() => end.abort(), limit * 1000)
    const count = this.#endpoints.length
    const first = this.#current
    const failures = new Map<string, unknown>()
    const running = new Set<Promise<Attempt>>()
    let [started, sent] = [0, false]
    try {
      for (;;) {
        if (running.size === 0 && end.signal.aborted)
          throw this.#unreachable(failures, sent, [...failures.values()].at(-1))
        if (running.size < count && !end.signal.aborted)
          running.add(this.#attempt(first + started++, path, body, end.signal))
        const isLast = running.size === count
        const next = await Promise.race([
          ...running,
          ...(isLast ? [] : [sleep(patienceMilliseconds, undefined, { ref: false })]),
        ])
        if (!next) continue
        running.delete(next.promise)
        if ('answer' in next) {
          this.#current = next.index
          this.#isSilent = false
          return { body: next.answer, isRepeated: sent || running.size > 0 }
        }
        const { url, error } = next
        if (error instanceof EtcdRefusal && !isPassing(error)) throw error
        const isUnsent = isRefusedConnection(error) || isTlsFailure(error)
        sent ||= !isUnsent
        // The end of the time says less than what a member has said before.
        if (!end.signal.aborted || !failures.has(url.origin)) failures.set(url.origin, error)
        // Members that let no connection be made are not electing a leader: a few rounds tell enough.
        const isRefused =
          !sent && running.size === 0 && (isSlow(error) || started >= refusedRounds * count)
        if (isRefused) throw this.#unreachable(failures, sent, error)
        if (started % count === 0) await sleep(pauseMilliseconds)
      }
    } finally {
      clearTimeout(timer)
      end.abort()
    }
  }

  #unreachable(
    failures: ReadonlyMap<string, unknown>,
    sent: boolean,
    last: unknown,
  ): EtcdUnreachable {
    this.#isSilent = true
    this.#current++
    const texts = [...failures].map(([origin, error]) => `${origin}: ${textOf(error)}`)
    return new EtcdUnreachable(texts.join('; '), sent, last)
  }

  /** Is fulfilled also after a failure. */
  #attempt(at: number, path: string, body: Json, signal: AbortSignal): Promise<Attempt> {
    const index = at % this.#endpoints.length
    const url = this.#endpoint(index)
    const promise: Promise<Attempt> = this.#send(url, path, body, signal).then(
      (answer) => ({ promise, index, answer }),
      (error: unknown) => ({ promise, url, error }),
    )
    return promise
  }

  /**
   * Opens a stream of messages, one a line, and calls `onMessage` with each. The promise is settled when the stream ends;
   * `signal` ends it.
   */
  async stream(
    path: string,
    body: Json,
    onMessage: (message: Json) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const url = this.#endpoint()
    try {
      await new Promise<void>((resolve, reject) => {
        const request = this.#request(url, path, signal, (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (chunk: string) => {
            const lines = (text + chunk).split('\n')
            text = lines.pop() ?? ''
            try {
              for (const line of lines.filter((each) => each !== '')) onMessage(parse(line))
            } catch (error) {
              request.destroy(error instanceof Error ? error : new Error(String(error)))
            }
          })
          response.on('end', resolve).on('error', reject).on('close', resolve)
        })
        request.on('error', reject)
        request.end(JSON.stringify(body))
      })
    } catch (error) {
      if (!signal.aborted) this.#current++
      throw error
    }
  }

  close(): void {
    this.#agents.http.destroy()
    this.#agents.https.destroy()
  }

  #endpoint(index = this.#current): URL {
    const [first] = this.#endpoints
    const url = this.#endpoints[index % this.#endpoints.length] ?? first
    if (!url) throw badEndpoint('')
    return url
  }

  #request(
    url: URL,
    path: string,
    signal: AbortSignal | undefined,
    onResponse: (response: http.IncomingMessage) => void,
  ): http.ClientRequest {
    const isSecure = url.protocol === 'https:'
    const options = {
      method: 'POST',
      lookup,
      agent: isSecure ? this.#agents.https : this.#agents.http,
      headers: { 'content-type': 'application/json' },
      ...(signal ? { signal } : {}),
    }
    return (isSecure ? https : http).request(new URL(path, url), options, onResponse)
  }

  async #send(url: URL, path: string, body: Json, signal: AbortSignal): Promise<Json> {
    const began = performance.now()
    const own = new AbortController()
    const late: NodeJS.Timeout[] = []
    let isConnected = false
    try {
      const text = await new Promise<string>((resolve, reject) => {
        const both = AbortSignal.any([signal, own.signal])
        const request = this.#request(url, path, both, (response) => {
          let all = ''
          response.setEncoding('utf8')
          response.on('data', (chunk: string) => (all += chunk))
          response.on('end', () => resolve(all)).on('error', reject)
        })
        request.on('error', reject)
        request.on('socket', (socket) => {
          isConnected = !socket.connecting
          if (isConnected) return
          socket.once('connect', () => {
            isConnected = true
            for (const timer of late) clearTimeout(timer)
          })
          // The lookup of a name has a limit of its own, and says better what is wrong.
          const connects = () => late.push(setTimeout(() => own.abort(), connectMilliseconds))
          if (isIP(url.hostname.replaceAll(/[[\]]/g, '')) === 0) socket.once('lookup', connects)
          else connects()
        })
        request.end(JSON.stringify(body))
      })
      return parse(text)
    } catch (error) {
      if (!own.signal.aborted && !signal.aborted) throw error
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      if (isConnected) throw new Error(`no answer within ${seconds} s`, { cause: error })
      throw new NoConnection(`no connection within ${seconds} s`, { cause: error })
    } finally {
      for (const timer of late) clearTimeout(timer)
    }
  }
}

/** What came of asking one member. */
type Attempt = { readonly promise: Promise<Attempt> } & (
  | { readonly index: number; readonly answer: Json }
  | { readonly url: URL; readonly error: unknown }
)

/** @throws EtcdRefusal for an answer that is an error */
function parse(text: string): Json {
  const message = readJson(text)
  const error = 'error' in message ? message.error : undefined
  if (error === undefined) return message
  const detail = isObject(error) ? error : message
  const said = typeof error === 'string' ? error : detail.message
  const words = typeof said === 'string' ? said : text
  throw new EtcdRefusal(words, Number(detail.grpc_code ?? detail.code ?? unknownCode))
}

function readJson(text: string): Json {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch {
    // The gateway answers in words while its member starts.
  }
  throw new EtcdRefusal(text.trim().slice(0, 200) || 'an empty answer', unavailable)
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null
}

function isPassing({ grpc, message }: EtcdRefusal): boolean {
  if (grpc === unavailable || grpc === deadlineExceeded) return true
  return /no leader|leader changed|timed out|stopped|raft/.test(message)
}

/** Then no member has seen the request. */
function isRefusedConnection(error: unknown): boolean {
  if (error instanceof NoConnection) return true
  return /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL)$/.test(
    codeOf(error),
  )
}

/** It has taken long to learn this: once is enough. */
function isSlow(error: unknown): boolean {
  return error instanceof NoConnection || codeOf(error) === 'EAI_AGAIN'
}

/** A certificate is not trusted, or one side does not speak TLS: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
export function isTlsFailure(error: unknown): boolean {
  return /CERT|SIGNATURE|ISSUER|^ERR_(TLS|SSL)|^EPROTO$/.test(codeOf(error))
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function parseEndpoint(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.hostname !== '')
    return url
  throw badEndpoint(text)
}

function badEndpoint(text: string): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'use the endpoint of etcd',
    object: quote(text),
    reason: 'an endpoint must be a URL such as http://10.0.0.9:2379 or https://etcd1:2379',
  })
}

function certificates({ ca, cert, key }: EtcdTls) {
  const read = (path: string) => {
    try {
      return readFileSync(path)
    } catch (cause) {
      throw new NetdojoError({
        code: 'state-unavailable',
        operation: 'read the certificate',
        object: path,
        // `ENOENT: no such file or directory, open '/ca.pem'` -> `no such file or directory`
        reason: textOf(cause).replace(/^[A-Z]+: (.*?), .*$/, '$1'),
        advice: ['name a PEM file that you may read'],
        cause,
      })
    }
  }
  return {
    ...(ca === undefined ? {} : { ca: read(ca) }),
    ...(cert === undefined ? {} : { cert: read(cert) }),
    ...(key === undefined ? {} : { key: read(key) }),
  }
}
