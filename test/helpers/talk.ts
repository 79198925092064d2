// Servers and clients inside namespaces, for asking the kernel who reaches whom.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { searchPath } from '../../lib/exec/search-path.ts'
import { sh } from './sandbox.ts'

const env = { ...process.env, PATH: searchPath() }

/** Makes a new namespace, also where a test that failed left one, and returns its path. */
export function namespace(name: string): string {
  sh(`ip netns delete ${name} 2>/dev/null; ip netns add ${name}`)
  return `/run/netns/${name}`
}

function inside(netns: string | undefined, ...words: string[]): [string, string[]] {
  const all = netns === undefined ? words : ['nsenter', `--net=${netns}`, ...words]
  return [all[0] ?? '', all.slice(1)]
}

const tcpServer = `
  const [address, port, name] = process.argv.slice(1)
  require('node:net').createServer((socket) => {
    socket.on('error', () => {})
    socket.end(name + ' sees ' + socket.remoteAddress.replace('::ffff:', '') + '\\n')
  }).listen(Number(port), address, () => console.log('ready'))`

const udpServer = `
  const [address, port, name] = process.argv.slice(1)
  const socket = require('node:dgram').createSocket(address.includes(':') ? 'udp6' : 'udp4')
  socket.on('message', (_, from) => socket.send(name + ' sees ' + from.address, from.port, from.address))
  socket.bind(Number(port), address, () => console.log('ready'))`

type Server = AsyncDisposable & { readonly process: ChildProcess }

/** Answers each TCP connection (or datagram) with `NAME sees ADDRESS`. */
export async function serve(
  netns: string | undefined,
  name: string,
  port: number,
  options: { readonly udp?: boolean; readonly address?: string } = {},
): Promise<Server> {
  const address = options.address ?? (options.udp ? '0.0.0.0' : '::')
  const code = options.udp ? udpServer : tcpServer
  const [program, args] = inside(netns, process.execPath, '-e', code, address, String(port), name)
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env })
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve)
    child.once('exit', () => reject(new Error(`the server ${name} did not start`)))
  })
  return {
    process: child,
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    },
  }
}

const tcpClient = `
  const [address, port, source] = process.argv.slice(1)
  const socket = require('node:net').connect({ host: address, port: Number(port), ...(source ? { localAddress: source } : {}) })
  socket.setTimeout(700, () => process.exit(2))
  socket.on('error', (error) => { console.log(error.code); process.exit(1) })
  socket.on('data', (data) => { console.log(String(data).trim()); process.exit(0) })`

const udpClient = `
  const [address, port, source, sourcePort] = process.argv.slice(1)
  const socket = require('node:dgram').createSocket(address.includes(':') ? 'udp6' : 'udp4')
  setTimeout(() => process.exit(2), 700)
  socket.on('message', (data) => { console.log(String(data)); process.exit(0) })
  socket.bind(Number(sourcePort || 0), source || undefined, () => socket.send('hello', Number(port), address))`

/** What the server answered; `undefined` when nobody did within 0.7 s, an error's code when somebody refused. */
export function ask(
  netns: string | undefined,
  address: string,
  port: number,
  options: { readonly udp?: boolean; readonly from?: string; readonly fromPort?: number } = {},
): string | undefined {
  const code = options.udp ? udpClient : tcpClient
  const [program, args] = inside(
    netns,
    process.execPath,
    '-e',
    code,
    address,
    String(port),
    options.from ?? '',
    String(options.fromPort ?? ''),
  )
  try {
    return execFileSync(program, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env,
    }).trim()
  } catch (error) {
    const output = error instanceof Error && 'stdout' in error ? String(error.stdout).trim() : ''
    return output || undefined
  }
}

export function pings(netns: string | undefined, address: string): boolean {
  const [program, args] = inside(netns, 'ping', '-n', '-c', '1', '-W', '1', address)
  try {
    execFileSync(program, args, { stdio: 'ignore', env })
    return true
  } catch {
    return false
  }
}
