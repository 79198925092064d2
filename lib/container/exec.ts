// Runs another program in a running container by `runc exec`, and returns its output and exit code.
import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { spawnDaemon } from '../exec/daemon.ts'
import { NetdojoError } from '../errors.ts'
import { prepareCgroups } from './cgroups.ts'
import { directoryOf, runcRoot, type Context } from './context.ts'
import { readRuncError } from './monitor.ts'
import type { ContainerRecord } from './records.ts'
import type { CheckedExec } from './requests.ts'
import { heldUntil, tee } from './streams.ts'

/** How a program in a container ended, and what it wrote; both texts are empty with `attach` or `terminal`. */
export type ExecResult = {
  /** 0 to 255. */
  readonly exitCode: number
  /** UTF-8 text; empty if the program was attached. */
  readonly stdout: string
  /** Its standard error. */
  readonly stderr: string
}

/** @throws NetdojoError `container-stopped`, `command-missing`, `command-unusable` or `container-failed` */
export async function execIn(
  context: Context,
  record: ContainerRecord,
  request: CheckedExec,
): Promise<ExecResult> {
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

function optionsOf({ env, workingDirectory, terminal }: CheckedExec): readonly string[] {
  return [
    ...(terminal ? ['--tty', '--env', 'TERM=xterm'] : []),
    ...(workingDirectory === undefined ? [] : ['--cwd', workingDirectory]),
    ...Object.entries(env).flatMap(([name, text]) => ['--env', `${name}=${text}`]),
    // The id and the command follow; a command may start with a dash.
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
    advice: isMissing ? ['the command is searched in the root file system of the container'] : [],
  })
}

function notRunning({ name, status }: ContainerRecord): NetdojoError {
  return new NetdojoError({
    code: 'container-stopped',
    operation: 'run a program in',
    object: `the container ${name}`,
    reason: `the container must be running, and it is ${status}`,
    advice: ['netdojo ps lists the running containers'],
  })
}
