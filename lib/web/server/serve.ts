// Serves the page on 127.0.0.1 and one WebSocket for it; whatever guard.ts refuses gets 403, and no request over plain HTTP changes anything.
import { createServer, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { protocolVersion, type FromPage, type ToPage } from '../protocol.ts'
import { isOfAnotherUser, isToken, refusal, setHeaders } from './guard.ts'

export type PageFile = { readonly type: string; readonly body: string | Uint8Array }

export type PageConnection = {
  readonly send: (message: ToPage | string) => void
  /** The bytes that the browser has not taken yet. */
  readonly waiting: () => number
  readonly close: () => void
}

export type ServeOptions = {
  readonly token: string
  /** Port 0 is a free one. */
  readonly port: number
  /** By the path: `/`, `/page.js` …; undefined if there is no such file. */
  readonly file: (path: string) => Promise<PageFile | undefined>
  /** Called for a page that has sent the token. @returns what takes its messages. */
  readonly onPage: (page: PageConnection) => {
    readonly onMessage: (message: FromPage) => void
    readonly onClosed: () => void
  }
}

export type Served = { readonly port: number; readonly close: () => void }

/** A page says hello at once. */
const helloWithin = 10_000
/** Another user is refused, and may not keep the connection. */
const strangerFor = 1000
/** Larger than the longest paste into a terminal. */
const mostBytes = 4 * 1024 * 1024

export async function serve({ token, port, file, onPage }: ServeOptions): Promise<Served> {
  const server = createServer({ connectionsCheckingInterval: 1000 }, (request, response) => {
    setHeaders(response)
    const refused = refusal(request, 'read')
    if (refused !== undefined) {
      response.writeHead(403, { 'Content-Type': 'text/plain' }).end(`${refused}\n`)
      return
    }
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    void file(path).then(
      (found) => {
        if (!found) return response.writeHead(404).end()
        response.setHeader('Content-Type', found.type)
        return response.end(request.method === 'HEAD' ? undefined : found.body)
      },
      (error: unknown) => {
        response.writeHead(500, { 'Content-Type': 'text/plain' })
        response.end(`${error instanceof Error ? error.message : String(error)}\n`)
      },
    )
  })
  server.maxConnections = 64
  // A page asks at once. Connections that ask slowly would take the places of the others.
  server.headersTimeout = helloWithin
  server.requestTimeout = helloWithin
  server.on('connection', (socket) => {
    if (isOfAnotherUser(socket)) setTimeout(() => socket.destroy(), strangerFor).unref()
  })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: mostBytes })
  server.on('upgrade', (request, socket, head) => {
    const refused = refusal(request, 'connect')
    if (refused !== undefined) return refuse(socket, refused)
    sockets.handleUpgrade(request, socket, head, (page) => welcome(page, token, onPage))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () => {
      for (const page of sockets.clients) page.terminate()
      server.close()
      server.closeAllConnections()
    },
  }
}

function refuse(socket: Duplex, reason: string): void {
  const body = `${reason}\n`
  socket.on('error', () => {})
  socket.end(
    `HTTP/1.1 403 ${STATUS_CODES[403]}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

/** Closes the connection unless its first message has the token of this run. */
function welcome(socket: WebSocket, token: string, onPage: ServeOptions['onPage']): void {
  let page: ReturnType<ServeOptions['onPage']> | undefined
  const late = setTimeout(() => socket.close(1008, 'no hello'), helloWithin)
  // An error closes the connection.
  socket.on('error', () => {})
  socket.on('message', (data: Buffer) => {
    const message = parsed(data.toString())
    if (page) {
      if (message) page.onMessage(message)
      return
    }
    clearTimeout(late)
    if (message?.type !== 'hello' || !isToken(token, message.token))
      return socket.close(1008, 'the first message must have the token of this run')
    if (message.version !== protocolVersion) return socket.close(1008, 'load the page again')
    page = onPage({
      send: (sent) => {
        if (socket.readyState === socket.OPEN)
          socket.send(typeof sent === 'string' ? sent : JSON.stringify(sent))
      },
      waiting: () => socket.bufferedAmount,
      close: () => socket.close(),
    })
  })
  socket.on('close', () => {
    clearTimeout(late)
    page?.onClosed()
  })
}

function parsed(text: string): FromPage | undefined {
  try {
    const message: unknown = JSON.parse(text)
    const isMessage =
      typeof message === 'object' &&
      message !== null &&
      'type' in message &&
      typeof message.type === 'string'
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a page with the token is ours; the handlers check what they use
    return isMessage ? (message as FromPage) : undefined
  } catch {
    return undefined
  }
}
