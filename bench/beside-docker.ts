// Runs a bench on one host of a sandbox, beside an engine of Docker where one can be started. Nothing of either reaches this machine.
import { spawnSync } from 'node:child_process'
import { inNamespaces } from '../lib/sandbox/namespaces.ts'
import { startDocker, whyNoDocker } from '../test/helpers/docker.ts'

/**
 * `file` is the caller's own file, which is started again inside the sandbox and calls `measure` there. `reason` tells why there is
 * no engine.
 */
export async function besideDocker(
  file: string,
  measure: (reason: string | undefined) => Promise<void>,
): Promise<void> {
  if (process.env.NETDOJO_TEST_SANDBOX !== '1') return enter(file)
  const reason = whyNoDocker()
  await using stack = new AsyncDisposableStack()
  if (reason === undefined) stack.use(await startDocker())
  await measure(reason)
  if (reason !== undefined) console.log(`\nnothing to compare with: ${reason}`)
}

function enter(file: string): void {
  const { program, args, env } = inNamespaces([process.execPath, file])
  const NETDOJO_REAL_ROOT = process.getuid?.() === 0 ? '1' : '0'
  spawnSync(program, args, {
    stdio: ['ignore', 'inherit', 'inherit', 2],
    env: { ...process.env, ...env, TMPDIR: '/run', NETDOJO_TEST_SANDBOX: '1', NETDOJO_REAL_ROOT },
  })
}
