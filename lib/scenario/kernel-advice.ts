// What a refused command of a lab means when the kernel, and not the learner, is the reason: which feature is not there.
import { isInstalled } from '../exec/search-path.ts'

type Feature = {
  readonly line: RegExp
  readonly said: RegExp
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
    said: noSuchDevice,
    feature: 'virtual cables (CONFIG_VETH)',
    module: 'veth',
  },
  {
    line: /type bridge|brctl addbr/,
    said: noSuchDevice,
    feature: 'bridges (CONFIG_BRIDGE)',
    module: 'bridge',
  },
  {
    line: /MASQUERADE/,
    said: noSuchRule,
    feature: 'masquerading (CONFIG_NFT_MASQ)',
    module: 'nft_masq',
  },
  {
    line: /-t nat/,
    said: noSuchRule,
    feature: 'address translation (CONFIG_NF_NAT)',
    module: 'nf_nat',
  },
]

/** What to try when `line` failed and said `reason`; empty when nothing better than the message is known. */
export function kernelAdvice(line: string, reason: string): readonly string[] {
  const missing = features.find((feature) => feature.line.test(line) && feature.said.test(reason))
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
