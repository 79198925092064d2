// Starts the monitor of a container with the right streams, and waits until the container's program runs.
import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs'
import { extname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { processToken, type ProcessToken } from '../exec/processes.ts'
import { spawnDaemon, type Daemon } from '../exec/daemon.ts'
import { NetdojoError } from '../errors.ts'
import { directoryOf, runcRoot, type Context } from './context.ts'
import { RotatingLog, type LogLimits } from './rotating-log.ts'
import { heldUntil, tee } from './streams.ts'

export type MonitorRequest = {
  readonly id: string
  /** For errors. */
  readonly name: string
  readonly terminal: boolean
  readonly interactive: boolean
  /** Whether the program uses our own streams; otherwise only the log. */
  readonly attach: boolean
  /** Whether this process ends before the container. */
  readonly leave: boolean
  readonly hasCgroups: boolean
  /** Absent: the log grows without limit. */
  readonly log?: LogLimits | undefined
}

const script = join(import.meta.dirname, 'monitor.sh')
const writer = join(import.meta.dirname, `rotating-log${extname(import.meta.filename)}`)
const pauseMilliseconds = 3

/** Returns when the container's program runs or has ended. @throws NetdojoError if it never ran */
export async function startMonitor(context: Context, request: MonitorRequest): Promise<Daemon> {
  const { id, attach, leave } = request
  const directory = directoryOf(context, id)
  const path = join(directory, 'log')
  const limited = request.log && attach ? new RotatingLog(path, request.log) : undefined
  const log = openSync(path, 'a', 0o600)
  const write = (data: Buffer) => (limited ? limited.write(data) : void writeSync(log, data))
  const isRunning = () => existsSync(join(directory, 'pid'))
  // runc writes there too when it cannot start the program.
  const output = () => ({
    out: tee(process.stdout, write),
    error: heldUntil(isRunning, tee(process.stderr, write)),
  })
  const args = [
    script,
    directory,
    id,
    runcRoot,
    request.hasCgroups ? '' : 'rootless',
    inputOf(request),
    leave ? 'always' : 'orphaned',
    ...(request.log && !attach
      ? [writer, String(request.log.maxSize), String(request.log.maxFiles)]
      : ['', '', '']),
    ...context.finisher,
  ]
  const monitor = spawnDaemon('sh', args, {
    input: attach && (request.interactive || request.terminal) ? 'inherit' : 'none',
    output: attach ? output() : log,
    detached: !attach,
  })
  await monitor.started
  void monitor.ended.finally(() => {
    closeSync(log)
    limited?.close()
  })
  await untilRunning(isRunning, monitor)
  // A short program may already have ended, and its files may be removed.
  const reason = isRunning() ? undefined : readRuncError(join(directory, 'runc.log'))
  if (reason !== undefined) throw notStarted(request.name, reason)
  return monitor
}

/** The container's first process; undefined when it has ended. */
export function readProcess(directory: string): ProcessToken | undefined {
  const path = join(directory, 'pid')
  return existsSync(path) ? processToken(Number(readFileSync(path, 'utf8'))) : undefined
}

/** The exit code that the monitor wrote; undefined when it wrote none. */
export function readExitCode(directory: string): number | undefined {
  const path = join(directory, 'exit')
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  return text.endsWith('\n') ? Number(text) : undefined
}

function inputOf({ attach, terminal, interactive }: MonitorRequest): string {
  if (attach) return 'plain'
  if (terminal) return 'terminal'
  return interactive ? 'open' : 'plain'
}

/** Polls, since runc notifies nobody; runc renames the pid file into its place. */
async function untilRunning(isRunning: () => boolean, monitor: Daemon): Promise<void> {
  const end = new AbortController()
  void monitor.ended.then(() => end.abort())
  while (!end.signal.aborted && !isRunning()) await sleep(pauseMilliseconds)
}

/** Docker distinguishes the same three cases by exit codes: 127, 126 and 125. */
function notStarted(name: string, reason: string): NetdojoError {
  const isMissing = /executable file not found|exec: .*no such file or directory/.test(reason)
  const isUnusable = /exec: .*(permission denied|is a directory)|exec format error/.test(reason)
  return new NetdojoError({
    code: isMissing ? 'command-missing' : isUnusable ? 'command-unusable' : 'container-failed',
    operation: 'start',
    object: `the container ${name}`,
    reason,
    advice: isUnusable
      ? ['the command must be an executable file: chmod +x makes a file executable']
      : [],
  })
}

/** The last error in runc's log, without its constant prefix. */
export function readRuncError(path: string): string | undefined {
  const lines = existsSync(path)
    ? readFileSync(path, 'utf8').trim().split('\n').filter(Boolean)
    : []
  const messages = lines.flatMap((line) => {
    const { level, msg }: { level?: string; msg?: string } = JSON.parse(line)
    return level === 'error' && msg !== undefined ? [msg] : []
  })
  return messages
    .at(-1)
    ?.replace(/^.*unable to start container process: /, '')
    .replace(/^exec failed: /, '')
}
