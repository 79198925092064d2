// Writes the OCI bundle of a container: `config.json` tells runc what to create (opencontainers/runtime-spec, config.md).
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CheckedRun } from './requests.ts'
import { readOrEmpty } from '../exec/processes.ts'
import { bindReadOnly, bindWritable, type Mount } from './mounts.ts'
import { privatePaths } from './private-paths.ts'
import { hideInOverlays, layRootFileSystem } from './root-file-system.ts'
import { seccompFilter } from './seccomp.ts'
import { isOwnUserNamespace } from './user-namespace.ts'

/** How an image starts its program, in the fields of the runtime specification. */
export type ImageProcess = {
  /** The entrypoint with its default arguments, and the entrypoint alone. */
  readonly args?: readonly string[]
  readonly entrypoint?: readonly string[]
  readonly env?: readonly string[]
  readonly cwd?: string
  readonly user?: {
    readonly uid: number
    readonly gid: number
    readonly additionalGids?: readonly number[]
  }
}

export type BundleRequest = {
  readonly id: string
  readonly directory: string
  readonly hostname: string
  readonly netns: string
  readonly request: CheckedRun
  /** Directory of the root file system. */
  readonly root: string
  readonly image: ImageProcess
  /** Directories of programs to add to the host's own root file system. */
  readonly tools: readonly string[]
  readonly hasCgroups: boolean
}

const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

export async function writeBundle(bundle: BundleRequest): Promise<void> {
  const { directory, request, root, hasCgroups } = bundle
  const isMachine = root === '/'
  // Without control groups nothing filters devices: then none can be made (CAP_MKNOD), and none that exists can be opened.
  const layers = await layRootFileSystem(directory, root, hasCgroups ? [] : ['nodev'])
  const secrets = isMachine ? hideInOverlays(directory, layers, await privatePaths()) : []
  const tools = isMachine ? (await Promise.all(bundle.tools.map(toolMount))).flat() : []
  const volumes = request.volumes.map(async ({ source, destination, readOnly }) =>
    readOnly ? bindReadOnly(source, destination) : [bindWritable(source, destination)],
  )
  // Nothing can be mounted below a masked path, which is read-only.
  const hasVolume = (path: string) =>
    request.volumes.some(({ destination }) => `${destination}/`.startsWith(`${path}/`))
  const seccomp = seccompFilter()
  const config = {
    ociVersion: '1.0.2',
    process: processOf(bundle, tools),
    root: { path: 'rootfs', readonly: false },
    hostname: bundle.hostname,
    mounts: [
      ...layers,
      ...kernelMounts,
      ...tools,
      ...['hosts', 'hostname', 'resolv.conf'].map((name) =>
        bindWritable(join(directory, name), `/etc/${name}`),
      ),
      ...secrets.filter(hasVolume).map(emptyDirectory),
      ...(await Promise.all(volumes)).flat(),
    ],
    linux: {
      namespaces: [
        { type: 'pid' },
        { type: 'ipc' },
        { type: 'uts' },
        { type: 'mount' },
        { type: 'network', path: bundle.netns },
        ...(existsSync('/proc/self/ns/cgroup') ? [{ type: 'cgroup' }] : []),
      ],
      // At the top level: runc would leave a parent group behind.
      ...(hasCgroups ? { cgroupsPath: `/netdojo-${bundle.id}`, resources: resources() } : {}),
      ...(seccomp ? { seccomp } : {}),
      maskedPaths: [...maskedPaths, ...secrets.filter((path) => !hasVolume(path))],
      readonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
    },
  }
  writeFileSync(join(directory, 'config.json'), JSON.stringify(config, undefined, 2))
  writeFileSync(join(directory, 'hostname'), `${bundle.hostname}\n`)
}

function processOf(
  { request, image, hostname, hasCgroups }: BundleRequest,
  tools: readonly Mount[],
) {
  const path = [...tools.map(({ destination }) => destination), usualPath].join(':')
  const env = {
    PATH: path,
    HOME: '/root',
    ...Object.fromEntries((image.env ?? []).map(splitVariable)),
    HOSTNAME: hostname,
    ...(request.terminal ? { TERM: 'xterm' } : {}),
    ...request.env,
  }
  const rights = containerCapabilities(hasCgroups)
  const user = image.user ?? { uid: 0, gid: 0 }
  // As in Docker, another user than root has none of them: they only bound what a setuid program gets.
  const own = user.uid === 0 ? rights : []
  return {
    terminal: request.terminal,
    user,
    args: image.args ?? [],
    env: Object.entries(env).map(([name, text]) => `${name}=${text}`),
    cwd: request.workingDirectory ?? image.cwd ?? '/',
    capabilities: { bounding: rights, effective: own, permitted: own },
    ...(hasCgroups || !isOwnUserNamespace() ? {} : { rlimits: [processLimit()] }),
    // As in Docker: sudo and other setuid programs work.
    noNewPrivileges: false,
  }
}

