// Starts the container of one run. Its first process ends when our connection to it does, and the engine then removes it:
// no reaper is needed, and a SIGKILL to us leaves nothing (docs/decisions/0020-containers.md).
import { join } from 'node:path'
import { GenericContainer, getContainerRuntimeClient } from 'testcontainers'
import { NetdojoError } from '../../errors.ts'
import type { Engine } from './engine.ts'

/** Where the repository is seen in the container. */
export const repository = '/netdojo'

/** Marks every container of ours. */
export const label = 'netdojo.sandbox'

export type StartedContainer = AsyncDisposable & { readonly id: string }

/** Disposing it waits until the engine has removed it. @throws NetdojoError `sandbox-failed` */
export async function startContainer(engine: Engine, image: string): Promise<StartedContainer> {
  const [container] = await Promise.all([new Sandbox(image).begin(), removeNeverStarted(engine)])
  return container
}

class Sandbox extends GenericContainer {
  #lifeline: NodeJS.ReadWriteStream | undefined
  #said = ''

  constructor(image: string) {
    super(image)
    // We do what the reaper would do; it is an image that must be fetched, and a second container that holds the engine's socket.
    this.withAutoCleanup(false)
      .withEntrypoint(['sh', '-c', lifeline])
      .withCommand([])
      .withLabels({ [label]: '' })
      .withBindMounts([
        { source: join(import.meta.dirname, '../../..'), target: repository, mode: 'ro' },
      ])
      // The world inside has an Internet of its own.
      .withNetworkMode('none')
      .withDroppedCapabilities('ALL')
      .withAddedCapabilities(...Object.keys(capabilities))
      .withSecurityOpt(...Object.keys(securityOptions))
    this.hostConfig.AutoRemove = true
    Object.assign(this.createOpts, { OpenStdin: true, StdinOnce: true })
  }

  async begin(): Promise<StartedContainer> {
    const { container } = await getContainerRuntimeClient()
    const started = await this.start()
    const missing = await this.#ready()
    const handle = container.dockerode.getContainer(started.getId())
    const removed = async () => {
      const gone = handle.wait({ condition: 'removed' }).catch(ignoreAbsent)
      this.#lifeline?.end()
      await gone
    }
    if (missing === '') return { id: started.getId(), [Symbol.asyncDispose]: removed }
    await removed()
    throw new NetdojoError({
      code: 'sandbox-failed',
      operation: 'start',
      object: `a container of ${this.imageName.string}`,
      reason: `the image lacks ${missing}`,
      advice: ['it needs Node 24 and what lib/sandbox/container/packages lists'],
    })
  }

  /** Attached before its start: from its first moment on, it lives only as long as we do. */
  protected override async containerCreated(id: string): Promise<void> {
    const { container } = await getContainerRuntimeClient()
    const stream = await container.dockerode
      .getContainer(id)
      .attach({ stream: true, stdin: true, stdout: true, hijack: true })
    stream.on('data', (data: Buffer) => (this.#said += data.toString('latin1')))
    this.#lifeline = stream
  }

  /** @returns what the image lacks, or nothing. */
  #ready(): Promise<string> {
    return new Promise((resolve) => {
      const look = () => {
        const answer = /ready:(.*)\n/.exec(this.#said)
        if (answer) resolve(answer[1]?.trim() ?? '')
      }
      this.#lifeline?.on('data', look).on('end', () => resolve('sh'))
      look()
    })
  }
}

/** Each only because something of the lab needs it; found by leaving out each in turn. */
const capabilities = {
  NET_ADMIN: 'interfaces, routes, firewall rules',
  NET_RAW: 'ping, tcpdump, iptables-legacy',
  SYS_ADMIN: 'new namespaces for each world and node (unshare, setns), and their mounts',
  NET_BIND_SERVICE: 'servers on port 80',
  SETUID: 'tcpdump becomes another user before it captures',
  SETGID: 'the same, for its group',
  KILL: 'ending that tcpdump, which belongs to another user then',
  DAC_OVERRIDE:
    'an overlay’s work directory, which has no permissions at all: for containers of the library',
  SYS_CHROOT: 'entering the files of a container of the library (setns)',
  SETPCAP: 'a container of the library has fewer rights than who starts it',
  DAC_READ_SEARCH: 'a repository whose owner lets only himself read it',
}

const securityOptions = {
  // The profile of the engine that goes with these capabilities differs from engine to engine: some forbid unshare and mount.
  'seccomp=unconfined': '',
  // docker-default denies every mount.
  'apparmor=unconfined': '',
  // Under SELinux the repository would otherwise have to be relabelled, which changes the files of its owner.
  'label=disable': '',
}

const lifeline = `
missing=
for tool in node setpriv unshare mount ip bash; do command -v $tool >/dev/null || missing="$missing $tool"; done
if command -v node >/dev/null; then node -e 'process.exit(parseInt(process.versions.node) < 24 ? 1 : 0)' || missing="$missing Node-24"; fi
echo "ready:$missing"
exec cat >/dev/null`

/**
 * A client that was killed in the moment between creating its container and starting it leaves one that has never run.
 * The next run takes it away: the age tells it from one that is about to be started.
 */
export async function removeNeverStarted(
  { container: { dockerode } }: Engine,
  olderThanSeconds = 60,
): Promise<void> {
  const filters = { label: [label], status: ['created'] }
  const found = await dockerode.listContainers({ all: true, filters })
  const old = found.filter(({ Created }) => Date.now() / 1000 - Created >= olderThanSeconds)
  await Promise.all(
    old.map(({ Id }) => dockerode.getContainer(Id).remove({ force: true }).catch(ignoreAbsent)),
  )
}

function ignoreAbsent(error: unknown): void {
  if (
    error instanceof Error &&
    'statusCode' in error &&
    [404, 409].includes(Number(error.statusCode))
  )
    return
  throw error
}
