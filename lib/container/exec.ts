// One more program in a running container, as `runc exec` starts it.
import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { spawnDaemon } from '../exec/daemon.ts'
import { NetdojoError } from '../errors.ts'
import * as fields from '../network/fields.ts'
import { prepareCgroups } from './cgroups.ts'
import { directoryOf, runcRoot, type Context } from './context.ts'
import { readRuncError } from './monitor.ts'
import type { ContainerRecord } from './records.ts'
import { heldUntil, tee } from './streams.ts'

export type ExecRequest = {
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly workingDirectory?: string
  readonly terminal?: boolean
  readonly interactive?: boolean
  /** On this process's own streams and terminal; otherwise what it writes is given back. */
  readonly attach?: boolean
}

export type ExecResult = {
  readonly exitCode: number
  /** Empty when it was attached. */
  readonly stdout: string
  readonly stderr: string
}

/** @throws NetdojoError `container-stopped`, `command-missing`, `command-unusable` or `container-failed` */
export async function execIn(
  context: Context,
  record: ContainerRecord,
  asked: ExecRequest,
): Promise<ExecResult> {
  const request = checked(asked)
  if (record.status !== 'running') throw notRunning(record)
  const { usable } = await prepareCgroups()
  const files = join(directoryOf(context, record.id), `exec-${randomBytes(4).toString('hex')}`)
  const [pidFile, logFile] = [`${files}.pid`, `${files}.log`]
  const hasStarted = () => existsSync(pidFile)
  const collected = { out: collect(), error: collect() }
  const { out, error } = request.attach
    ? { out: tee(process.stdout), error: tee(process.stderr) }
    : collected
  try {
    const args = [
      '--root',
      runcRoot,
      ...(usable ? [] : ['--rootless=true']),
      '--log',
      logFile,
      '--log-format',
      'json',
      'exec',
      '--pid-file',
      pidFile,
      ...optionsOf(request),
      record.id,
      ...request.command,
    ]
    const { ended } = spawnDaemon('runc', args, {
      input: request.attach && (request.interactive || request.terminal) ? 'inherit' : 'none',
      output: { out, error: heldUntil(hasStarted, error) },
    })
    const { exitCode } = await ended
    if (!hasStarted()) throw notStarted(record, readRuncError(logFile) ?? 'runc gave no reason')
    return { exitCode, stdout: collected.out.text(), stderr: collected.error.text() }
  } finally {
    for (const file of [pidFile, logFile]) rmSync(file, { force: true })
  }
}

function checked(request: ExecRequest): ExecRequest & { readonly command: readonly string[] } {
  return fields.guarded('the request for a program', () => {
    const { command, env = {}, workingDirectory } = request
    const words = fields.list('command', command)
    const variables = Object.entries(env).map(
      ([name, text]) => `${name}=${fields.text(`env.${name}`, text)}`,
    )
    const bad = [...words, ...variables, workingDirectory ?? ''].find((text) => text.includes('\0'))
    if (bad !== undefined) throw fields.misuse('a word', bad, 'it has a zero byte')
    if (words.length === 0) throw fields.misuse('the command', '', 'it is empty')
    return { ...request, command: words }
  })
}

function optionsOf({ env = {}, workingDirectory, terminal }: ExecRequest): readonly string[] {
  return [
    ...(terminal ? ['--tty', '--env', 'TERM=xterm'] : []),
    ...(workingDirectory === undefined ? [] : ['--cwd', workingDirectory]),
    ...Object.entries(env).flatMap(([name, text]) => ['--env', `${name}=${text}`]),
    // What follows is the id and the command, whatever it begins with.
    '--',
  ]
}

function collect(): Writable & { text(): string } {
  const parts: Buffer[] = []
  const stream = new Writable({
    write: (data: Buffer, _, done) => {
      parts.push(data)
      done()
    },
  })
  return Object.assign(stream, { text: () => Buffer.concat(parts).toString() })
}

function notStarted({ name }: ContainerRecord, reason: string): NetdojoError {
  const isMissing = /executable file not found|no such file or directory/.test(reason)
  const isUnusable = /permission denied|is a directory|exec format error/.test(reason)
  return new NetdojoError({
    code: isMissing ? 'command-missing' : isUnusable ? 'command-unusable' : 'container-failed',
    operation: 'run a program in',
    object: `the container ${name}`,
    reason,
  })
}

function notRunning({ name, status }: ContainerRecord): NetdojoError {
  return new NetdojoError({
    code: 'container-stopped',
    operation: 'run a program in',
    object: `the container ${name}`,
    reason: `it does not run: it is ${status}`,
    advice: ['netdojo ps shows those that run'],
  })
}
