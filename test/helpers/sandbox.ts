// Runs a test file again inside namespaces of its own, so that its tests may do anything to the network and leave nothing.
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { searchPath } from '../../lib/exec/search-path.ts'
import { inside, sandboxed } from './sandboxed.ts'
import { suite, type DefineAll } from './suite.ts'

/** Like `suite`; the body runs on `host` of the sandbox's world, as its root, also for an ordinary user. */
export function sandboxSuite(name: string, define: DefineAll): void {
  if (process.env[inside] === '1') return suite(name, define)
  const { program, args, env } = sandboxed([process.execPath, ...process.argv.slice(1)])
  const { status } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit', 2], env })
  process.exitCode = status ?? 1
}

/** Runs a command line and returns its standard output. */
export function sh(line: string, input = ''): string {
  return execFileSync('sh', ['-c', line], {
    encoding: 'utf8',
    input,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, PATH: searchPath() },
  })
}

/** Whether a command line succeeds. */
export function succeeds(line: string): boolean {
  return (
    spawnSync('sh', ['-c', line], {
      stdio: 'ignore',
      env: { ...process.env, PATH: searchPath() },
    }).status === 0
  )
}

/** Removes what a failed test has left, so that the next test does not fail because of it. */
export function cleanHost(): void {
  // The ruleset also contains the rules of iptables-nft. No test uses iptables-legacy.
  sh('ip link delete group 28260 2>/dev/null; nft flush ruleset')
  for (const name of readdirSync('/run/netns'))
    if (!/^(outside|switch|host\d+)$/.test(name)) sh(`ip netns delete ${name}`)
}
