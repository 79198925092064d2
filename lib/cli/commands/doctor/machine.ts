// Checks this machine for `doctor`: the sandbox backends, the tools and the kernel's features, each by using it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NetdojoError, isCheckout } from '../../../errors.ts'
import { run } from '../../../exec/run.ts'
import { isInstalled } from '../../../exec/search-path.ts'
import { requireHere } from '../../../sandbox/here.ts'
import { inNamespaces } from '../../../sandbox/namespaces.ts'
import { startError } from '../../../sandbox/start-error.ts'
import { isEmulated } from '../../../sandbox/vm/machine.ts'

/** One item of `doctor`'s report. */
export type Finding = {
  readonly area: Area
  readonly name: string
  /** `fault`: something will not work; `note`: may explain what the user sees; `unknown`: could not be read. */
  readonly state: 'ok' | 'note' | 'fault' | 'unknown'
  readonly observed: string
  readonly advice: readonly string[]
}

/** The first three belong to the machine, `network` to the network that the command was typed in. */
export type Area = 'backends' | 'tools' | 'kernel' | 'network'

export function finding(
  area: Area,
  state: Finding['state'],
  name: string,
  observed: string,
  ...advice: readonly string[]
): Finding {
  return { area, name, state, observed, advice }
}

/** Each feature with the kernel's error, or undefined when it works. */
export type Features = ReadonlyMap<string, string | undefined>

/** The scenarios need these features; they play without the others. */
const needed: ReadonlySet<string> = new Set([
  'veth',
  'bridge',
  'nftables',
  'NAT',
  'iptables',
  'conntrack',
])

/** @returns the error when this machine allows no namespaces. */
export async function readFeatures(): Promise<Features | NetdojoError> {
  const { program, args, env } = inNamespaces(['sh', join(import.meta.dirname, 'features.sh')])
  try {
    const { stdout, stderr } = await run(program, args, { env, allowFailure: true })
    if (stdout === '') return startError(stderr)
    return new Map(
      stdout.split('\n').map((line) => {
        const [name = '', answer, ...error] = line.split(' ')
        return [name, answer === 'ok' ? undefined : error.join(' ').trim()]
      }),
    )
  } catch (error) {
    if (error instanceof NetdojoError) return error
    throw error
  }
}

export function kernel(features: Features | NetdojoError): readonly Finding[] {
  if (features instanceof NetdojoError)
    return [finding('kernel', 'unknown', 'kernel', 'features are tried in namespaces: see above')]
  const present = [...features].flatMap(([name, error]) => (error === undefined ? [name] : []))
  const absent = [...features].filter(([, error]) => error !== undefined)
  const missing = absent.filter(([name]) => needed.has(name))
  const optional = absent.flatMap(([name]) => (needed.has(name) ? [] : [name]))
  return [
    finding('kernel', 'ok', 'kernel', present.join(', ')),
    ...missing.map(([name, error]) =>
      finding(
        'kernel',
        'fault',
        name,
        `missing: ${error}`,
        `${modules[name] ? `sudo modprobe ${modules[name]}, or ` : ''}the distribution's own kernel${isCheckout ? ', or --in vm' : ''}`,
      ),
    ),
    ...(optional.length === 0
      ? []
      : [
          finding(
            'kernel',
            'note',
            'kernel',
            `missing, and no scenario needs it: ${optional.join(', ')}`,
          ),
        ]),
  ]
}

const modules: Readonly<Record<string, string>> = {
  veth: 'veth',
  bridge: 'bridge',
  nftables: 'nf_tables',
  NAT: 'nft_masq nft_chain_nat',
  iptables: 'xt_MASQUERADE iptable_nat',
  conntrack: 'nf_conntrack_netlink',
}

const setup = join(import.meta.dirname, '../../../../scripts/setup.sh')

/** Reads the list of tools from set-up, so that there is only one list. */
export function tools(): Finding {
  const [, table = ''] = /^tools='\n(.*?)^'/ms.exec(readFileSync(setup, 'utf8')) ?? []
  const names = [...new Set(table.split('\n').flatMap((line) => line.split(' ')[0] || []))]
  const missing = names.filter((name) => !isInstalled(name))
  if (missing.length === 0)
    return finding('tools', 'ok', 'tools', `all ${names.length} are installed`)
  return finding(
    'tools',
    'fault',
    'tools',
    `missing: ${missing.join(', ')}`,
    isCheckout
      ? 'sh scripts/setup.sh installs them, or prints the command that does'
      : 'install them with the package manager of this system',
  )
}

/** The scenarios that runs of all scenarios leave out here. */
export async function leftOut(): Promise<readonly Finding[]> {
  const { playableScenarios } = await import('../../programs/catalogue.ts')
  const found = await playableScenarios()
  return found.leftOut.map(({ text }) => finding('tools', 'note', 'scenarios', text))
}

/** Tries each backend: creates an empty world, asks a container engine, looks for Vagrant. */
export async function backends(features: Features | NetdojoError): Promise<readonly Finding[]> {
  const found = [
    features instanceof NetdojoError
      ? finding(
          'backends',
          'note',
          'namespaces',
          firstLine(features.reason),
          ...features.advice.slice(0, 2),
        )
      : finding('backends', 'ok', 'namespaces', 'work here; nothing else is needed'),
    // The command of the installed package plays scenarios in namespaces only.
    ...(isCheckout ? [await container(), virtualMachine(), here()] : []),
  ]
  if (found.slice(0, 3).some(({ state }) => state === 'ok')) return found
  // A missing backend is no fault, unless all are missing.
  return found.map(({ area, name, observed, advice }) =>
    finding(area, 'fault', name, observed, ...advice),
  )
}

async function container(): Promise<Finding> {
  try {
    const { connectToEngine } = await import('../../../sandbox/container/engine.ts')
    const { info } = await connectToEngine()
    const { operatingSystem, serverVersion } = info.containerRuntime
    const engine = `${serverVersion}, ${operatingSystem}`
    return finding('backends', 'ok', 'container', `an engine answers: ${engine}`)
  } catch (error) {
    if (!(error instanceof NetdojoError)) throw error
    return finding('backends', 'note', 'container', error.reason, ...error.advice.slice(0, 1))
  }
}

function virtualMachine(): Finding {
  const missing = ['vagrant', 'ssh', 'rsync'].filter((tool) => !isInstalled(tool))
  if (missing.length > 0)
    return finding('backends', 'note', 'vm', `not installed: ${missing.join(', ')}`)
  return finding(
    'backends',
    'ok',
    'vm',
    isEmulated()
      ? 'Vagrant is installed; without a usable /dev/kvm, libvirt emulates the processor, which is slow'
      : 'Vagrant is installed',
  )
}

function here(): Finding {
  try {
    requireHere(false)
    return finding('backends', 'ok', 'here', 'allowed: you are root in a virtual machine')
  } catch (error) {
    if (!(error instanceof NetdojoError)) throw error
    return finding('backends', 'note', 'here', error.reason)
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}
