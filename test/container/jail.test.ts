// Attacks from inside a container: it cannot write where it may only read, connect to daemons of the host, read the host's secrets,
// or make calls and devices that change the machine; each attack is shown to succeed where nothing forbids it.
import { spawn } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { bindReadOnly } from '../../lib/container/mounts.ts'
import { isOwnUserNamespace } from '../../lib/container/user-namespace.ts'
import { containerSuite, openBoth, smallRoot, until, type Opened } from '../helpers/containers.ts'
import { newDirectory } from '../helpers/networks.ts'
import { sh } from '../helpers/sandbox.ts'

containerSuite('jail', (test) => {
  test('what is mounted below a read-only volume, or below /var, is read-only, too', async () => {
    await using opened = await openBoth()
    const [volume, deep] = [newDirectory(), mkdtempSync('/var/tmp/netdojo-jail-')]
    const write = `for f in /v/x /v/below/x /v/below/again/x ${deep}/x; do touch $f 2>/dev/null && echo wrote $f; done; true`
    for (const path of [join(volume, 'below'), deep]) {
      mkdirSync(path, { recursive: true })
      sh(`mount -t tmpfs netdojo-test ${path}`)
    }
    mkdirSync(join(volume, 'below/again'))
    sh(`mount -t tmpfs netdojo-test ${volume}/below/again`)
    try {
      const attack = (mode: string) => attempt(opened, write, { volumes: [`${volume}:/v${mode}`] })
      assert.is(await attack(':ro'), '')
      assert.is(await attack(''), 'wrote /v/x\nwrote /v/below/x\nwrote /v/below/again/x\n')
      // Where runc has no `rro`, each mount is made read-only in the order of their mounting.
      const [first, ...below] = await bindReadOnly(volume, '/v', [], false)
      assert.equal(first?.options.slice(0, 2), ['rbind', 'ro'])
      assert.equal(
        below.map(({ destination }) => destination),
        ['/v/below', '/v/below/again'],
      )
    } finally {
      sh(`umount ${volume}/below/again ${volume}/below ${deep}; rmdir ${deep}`)
    }
  })

  test('a daemon’s socket or FIFO below /var cannot be reached; one in a volume can', async () => {
    await using opened = await openBoth()
    const directory = mkdtempSync('/var/tmp/netdojo-jail-')
    // With a mount there, /var is no overlay, in which sockets are refused.
    sh(`mount -t tmpfs netdojo-test ${directory}`)
    const inner = join(directory, 'daemon')
    mkdirSync(inner)
    const server = spawn(
      'sh',
      ['-c', 'exec perl -e "$0" "$@"', listen, `${directory}/socket`, `${inner}/socket`],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    try {
      await new Promise((resolve) => server.stdout.once('data', resolve))
      const reach = (path: string, volumes: readonly string[] = []) =>
        attempt(opened, `perl -e '${connect}' ${path} 2>&1`, { volumes })
      assert.is(await reach('/d/socket', [`${directory}:/d:ro`]), 'connected')
      assert.not.match(await reach(`${directory}/socket`), /connected/)
      assert.not.match(await reach(`${inner}/socket`), /connected/)
    } finally {
      server.kill('SIGKILL')
      sh(`umount ${directory}; rmdir ${directory}`)
    }
  })

  test('the password hashes of the host are not readable', async () => {
    await using opened = await openBoth()
    assert.is(
      await attempt(opened, 'cat /etc/shadow /etc/gshadow /etc/shadow- 2>/dev/null; true'),
      '',
    )
    if (!isOwnUserNamespace()) assert.ok(readFileSync('/etc/shadow', 'utf8').length > 0)
    // They can be written anew, as useradd(8) does it.
    if (!isOwnUserNamespace())
      assert.is(
        await attempt(
          opened,
          'echo x >/etc/shadow.new && mv /etc/shadow.new /etc/shadow; cat /etc/shadow',
        ),
        'x\n',
      )
  })

  test('files that only root of the host may read are not readable', async () => {
    await using opened = await openBoth()
    const directory = mkdtempSync('/var/tmp/netdojo-jail-')
    try {
      sh(`chmod 755 ${directory}; cd ${directory}; mkdir -m 700 only; touch only/key`)
      for (const [name, mode] of Object.entries({ key: 0o600, 'a\nkey': 0o640, public: 0o644 })) {
        writeFileSync(join(directory, name), `${mode.toString(8)} `)
        chmodSync(join(directory, name), mode)
      }
      // In a sandbox of an ordinary user they are the user's own.
      const secret = isOwnUserNamespace() ? '640 600 644 key' : '644 '
      const read = `cd ${directory}; cat *key public; ls only`
      assert.is((await attempt(opened, read)).trim(), secret.trim())
    } finally {
      sh(`rm -r ${directory}`)
    }
  })

  test('the number of processes is limited where the kernel can do it', async () => {
    // Root of the host is not limited without control groups, which a sandbox does not have: doctor says so.
    if (!isOwnUserNamespace()) return
    await using opened = await openBoth()
    const bomb =
      'i=0; while [ $i -lt 2100 ]; do sleep 30 & i=$((i + 1)); done 2>/dev/null; echo all'
    assert.not.match(await attempt(opened, bomb), /all/)
  })

  test('calls that change the machine are refused, and threads and sockets work', async () => {
    await using opened = await openBoth()
    const calls = {
      unshare: 'unshare --user true',
      'the namespaces of clone': `perl -e 'exit(syscall(56, 0x10000011, 0, 0, 0, 0) < 0)'`,
      vsock: `perl -e 'socket(S, 40, 1, 0) or exit 1'`,
      af_alg: `perl -e 'socket(S, 38, 5, 0) or exit 1'`,
      keyctl: `perl -e 'exit(syscall(250, 0, -3, 1) < 0)'`,
      mknod: 'mknod /tmp/disk b 254 0',
      'mknod in /dev': 'mknod /dev/disk b 254 0',
      mount: 'mount -t tmpfs x /mnt',
      sysctl: 'echo 1 >/proc/sys/kernel/panic',
    }
    const lines = Object.entries(calls).map(
      ([name, call]) => `(${call}) 2>/dev/null && echo '${name}'`,
    )
    assert.is(await attempt(opened, `${lines.join('\n')}\ntrue`), '')
    const works = `perl -e 'socket(S, 2, 1, 0) && socket(T, 1, 1, 0) or exit 1; exit 0' && ${process.execPath} -e 'new Worker("0", { eval: true })' 2>/dev/null; grep -c . /proc/self/cgroup >/dev/null; grep Seccomp: /proc/self/status; grep -v ':/$' /proc/self/cgroup`
    assert.is(await attempt(opened, `${works}; true`), 'Seccomp:\t2\n')
  })

  test('links, loops, FIFOs, devices, sparse files and many names in a root file system are only data', async () => {
    await using opened = await openBoth(newDirectory(), () => {})
    const root = smallRoot(newDirectory())
    symlinkSync('/', join(root, 'host'))
    symlinkSync('.', join(root, 'loop'))
    mkdirSync(join(root, 'deep'))
    symlinkSync('..', join(root, 'deep/up'))
    writeFileSync(join(root, 'a\nname'), 'x')
    sh(
      `mkfifo ${root}/fifo; truncate -s 1T ${root}/sparse; cd ${root}/deep && seq 100000 | xargs touch`,
    )
    const started = performance.now()
    assert.is(
      await attempt(
        opened,
        'ls -d /host /loop /sparse "/a\nname"; ls /fifo 2>/dev/null; cat /deep/99999',
        { root },
        '/bin/sh',
      ),
      '/a\nname\n/host\n/loop\n/sparse\n',
    )
    assert.ok(performance.now() - started < 20_000)
  })

  for (const [name, victims] of Object.entries({
    runc: ['runc'],
    'the monitor': ['monitor'],
    'the monitor and runc': ['monitor', 'runc'],
  }))
    test(`SIGKILL to ${name}: the program ends, and the container has exited`, async () => {
      await using opened = await openBoth()
      const { containers } = opened
      const { id } = await containers.run(
        { name: 'lost', command: ['sleep', '600'] },
        { leave: true },
      )
      const { keeper, process: program, netns } = await containers.get(id)
      const [pid, monitor] = [program?.pid ?? 0, keeper.monitor?.pid ?? 0]
      assert.ok(isRunning(pid))
      const runc = Number(sh(`pgrep -P ${monitor} runc`))
      for (const victim of victims) process.kill(victim === 'runc' ? runc : monitor, 'SIGKILL')
      const [listed] = await until(
        () => containers.list(),
        ([container]) => container?.status === 'exited',
      )
      assert.is(listed?.status, 'exited')
      assert.is(listed?.exitCode, 137)
      assert.not.ok(isRunning(pid), 'the program has ended')
      assert.is(sh(`ls ${netns} /run/netdojo/runc/${id} 2>/dev/null || true`), '')
      await containers.remove(id)
    })

  test('SIGKILL to runc of an attached container: the program ends', async () => {
    await using opened = await openBoth()
    const container = await opened.containers.run({ command: ['sleep', '600'] })
    const { process: program, keeper } = await opened.containers.get(container.id)
    process.kill(Number(sh(`pgrep -P ${keeper.monitor?.pid} runc`)), 'SIGKILL')
    assert.is(await container.wait(), 137)
    assert.not.ok(isRunning(program?.pid ?? 0))
  })
})

const listen = `
  use Socket; my @s;
  for (@ARGV) { socket(my $s, AF_UNIX, SOCK_STREAM, 0); bind($s, sockaddr_un($_)) or die "$_: $!"; listen($s, 9); chmod 0777, $_; push @s, $s }
  $| = 1; print "ready"; sleep 600`

const connect =
  'use Socket; socket(S, AF_UNIX, SOCK_STREAM, 0); connect(S, sockaddr_un($ARGV[0])) ? print "connected" : print "$!"'

async function attempt(
  { containers }: Opened,
  line: string,
  more: { readonly volumes?: readonly string[]; readonly root?: string } = {},
  shell = 'sh',
): Promise<string> {
  await using container = await containers.run({ command: [shell, '-c', line], ...more })
  await container.wait()
  let text = ''
  for await (const data of container.logs()) text += data.toString()
  return text
}

function isRunning(pid: number): boolean {
  return sh(`cat /proc/${pid}/stat 2>/dev/null || true`).split(') ')[1]?.startsWith('Z') === false
}
