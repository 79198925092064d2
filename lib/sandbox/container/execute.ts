// Runs one program in a running container, with our terminal as its own, or our standard streams one by one.
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { terminalEnvironment, type Inside, type SideChannel } from '../backend.ts'
import type { Engine } from './engine.ts'
import { repository } from './start.ts'

/** @param sideChannel is given for a program after which our standard input is still needed. @returns the exit code. */
export async function execute(
  engine: Engine,
  id: string,
  inside: Inside,
  sideChannel?: SideChannel,
): Promise<number> {
  const { dockerode } = engine.container
  const { stdin, stdout, stderr } = process
  // Both streams or neither: with a terminal on one of them, standard error could not be separated from the output.
  const Tty = stdin.isTTY && stdout.isTTY
  const { exec, stream, ended } = await programIn(engine, id, inside, Tty)
  stdin.pipe(stream)
  if (Tty) stream.pipe(stdout, { end: false })
  else dockerode.modem.demuxStream(stream, stdout, stderr)
  const resize = () => {
    const { columns, rows } = stdout
    // The program may have ended meanwhile.
    void exec.resize({ w: columns, h: rows }).catch(() => {})
  }
  if (Tty) {
    stdin.setRawMode(true)
    stdout.on('resize', resize)
    resize()
  }
  try {
    return await ended
  } finally {
    if (Tty) stdin.setRawMode(false)
    stdout.off('resize', resize)
    stdin.unpipe(stream)
    if (sideChannel) stdin.pause()
    else stdin.destroy()
  }
}

/** Starts the program. @returns its streams in one, and its exit code when it has ended. */
export async function programIn(
  engine: Engine,
  id: string,
  [script, ...args]: Inside,
  Tty: boolean,
) {
  const exec = await engine.container.dockerode.getContainer(id).exec({
    Cmd: ['node', `${repository}/${script}`, ...args],
    Env: Object.entries({
      ...terminalEnvironment(),
      // The programs of one run share their compiled code. Its usual directory is read-only here.
      NODE_COMPILE_CACHE: '/tmp/compiled',
    }).map(([name, value]) => `${name}=${value}`),
    WorkingDir: repository,
    Tty,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  })
  const stream = await exec.start({ hijack: true, stdin: true, Tty })
  // A program that no longer reads its input has ended, and its exit code gives the result.
  stream.on('error', () => {})
  const closed = new Promise((resolve) => stream.once('end', resolve).once('close', resolve))
  return { exec, stream, ended: closed.then(() => exitCodeOf(exec)) }
}

/** Returns when the program that writes to the pipe has ended. */
export async function listen(
  engine: Engine,
  id: string,
  { pipe, onLine }: SideChannel,
): Promise<void> {
  const { dockerode } = engine.container
  const exec = await dockerode.getContainer(id).exec({
    // The first of the two creates the pipe. Opening it waits for the other side.
    Cmd: ['sh', '-c', 'mkfifo "$0" 2>/dev/null; exec cat "$0"', pipe],
    AttachStdout: true,
  })
  const stream = await exec.start({})
  const output = new PassThrough()
  stream.once('end', () => output.end()).once('error', () => output.end())
  dockerode.modem.demuxStream(stream, output, output)
  for await (const line of createInterface({ input: output })) onLine(line)
}

type Exec = Awaited<
  ReturnType<ReturnType<Engine['container']['dockerode']['getContainer']>['exec']>
>

/** The stream may end a moment before the engine knows the exit code. */
async function exitCodeOf(exec: Exec): Promise<number> {
  for (;;) {
    const { Running, ExitCode } = await exec.inspect()
    if (!Running && ExitCode !== null) return ExitCode
    await sleep(10)
  }
}
