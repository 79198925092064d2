// Tests completion in a real bash: it offers the names of existing networks and containers, and never runs a typed word.
import * as assert from 'uvu/assert'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { call, output } from '../helpers/command.ts'
import { commandLine } from '../helpers/netdojo.ts'
import { newDirectory } from '../helpers/networks.ts'
import { cleanHost, sandboxSuite, sh } from '../helpers/sandbox.ts'
import { namespace } from '../helpers/talk.ts'
import { inTerminal } from '../helpers/terminal.ts'

sandboxSuite('completion', (test, slow) => {
  test('commands, options, their values, and names of existing objects are completed', async () => {
    cleanHost()
    process.env.NETDOJO_STATE_DIRECTORY = newDirectory()
    for (const name of ['web', 'west', 'back']) await output('network', 'create', name)
    namespace('c1')
    assert.equal(await values('ne'), ['network'])
    assert.equal(await values('network', 'p'), ['prune'])
    assert.equal(await values('network', 'rm', 'we'), ['web', 'west'])
    assert.equal(await values('network', 'rm', '-f', 'back', 'w'), ['web', 'west'])
    assert.equal(await values('network', 'connect', 'web', ''), ['c1', 'outside'])
    assert.equal(await values('network', 'connect', '--ip', '10.0.0.1', 'web', 'c'), ['c1'])
    assert.equal(await values('network', 'connect', '--ip', ''), [])
    assert.equal(await values('network', 'create', '--dr'), ['--dry-run', '--driver'])
    assert.equal(await values('network', 'create', '--driver', ''), ['bridge'])
    assert.equal(await values('network', 'ls', '--format', ''), ['table', 'json'])
    assert.equal(await values('ipam', 'show', 'b'), ['back'])
    assert.equal(await values('completion', ''), ['bash', 'zsh', 'fish'])
    assert.equal(await values('nothing', ''), [])
    assert.equal(await values('network', 'nothing', ''), [])
  })

  for (const shell of ['bash', 'zsh', 'fish'])
    test(`the script for ${shell} passes the words on unchanged`, async () => {
      const script = await output('completion', shell)
      assert.match(script, 'netdojo complete -- ')
      assert.not.match(script.replaceAll(/^#.*$/gm, ''), /\beval\b/)
    })

  test('in bash, after sourcing the script', async () => {
    cleanHost()
    process.env.NETDOJO_STATE_DIRECTORY = newDirectory()
    for (const name of ['web', 'west']) await output('network', 'create', name)
    const trap = join(newDirectory(), 'trap')
    const asked = (line: string) =>
      sh(
        'bash',
        `source <(netdojo completion bash)
        COMP_WORDS=(${line}); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 )); _netdojo; echo "\${COMPREPLY[*]}"`,
      ).trim()
    assert.is(asked('netdojo network rm we'), 'web west')
    assert.is(asked("netdojo network inspect ''"), 'web west')
    assert.is(asked(`netdojo network rm '$(touch ${trap})' '\`touch ${trap}\`' we`), 'web west')
    assert.not.ok(existsSync(trap))
  })

  slow(
    'on a terminal of npm run shell it is already enabled; Ctrl-D cancels a question',
    async () => {
      const { screen } = await inTerminal(commandLine('shell', ''), [
        [/# $/, 'netdojo network create --subnet 10.9.0.0/24 onlyone\n'],
        [/[0-9a-f]{16}[^]*# $/, 'netdojo network prune\n'],
        [/Remove onlyone[^]*N\] /, '\u0004'],
        [/# $/, 'netdojo network rm on\t'],
        [/rm onlyone $/, '\n'],
        [/onlyone[^]*# $/, 'exit\n'],
      ])
      assert.not.match(screen, 'defect')
    },
  )
})

async function values(...words: readonly string[]): Promise<readonly string[]> {
  const { out } = await call(['complete', '--', ...words])
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[0] ?? '')
}
