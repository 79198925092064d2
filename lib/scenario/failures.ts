// Makes the errors of commands and probes that the lab itself could not run, with the kernel feature or the program that is missing.
import { NetdojoError } from '../errors.ts'
import { isInstalled } from '../exec/search-path.ts'
import type { CommandOutput } from './node.ts'
import type { Observation, Probe } from './probe.ts'
import type { Scenario } from './scenario.ts'

/** A program of `Scenario.programs` that is not installed here, with the name of its Debian package. */
export function missingProgram({ programs = {} }: Scenario) {
  const program = Object.keys(programs).find((each) => !isInstalled(each))
  return program === undefined ? undefined : { program, package: programs[program] ?? '' }
}

/** @throws NetdojoError `program-missing` */
export function requirePrograms(scenario: Scenario): void {
  const missing = missingProgram(scenario)
  if (!missing) return
  throw new NetdojoError({
    code: 'program-missing',
    operation: 'play',
    object: `the scenario ${scenario.name}`,
    reason: `it needs the program ${missing.program}, which is not installed`,
    advice: [`install it, on Debian or Ubuntu: sudo apt-get install ${missing.package}`],
  })
}

export function commandFailed(
  node: string,
  line: string,
  { exitCode, stderr, stdout }: CommandOutput,
): NetdojoError {
  const reason = (stderr || stdout).trim() || 'no message'
  return new NetdojoError({
    code: 'program-failed',
    operation: 'run',
    object: `'${line}' on ${node}`,
    reason: `exit code ${exitCode}: ${reason}`,
    advice: kernelAdvice(line, reason),
  })
}

export function notAsked(probe: Probe, { summary, output }: Observation): NetdojoError {
  return new NetdojoError({
    code: 'program-failed',
    operation: 'ask',
    object: `'${probe.line}' on ${probe.node.name}`,
    reason: summary.text,
    advice: kernelAdvice(probe.line, output),
  })
}

type Feature = {
  readonly line: RegExp
  readonly message: RegExp
  readonly feature: string
  readonly module: string
}

const noSuchDevice =
  /Unknown device type|Operation not supported|add bridge failed: Package not installed/
const noSuchRule =
  /Table does not exist|No such file or directory|Protocol not supported|Operation not supported/

const features: readonly Feature[] = [
  {
    line: /type veth/,
    message: noSuchDevice,
    feature: 'virtual cables (CONFIG_VETH)',
    module: 'veth',
  },
  {
    line: /type bridge|brctl addbr/,
    message: noSuchDevice,
    feature: 'bridges (CONFIG_BRIDGE)',
    module: 'bridge',
  },
  {
    line: /MASQUERADE/,
    message: noSuchRule,
    feature: 'masquerading (CONFIG_NFT_MASQ)',
    module: 'nft_masq',
  },
  {
    line: /-t nat/,
    message: noSuchRule,
    feature: 'address translation (CONFIG_NF_NAT)',
    module: 'nf_nat',
  },
]

/** @returns what to try after `line` failed with the message `reason`; empty if the message itself is the best advice. */
export function kernelAdvice(line: string, reason: string): readonly string[] {
  const missing = features.find(
    (feature) => feature.line.test(line) && feature.message.test(reason),
  )
  if (missing) {
    return [
      `this kernel has no ${missing.feature}, or it is not loaded: sudo modprobe ${missing.module}`,
      'otherwise use a machine or virtual machine with a distribution kernel',
    ]
  }
  const [program = ''] = line.split(' ')
  if (/command not found/.test(reason) || !isInstalled(program)) {
    return ['sh scripts/setup.sh installs what is missing, or prints the command that does']
  }
  return []
}
