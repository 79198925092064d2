// Tells for `doctor` which limits of containers this machine cannot have, and what that allows them.
import { existsSync } from 'node:fs'
import { hasPidsController, mostProcesses } from '../../../container/bundle.ts'
import { lookAtCgroups } from '../../../container/cgroups.ts'
import { kernelHasSeccomp } from '../../../container/seccomp.ts'
import { isOwnUserNamespace } from '../../../container/user-namespace.ts'
import { NetdojoError } from '../../../errors.ts'
import { run } from '../../../exec/run.ts'
import { isInstalled } from '../../../exec/search-path.ts'
import { finding, type Features, type Finding } from './machine.ts'

export async function isolation(features: Features | NetdojoError): Promise<readonly Finding[]> {
  if (!isInstalled('runc')) return []
  const { stdout } = await run('runc', ['features'], { allowFailure: true })
  const lacking = [
    ...seccomp(stdout),
    ...(existsSync('/proc/self/ns/cgroup')
      ? []
      : ['no cgroup namespaces: containers see the control groups of the host']),
    ...controlGroups(),
    ...sources(features),
  ]
  if (lacking.length === 0)
    return [
      finding(
        'kernel',
        'ok',
        'isolation',
        'containers have a system call filter, control groups, and their own source addresses only',
      ),
    ]
  return lacking.map((text) => finding('kernel', 'note', 'isolation', text))
}

function seccomp(runcFeatures: string): readonly string[] {
  if (!kernelHasSeccomp())
    return ['no system call filter for containers: the kernel has no seccomp']
  // runc before 1.1 cannot say what it has.
  if (/"seccomp": \{\s*"enabled": false/.test(runcFeatures))
    return ['no container starts: runc is built without seccomp']
  return []
}

/** Only root starts containers here; others do so in a sandbox. */
function controlGroups(): readonly string[] {
  if (process.getuid?.() !== 0 || !existsSync('/sys/fs/cgroup')) return []
  if (lookAtCgroups().usable)
    return hasPidsController()
      ? []
      : ['the number of processes of a container is not limited: there is no pids controller']
  return [
    isOwnUserNamespace()
      ? `no control groups here: all containers together have at most ${mostProcesses} processes (RLIMIT_NPROC)`
      : 'no control groups here: the number of processes of a container is not limited, and containers cannot make device files',
  ]
}

function sources(features: Features | NetdojoError): readonly string[] {
  if (!isInstalled('nft'))
    return [
      'without nft, containers can use the addresses of others in their network: iptables checks only what leaves it',
    ]
  const error = features instanceof NetdojoError ? undefined : features.get('bridge-filter')
  return error === undefined
    ? []
    : [
        `containers can use the addresses of others: nft cannot filter in bridges (CONFIG_NF_TABLES_BRIDGE): ${error}`,
      ]
}
