// Starts the container of one run. Its first process ends when our connection to it ends, and the engine then removes the container:
// no reaper is needed, and a SIGKILL to us leaves nothing (docs/decisions/0022-sandbox-backends.md).
import { join } from 'node:path'
import { GenericContainer, getContainerRuntimeClient } from 'testcontainers'
import { NetdojoError } from '../../errors.ts'
import type { Engine } from './engine.ts'

/** Where the repository is seen in the container. */
export const repository = '/netdojo'

/** Every container of ours has this label. */
export const label = 'netdojo.sandbox'

export type StartedContainer = AsyncDisposable & { readonly id: string }

/** Its disposal waits until the engine has removed the container. @throws NetdojoError `sandbox-failed` */
export async function startContainer(engine: Engine, image: string): Promise<StartedContainer> {
  const [container] = await Promise.all([new Sandbox(image).begin(), removeNeverStarted(engine)])
  return container
}

class Sandbox extends GenericContainer {
  #lifeline: NodeJS.ReadWriteStream | undefined
  #output = ''

  constructor(image: string) {
    super(image)
    // No reaper: it would be another image to fetch, and a second container with access to the engine's socket.
    this.withAutoCleanup(false)
      .withEntrypoint(['sh', '-c', lifeline])
      .withCommand([])
      .withLabels({ [label]: '' })
      .withBindMounts([
        { source: join(import.meta.dirname, '../../..'), target: repository, mode: 'ro' },
      ])
      // The world inside has its own Internet.
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
      reason: `the image must have Node 24 and the tools of the lab, and it lacks ${missing}`,
      advice: ['lib/sandbox/container/packages lists the packages that it needs'],
    })
  }

  /** We attach before the start: from the first moment on, the container lives only as long as we do. */
  protected override async containerCreated(id: string): Promise<void> {
    const { container } = await getContainerRuntimeClient()
    const stream = await container.dockerode
      .getContainer(id)
      .attach({ stream: true, stdin: true, stdout: true, hijack: true })
    stream.on('data', (data: Buffer) => (this.#output += data.toString('latin1')))
    this.#lifeline = stream
  }

  /** @returns what the image lacks, or nothing. */
  #ready(): Promise<string> {
    return new Promise((resolve) => {
      const look = () => {
        const answer = /ready:(.*)\n/.exec(this.#output)
        if (answer) resolve(answer[1]?.trim() ?? '')
      }
      this.#lifeline?.on('data', look).on('end', () => resolve('sh'))
      look()
    })
  }
}

/** The lab needs each of these capabilities: without any of them, a test of the container sandbox fails. */
const capabilities = {
  NET_ADMIN: 'interfaces, routes, firewall rules',
  NET_RAW: 'ping, tcpdump, iptables-legacy',
  SYS_ADMIN: 'new namespaces for each world and node (unshare, setns), and their mounts',
  NET_BIND_SERVICE: 'servers on port 80',
  SETUID: 'tcpdump changes its user before it captures',
  SETGID: 'tcpdump changes its group before it captures',
  KILL: 'ending tcpdump, which then belongs to another user',
  DAC_OVERRIDE:
    'the work directory of an overlay, which has no permissions: for containers of the library',
  SYS_CHROOT: 'entering the mount namespace of a container of the library (setns)',
  SETPCAP: 'a container of the library has fewer capabilities than its starter',
  DAC_READ_SEARCH: 'a repository that only its owner may read',
}

const securityOptions = {
  // Engines differ in the profile for these capabilities: some forbid unshare and mount.
  'seccomp=unconfined': '',
  // docker-default denies every mount.
  'apparmor=unconfined': '',
  // Without it, SELinux would need new labels on the repository, which belongs to the user.
  'label=disable': '',
}

const lifeline = `
missing=
for tool in node setpriv unshare mount ip bash; do command -v $tool >/dev/null || missing="$missing $tool"; done
if command -v node >/dev/null; then node -e 'process.exit(parseInt(process.versions.node) < 24 ? 1 : 0)' || missing="$missing Node-24"; fi
echo "ready:$missing"
exec cat >/dev/null`

/**
 * A client that is killed between the creation of its container and its start leaves a container that has never run. The next run
 * removes it, if it is older than a container that is about to start.
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
