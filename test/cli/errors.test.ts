// Tests the exact text of errors for wrong command lines: the fact, the value in quotes, the rule, and what to do next.
import * as assert from 'uvu/assert'
import { call, output } from '../helpers/command.ts'
import { netdojo } from '../helpers/netdojo.ts'
import { newDirectory } from '../helpers/networks.ts'
import { cleanHost, sandboxSuite } from '../helpers/sandbox.ts'

const create = 'netdojo network create --help shows how to use it'

/** A line of `netdojo`, its exit code, and its error without `netdojo: ` and the full stop; then the advice. */
const commands: readonly (readonly [line: string, code: number, ...text: string[]])[] = [
  [
    'netwrk ls',
    2,
    "cannot read the command line: unknown command 'netwrk'",
    'did you mean network?',
    'netdojo --help shows how to use it',
  ],
  [
    'ipam',
    2,
    'cannot read the command line: netdojo ipam must be followed by a command',
    'one of these: show',
    'netdojo ipam --help describes them',
  ],
  [
    'network create --subnt x web',
    2,
    "cannot read the command line: unknown option '--subnt'",
    'did you mean --subnet?',
    create,
  ],
  ['network create', 2, 'cannot read the command line: the argument <name> is missing', create],
  [
    'network create a b',
    2,
    "cannot read the command line: the command takes 1 argument, but 2 are given: 'a', 'b'",
    create,
  ],
  [
    'network create web --subnet',
    2,
    'cannot read the command line: the option --subnet <cidr> needs a value',
    create,
  ],
  [
    'network create -o mtu=x web',
    2,
    "cannot read the command line: mtu must be between 68 and 65535, not 'x'",
    create,
  ],
  [
    'network create -o icc=maybe web',
    2,
    "cannot read the command line: icc must be true or false, not 'maybe'",
    create,
  ],
  [
    'network create --label =x web',
    2,
    "cannot read the command line: --label must be KEY=VALUE, not '=x'",
    create,
  ],
  [
    'network create --subnet 10.1.0.0/24 --subnet 10.2.0.0/24 web',
    2,
    "cannot read the command line: --subnet may be given once for IPv4 and once for IPv6, not '10.1.0.0/24' and '10.2.0.0/24'",
    create,
  ],
  [
    'network ls --filter size=3',
    2,
    "cannot read the command line: the key of --filter must be one of label, name, id, driver, not 'size'",
    'netdojo network ls --help shows how to use it',
  ],
  [
    'ps --format xml',
    2,
    "cannot read the command line: --format must be table or json, not 'xml'",
    'netdojo ps --help shows how to use it',
  ],
  [
    'network rm nothing',
    1,
    "cannot find the network 'nothing': no network has this name, or an id that begins with it",
    'existing networks: there',
  ],
  [
    'network connect there c1',
    1,
    "cannot find the network namespace 'c1': neither a namespace in /run/netns nor a container has this name",
    'existing namespaces: outside',
    'ip netns add NAME creates a namespace',
    'netdojo ps lists the containers',
  ],
  [
    'network disconnect there outside',
    1,
    "cannot disconnect 'outside' from there: it is not connected",
    'netdojo network inspect there shows the endpoints',
  ],
  [
    'run -v data:/data true',
    125,
    "cannot read the command line: the SOURCE of --volume must be a path with a slash, not 'data'",
    'there are no named volumes; a path in this directory is ./data',
  ],
  [
    'run --net name=there,foo=1 true',
    125,
    "cannot read the command line: a field of --net must be one of name, ip, ip6, mac-address, gw-priority, alias, not 'foo'",
  ],
  [
    'run -it true',
    125,
    'cannot read the command line: -t needs a terminal on both standard input and output',
    'leave -t away: -i alone works with pipes',
  ],
  [
    'exec -t web true',
    1,
    'cannot read the command line: -t needs a terminal on standard input',
    'leave -t away: -i alone works with pipes',
  ],
  [
    'stop -t x web',
    2,
    "cannot read the command line: --time must be a number of seconds from 0 to 86400, not 'x'",
    'netdojo stop --help shows how to use it',
  ],
  [
    'capture --count x',
    2,
    "cannot read the command line: --count must be a positive whole number, not 'x'",
    'netdojo capture --help shows how to use it',
  ],
  [
    'capture --write /nonesuch/file',
    2,
    "cannot write the file '/nonesuch/file': no such file or directory",
    'give a path in an existing directory that you may write to',
  ],
  [
    'topology --format png',
    2,
    "cannot read the command line: --format must be one of text, svg, mermaid, json, not 'png'",
    'netdojo topology --help shows how to use it',
  ],
  [
    'completion ksh',
    2,
    "cannot read the command line: <shell> must be one of bash, zsh, fish, not 'ksh'",
    'netdojo completion --help shows how to use it',
  ],
]

/** The same for the learners' programs: the program, its arguments, and the error. All of them end with 2. */
const programs: readonly (readonly [program: string, args: string[], ...text: string[]])[] = [
  [
    'scenario',
    ['bridge', '--without', '0'],
    "cannot read the command line: --without must be the number of a command, from 1 to 9999, not '0'",
    'npm run scenario -- --help shows how to use it',
  ],
  [
    'shell',
    ['ls'],
    "cannot read the command line: the shell takes only -c and its commands, not 'ls'",
    "npm run shell -- -c 'COMMANDS' runs commands; all of them are one argument",
  ],
  [
    'vm',
    ['fly'],
    "cannot read the command line: the command must be one of up, status, ssh, halt, destroy, package, not 'fly'",
    'npm run vm -- --help describes the commands',
  ],
  [
    'fix',
    ['99'],
    "cannot find the broken network '99': the number must be from 1 to 20",
    'npm run fix lists all broken networks',
  ],
]

sandboxSuite('error texts', (test) => {
  test('of netdojo', async () => {
    cleanHost()
    process.env.NETDOJO_STATE_DIRECTORY = newDirectory()
    await output('network', 'create', 'there')
    for (const [line, code, ...text] of commands)
      assert.equal(await call(line.split(' ')), { code, out: '', err: paragraph(text) }, line)
  })

  test('of the learners’ programs', async () => {
    for (const [program, args, ...text] of programs) {
      const { exitCode, stdout, stderr } = await netdojo(program, args)
      assert.equal(
        { exitCode, stdout, stderr: `${stderr}\n` },
        {
          exitCode: 2,
          stdout: '',
          stderr: paragraph(text),
        },
      )
    }
  })
})

function paragraph([message = '', ...advice]: readonly string[]): string {
  return [`netdojo: ${message}.`, ...advice.map((line) => `  - ${line}`), ''].join('\n')
}