function splitVariable(text: string): readonly [string, string] {
  const [name = '', ...rest] = text.split('=')
  return [name, rest.join('=')]
}

/** Under /run, which belongs to the container, so these directories need not exist in the image. */
function toolMount(directory: string, index: number): Promise<readonly Mount[]> {
  return bindReadOnly(directory, `/run/netdojo/bin${index === 0 ? '' : index}`)
}

function emptyDirectory(destination: string): Mount {
  const options = ['nosuid', 'nodev', 'mode=755', 'size=65536k']
  return { destination, type: 'tmpfs', source: 'tmpfs', options }
}

const kernelMounts: readonly Mount[] = [
  { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
  {
    destination: '/dev',
    type: 'tmpfs',
    source: 'tmpfs',
    options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
  },
  // Without the usual `gid=5`: a user namespace may not have that group.
  {
    destination: '/dev/pts',
    type: 'devpts',
    source: 'devpts',
    options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620'],
  },
  {
    destination: '/dev/shm',
    type: 'tmpfs',
    source: 'shm',
    options: ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k'],
  },
  {
    destination: '/dev/mqueue',
    type: 'mqueue',
    source: 'mqueue',
    options: ['nosuid', 'noexec', 'nodev'],
  },
  {
    destination: '/sys',
    type: 'sysfs',
    source: 'sysfs',
    options: ['nosuid', 'noexec', 'nodev', 'ro'],
  },
]

/** As podman's default: far more than a program needs, and far fewer than the machine has. */
export const mostProcesses = 2048

export function hasPidsController(): boolean {
  const controllers = readOrEmpty('/sys/fs/cgroup/cgroup.controllers')
  return existsSync('/sys/fs/cgroup/pids') || /\bpids\b/.test(controllers)
}

function resources() {
  return {
    // Only the devices that runc always allows: null, zero, full, random, urandom, tty, ptmx, pts.
    devices: [{ allow: false, access: 'rwm' }],
    ...(hasPidsController() ? { pids: { limit: mostProcesses } } : {}),
  }
}

/**
 * Without control groups: the processes of this user, all containers of the sandbox together. A user namespace cannot raise
 * a limit that it was given. The kernel does not apply this limit to root outside of user namespaces (fork(2), EAGAIN).
 */
function processLimit() {
  const [, given = ''] =
    /^Max processes\s+\S+\s+(\d+)/m.exec(readOrEmpty('/proc/self/limits')) ?? []
  const limit = Math.min(mostProcesses, Number(given) || mostProcesses)
  return { type: 'RLIMIT_NPROC', soft: limit, hard: limit }
}

/** Docker's. */
const maskedPaths = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/devices/virtual/powercap',
  '/sys/firmware',
]

/**
 * Docker's default capabilities with their bits (linux/capability.h): enough for ping and a server on port 80, and not for
 * changing the network.
 */
const wantedCapabilities = {
  CAP_CHOWN: 0,
  CAP_DAC_OVERRIDE: 1,
  CAP_FOWNER: 3,
  CAP_FSETID: 4,
  CAP_KILL: 5,
  CAP_SETGID: 6,
  CAP_SETUID: 7,
  CAP_SETPCAP: 8,
  CAP_NET_BIND_SERVICE: 10,
  CAP_NET_RAW: 13,
  CAP_SYS_CHROOT: 18,
  CAP_MKNOD: 27,
  CAP_AUDIT_WRITE: 29,
  CAP_SETFCAP: 31,
} as const

/** Only those that this process has: runc refuses a container that gets more. */
function containerCapabilities(hasCgroups: boolean): readonly string[] {
  const [, bounding = ''] =
    /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  const ours = BigInt(`0x${bounding || '0'}`)
  return Object.entries(wantedCapabilities)
    .filter(([, bit]) => (ours >> BigInt(bit)) & 1n)
    .filter(([name]) => hasCgroups || name !== 'CAP_MKNOD')
    .map(([name]) => name)
}
