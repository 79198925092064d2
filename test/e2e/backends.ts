// Plays every scenario in the virtual machine, by `--in vm` and by its own `--in here`; a client's end must end what it started.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { allHeld } from '../helpers/playable.ts'
import { expect, program, step, there } from './steps.ts'

const start = join(import.meta.dirname, '../../lib/cli/start.js')

export async function backends(): Promise<void> {
  for (const which of ['first', 'second'])
    await step(`npm run scenario -- --all --in vm (${which} run)`, async () =>
      printed(await program('scenario', '--all', '--in', 'vm')),
    )
  for (const which of ['first', 'second'])
    await step(`npm run scenario -- --all --in here, typed in the machine (${which})`, async () =>
      printed({
        stdout: await there('node /netdojo/lib/cli/start.js scenario --all --in here 2>&1'),
      }),
    )
  await step('npm run scenario bridge-nat -- --in vm', async () => {
    const { exitCode, stdout, stderr } = await program('scenario', 'bridge-nat', '--in', 'vm')
    return expect(
      `${stdout.trim().split('\n').at(-1)}, exit code ${exitCode} ${stderr}`,
      /all 15 checks hold.*exit code 0/,
    )
  })
  await step('a failed check, and the exit code of a shell', async () => {
    const { exitCode } = await program('scenario', 'veth-pair', '--without', '9', '--in', 'vm')
    const shell = await program('shell', '--in', 'vm', '-c', 'id -u; exit 7')
    return expect(`${exitCode} ${shell.stdout} ${shell.exitCode}`, /^1 0 7$/)
  })
  await step('SIGKILL to the client ends what it started there', async () => {
    const marker = `4${process.pid}`
    const client = spawn(
      process.execPath,
      [start, 'shell', '--in', 'vm', '-c', `echo begun; sleep ${marker}`],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    await new Promise((resolve) => client.stdout.once('data', resolve))
    const running = () => there(`pgrep -fc "[s]leep ${marker}" || true`)
    expect(await running(), /^[1-9]/)
    client.kill('SIGKILL')
    const until = performance.now() + 60_000
    while ((await running()) !== '0' && performance.now() < until) await sleep(500)
    return expect(`${await running()} left`, /^0 left/)
  })
}

function printed({ stdout, stderr = '' }: { stdout: string; stderr?: string }): string {
  allHeld(stdout + stderr)
  return stdout
}
