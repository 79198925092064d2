// Reports what works on this machine, which faults would hinder networks, and how to repair them; it changes nothing.
import { isCheckout } from '../../errors.ts'
import { Chalk } from 'chalk'
import { endWith, exitCodes } from '../shared/errors.ts'
import { isInSandbox } from '../shared/state-directory.ts'
import type { Terminal } from '../shared/terminal.ts'
import type { Area, Finding } from './doctor/machine.ts'
import type { CommandFile } from '../shared/command.ts'

export const doctor: CommandFile = {
  define: (command) => {
    command
      .addOption(
        command
          .createOption('--format <format>', 'the output format')
          .choices(['text', 'json'])
          .default('text'),
      )
      .addHelpText('after', after)
  },
  run: async (terminal, _, { format }: { readonly format: 'text' | 'json' }) => {
    const inSandbox = isInSandbox()
    const findings = await examine(inSandbox)
    const text =
      format === 'json'
        ? JSON.stringify({ inSandbox, findings }, null, 2)
        : page(findings, inSandbox, terminal)
    terminal.write(`${text}\n`)
    const failed = findings.some(({ state }) => state === 'fault')
    if (failed) endWith(exitCodes.checkFailed)
  },
}

const after = `
Examples:
  netdojo doctor
  netdojo doctor --format json

It tries features in namespaces of its own, and changes nothing. As root it also
reads the firewall rules, and asks containers on other machines through the
tunnels of this host. In a sandbox it checks the network of the lab.

Exit codes: 0 no faults, 1 something will not work.`

async function examine(inSandbox: boolean): Promise<readonly Finding[]> {
  const [
    { backends, kernel, leftOut, readFeatures, tools },
    { network },
    { isolation },
    { tunnels },
  ] = await Promise.all([
    import('./doctor/machine.ts'),
    import('./doctor/network.ts'),
    import('./doctor/isolation.ts'),
    import('./doctor/tunnels.ts'),
  ])
  const features = await readFeatures()
  const [where, net] = await Promise.all([inSandbox ? [] : backends(features), network(inSandbox)])
  return [
    ...where,
    tools(),
    ...(await leftOut()),
    ...kernel(features),
    ...(await isolation(features)),
    ...net,
    ...(await tunnels()),
  ]
}

function page(findings: readonly Finding[], inSandbox: boolean, { hasColor }: Terminal): string {
  const { bold, dim, green, red, yellow } = new Chalk({ level: hasColor ? 1 : 0 })
  const marks = { ok: green('✓'), note: yellow('!'), fault: red('✗'), unknown: yellow('?') }
  const titles: Readonly<Record<Area, string>> = {
    backends: isCheckout
      ? 'Sandbox backends for scenarios (--in BACKEND)'
      : 'The sandbox for `netdojo scenario`',
    tools: 'This machine',
    kernel: 'This machine',
    network: inSandbox
      ? 'The network of the lab (this host is a sandbox; the machine around it is not checked)'
      : "This machine's own network (for `netdojo network`; scenarios have a network of their own)",
  }
  const lines: string[] = []
  let title = ''
  for (const { area, name, state, observed, advice } of findings) {
    if (titles[area] !== title) lines.push((title === '' ? '' : '\n') + bold(titles[area]))
    title = titles[area]
    lines.push(`  ${marks[state]} ${name.padEnd(15)} ${observed}`)
    lines.push(...advice.map((line) => dim(`${' '.repeat(20)}→ ${line}`)))
  }
  const faults = findings.filter(({ state }) => state === 'fault').length
  const warnings = findings.filter(({ state }) => state === 'note' || state === 'unknown').length
  const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`
  const verdict =
    faults > 0
      ? red(`✗ ${counted(faults, 'fault')} found`)
      : warnings > 0
        ? yellow(`! no faults found, but ${counted(warnings, 'warning')}`)
        : green('✓ no faults found')
  return [...lines, '', verdict].join('\n')
}
