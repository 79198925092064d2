// Tests networks on the virtual machine's own network: its published port answers this machine, and its containers reach this machine.
// machine, a reboot and `reconcile` bring it all back, and in the end the machine's network is as before.
import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '../../lib/exec/run.ts'
import { sshConfig, vagrant } from '../../lib/sandbox/vm/machine.ts'
import { expect, rebuild, step, there } from './steps.ts'

const subnet = '192.168.50.0/24'
const create = `netdojo network create --driver bridge --subnet ${subnet} web`
const start =
  'netdojo run -d --name c1 --net web -p 80:80 -v /netdojo:/netdojo:ro /netdojo/lib/sandbox/bin/serve 80'

export async function ownNetwork(): Promise<void> {
  const address = await addressOfMachine()
  let before = ''
  await step('netdojo network create, netdojo run -d -p 80:80', async () => {
    before = await state()
    return [await there(create), await there(start)].join('\n')
  })
  await step('from the machine outside: the published port answers', () => answers(address))
  await step("from the container: a server outside sees the virtual machine's address", () =>
    reaches(address),
  )
  await step('a reboot of the virtual machine, then reconcile', async () => {
    await there('sync')
    await vagrant(['reload', '--no-provision'], 'stderr')
    await rebuild()
    return [await there('netdojo reconcile'), await there('ip -brief link show type bridge')].join(
      '\n',
    )
  })
  await step('the container again, on the network that was there before', async () => {
    await there('netdojo rm -f c1 || true')
    await there(start)
    return `${await answers(address)}\n${await reaches(address)}`
  })
  await step('removed: the network of the virtual machine is as before', async () => {
    await there('netdojo rm -f c1')
    await there('netdojo network rm web')
    const after = await state()
    if (after !== before) throw new Error(`before:\n${before}\nafter:\n${after}`)
    // Others may rely on it by then, and so it is left on: docs/library.md.
    const forwarding = await there('sysctl net.ipv4.ip_forward')
    return `${after}\n${forwarding}   # switched on by the first network, and left so`
  })
}

const answered = /hello from \S+: I see you as /

async function answers(address: string): Promise<string> {
  const until = performance.now() + 60_000
  for (;;) {
    const { stdout } = await run('curl', ['-s', '--max-time', '5', `http://${address}/`], {
      allowFailure: true,
    })
    if (stdout !== '') return expect(`$ curl http://${address}/\n${stdout}`, answered)
    if (performance.now() > until)
      return expect(await there('netdojo ps -a; netdojo logs c1; nft list ruleset'), answered)
    // The server in the container may still be starting.
    await sleep(500)
  }
}

async function reaches(machine: string): Promise<string> {
  const clients: string[] = []
  const outside = createServer((request, response) => {
    clients.push(request.socket.remoteAddress ?? '')
    response.end('hello from the machine outside\n')
  })
  await new Promise<void>((resolve) => outside.listen(0, '0.0.0.0', resolve))
  try {
    const bound = outside.address()
    const port = typeof bound === 'object' && bound ? bound.port : 0
    const gateway =
      (await there(`ip -4 route get ${machine} >/dev/null; echo $SSH_CLIENT`)).split(' ')[0] ||
      (await client())
    const line = `netdojo exec c1 curl -s --max-time 20 http://${gateway}:${port}/`
    const output = await there(line)
    expect(output, /hello from the machine outside/)
    return expect(
      `${line}\n${output}\nit came from ${clients.join()}, the virtual machine is ${machine}`,
      new RegExp(`came from (::ffff:)?${machine},`),
    )
  } finally {
    outside.close()
  }
}

/** Our address, as the virtual machine's ssh server sees it: sudo has dropped it from the environment of `there`. */
async function client(): Promise<string> {
  const { stdout } = await run('ssh', ['-F', sshConfig, '-q', 'default', 'echo $SSH_CLIENT'])
  return stdout.split(' ')[0] ?? ''
}

async function addressOfMachine(): Promise<string> {
  const [, name = ''] = /HostName (\S+)/.exec(readFileSync(sshConfig, 'utf8')) ?? []
  if (!name.startsWith('127.')) return name
  // VirtualBox forwards a port for ssh; this machine reaches its other interface.
  return (await there('hostname -I')).split(' ')[1] ?? ''
}

/** What a removed network must leave as it was. */
function state(): Promise<string> {
  return there(`
    ip -o link | sed 's/^[0-9]*: //; s/ .*//'; ip -o -4 address | awk '{print $2, $4}'; ip route | sed 's/ metric.*//'
    ip netns list; nft list ruleset; iptables-save | sed '/^#/d'`)
}
