// Decides whether a request may be answered: only the page that this run has opened, in a browser of the same user, passes.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { readOrEmpty } from '../../exec/processes.ts'

/** 256 bits, as they stand in the fragment of the address. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

export function isToken(token: string, given: unknown): boolean {
  if (typeof given !== 'string') return false
  const [mine, other] = [Buffer.from(token), Buffer.from(given)]
  return mine.length === other.length && timingSafeEqual(mine, other)
}

/** Nothing is loaded from elsewhere. xterm writes its colours as inline styles, which `style-src 'self'` alone would make black on black. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

export function setHeaders(response: ServerResponse): void {
  const headers = {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
  }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
}

/** @returns why the request is refused; undefined if it may be answered. */
export function refusal(request: IncomingMessage, kind: 'read' | 'connect'): string | undefined {
  const { socket, method = '' } = request
  if (isOfAnotherUser(socket)) return 'this server answers only the user who started it'
  // Node takes the first of two: https://nodejs.org/api/http.html#messageheaders
  const hosts = valuesOf(request, 'host')
  const [host = ''] = hosts
  const port = socket.localPort
  if (hosts.length !== 1 || ![`127.0.0.1:${port}`, `localhost:${port}`].includes(host))
    return 'the Host header must be the address that this server printed'
  const origins = valuesOf(request, 'origin')
  const isSame = origins.length === 1 && origins[0] === `http://${host}`
  // A browser sends no Origin when somebody opens a page, and always one with a WebSocket.
  if (kind === 'connect' ? !isSame : origins.length > 0 && !isSame)
    return 'the Origin header must be the page of this server'
  if (kind === 'read' && method !== 'GET' && method !== 'HEAD')
    return 'nothing can be changed over plain HTTP'
  const sites = valuesOf(request, 'sec-fetch-site')
  const isOurs = sites.every((site) => site === 'none' || site === 'same-origin')
  // The file that opens the browser is another site, and opens a whole page; a page that embeds our files is refused.
  const isOpened =
    valuesOf(request, 'sec-fetch-mode').join() === 'navigate' &&
    valuesOf(request, 'sec-fetch-dest').join() === 'document'
  if (!isOurs && !isOpened) return 'another site must not load these files'
  return undefined
}

function valuesOf({ rawHeaders }: IncomingMessage, name: string): readonly string[] {
  return rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name,
  )
}

const judged = new WeakMap<Socket, boolean>()

export function isOfAnotherUser(socket: Socket): boolean {
  const known = judged.get(socket)
  if (known !== undefined) return known
  const isOther = !mayConnect(userOf(socket.remotePort ?? 0, socket.localPort ?? 0))
  judged.set(socket, isOther)
  return isOther
}

/** Root may do everything anyway. With sudo, the browser is that of the user who typed it. Only Linux tells who connects. */
function mayConnect(user: number | undefined): boolean {
  if (process.platform !== 'linux') return true
  const mine = process.getuid?.()
  const caller = mine === 0 ? Number(process.env.SUDO_UID ?? 0) : mine
  return user === 0 || user === mine || user === caller
}

/**
 * The user of the other end of a connection to 127.0.0.1: proc_pid_net_tcp(5). A client that also speaks IPv6 may stand in the other
 * file, with an IPv4 address within an IPv6 one.
 */
function userOf(from: number, to: number): number | undefined {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0')
  const end = (port: number) => `\\w*0100007F:${hex(port)}`
  const line = new RegExp(`^ *\\d+: ${end(from)} ${end(to)} \\w+ \\S+ \\S+ \\S+ +(\\d+)`, 'm')
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const user = line.exec(readOrEmpty(file))?.[1]
    if (user !== undefined) return Number(user)
  }
  return undefined
}
