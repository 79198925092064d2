// Writes the OCI bundle of a container: `config.json` tells runc what to create (opencontainers/runtime-spec, config.md).
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CheckedRun } from './requests.ts'
import { layRootFileSystem, type Mount } from './root-file-system.ts'

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

export function writeBundle(bundle: BundleRequest): void {
  const { directory, request, root } = bundle
  const layers = layRootFileSystem(directory, root)
  const tools = root === '/' ? bundle.tools.map(toolMount) : []
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
        bind(join(directory, name), `/etc/${name}`, false),
      ),
      ...request.volumes.map((volume) => bind(volume.source, volume.destination, volume.readOnly)),
    ],
    linux: {
      namespaces: [
        { type: 'pid' },
        { type: 'ipc' },
        { type: 'uts' },
        { type: 'mount' },
        { type: 'network', path: bundle.netns },
      ],
      // At the top level: runc would leave a parent group behind.
      ...(bundle.hasCgroups
        ? { cgroupsPath: `/netdojo-${bundle.id}`, resources: { devices } }
        : {}),
      maskedPaths,
      readonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
    },
  }
  writeFileSync(join(directory, 'config.json'), JSON.stringify(config, undefined, 2))
  writeFileSync(join(directory, 'hostname'), `${bundle.hostname}\n`)
}

function processOf({ request, image, hostname }: BundleRequest, tools: readonly Mount[]) {
  const path = [...tools.map(({ destination }) => destination), usualPath].join(':')
  const env = {
    PATH: path,
    HOME: '/root',
    ...Object.fromEntries((image.env ?? []).map(splitVariable)),
    HOSTNAME: hostname,
    ...(request.terminal ? { TERM: 'xterm' } : {}),
    ...request.env,
  }
  const rights = containerCapabilities()
  return {
    terminal: request.terminal,
    user: image.user ?? { uid: 0, gid: 0 },
    args: image.args ?? [],
    env: Object.entries(env).map(([name, text]) => `${name}=${text}`),
    cwd: request.workingDirectory ?? image.cwd ?? '/',
    capabilities: { bounding: rights, effective: rights, permitted: rights },
    // Without limits: a user namespace cannot raise the limits that it was given.
    noNewPrivileges: false,
  }
}

function splitVariable(text: string): readonly [string, string] {
  const [name = '', ...rest] = text.split('=')
  return [name, rest.join('=')]
}

/** Under /run, which belongs to the container, so these directories need not exist in the image. */
function toolMount(directory: string, index: number): Mount {
  return bind(directory, `/run/netdojo/bin${index === 0 ? '' : index}`, true)
}

function bind(source: string, destination: string, readOnly: boolean): Mount {
  return {
    destination,
    type: 'bind',
    source,
    options: ['rbind', readOnly ? 'ro' : 'rw', 'rprivate'],
  }
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

/** Only the devices that runc always allows: null, zero, full, random, urandom, tty, ptmx, pts. */
const devices = [{ allow: false, access: 'rwm' }]

const maskedPaths = [
  '/proc/acpi',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/sched_debug',
  '/proc/scsi',
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
function containerCapabilities(): readonly string[] {
  const [, bounding = ''] =
    /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  const ours = BigInt(`0x${bounding || '0'}`)
  return Object.entries(wantedCapabilities)
    .filter(([, bit]) => (ours >> BigInt(bit)) & 1n)
    .map(([name]) => name)
}
