// Tests `netdojo trace` and `netdojo capture` in a sandbox; they leave nothing when they are interrupted or killed.
import * as assert from 'uvu/assert'
import { run } from '../../lib/exec/run.ts'
import { refusal } from '../helpers/command.ts'
import { commandLine, netdojo } from '../helpers/netdojo.ts'
import { sandboxSuite } from '../helpers/sandbox.ts'
import { inTerminal } from '../helpers/terminal.ts'

const inside = (commands: string) => run('bash', ['-c', commands], { allowFailure: true })

sandboxSuite('netdojo trace', (test, slow) => {
  test('0: the packet was answered; the command and its journey are shown', async () => {
    const { stdout, exitCode } = await inside(
      'netdojo trace --from outside -- ping -nqc1 -W1 203.0.113.2',
    )
    assert.is(exitCode, 0, stdout)
    assert.match(stdout, /1 packets transmitted, 1 received/)
    assert.match(stdout, /outside +sends[^]*host +in +← eth0[^]*✓ answered/)
    assert.not.ok(stdout.includes('\u001B'), 'no colour into a pipe')
  })

  test('1: the packet was not answered, and the journey gives the reason', async () => {
    const { stdout, stderr, exitCode } = await inside(
      'netdojo trace -- curl -sS --max-time 1 http://203.0.113.1:81/',
    )
    assert.is(exitCode, 1)
    assert.match(stderr, /curl: \(7\)/)
    assert.match(stdout, /✗ refused +TCP: it arrived at outside, where nothing listens on/)
  })

  slow('--format json and mermaid: nothing else on standard output', async () => {
    const { stdout } = await inside('netdojo trace --format json -- ping -nc1 -W1 203.0.113.1')
    const journey: unknown = JSON.parse(stdout)
    assert.ok(typeof journey === 'object' && journey !== null && 'outcome' in journey)
    assert.is(journey.outcome, 'answered')
    const drawn = await inside('netdojo trace --format mermaid -- ping -nc1 -W1 203.0.113.1')
    assert.match(drawn.stdout, /^sequenceDiagram\n {2}participant n0 as host\n/)
  })

  slow('--pcap writes the packets of both ends of the veth pair', async () => {
    const { stdout } = await inside(
      `netdojo trace --pcap /run/all.pcapng -- ping -nqc1 -W1 203.0.113.1 >/dev/null
      tcpdump -nr /run/all.pcapng icmp 2>/dev/null | wc -l`,
    )
    assert.is(stdout.trim(), '4')
  })

  test('2: an unknown node, a file that cannot be written, no command', async () => {
    const table = [
      ['trace --from nobody -- true', /cannot find the node 'nobody'/],
      ['trace --pcap /nonesuch/file -- true', /cannot write the file '\/nonesuch\/file'/],
      ['capture host -c 0', /--count must be a positive whole number, not '0'/],
      ['capture -f bogus((', /cannot filter by 'bogus\(\('/],
      ['trace', /the argument <command> is missing/],
    ] as const
    for (const [line, message] of table) assert.match(await refusal(2, ...line.split(' ')), message)
  })

  slow('SIGKILL leaves no table and no process', async () => {
    const { stdout, exitCode } = await inside(`
      netdojo trace -- sleep 300 & trace=$!
      here() { nft list tables; ip netns exec outside nft list tables; }
      until [ "$(here | grep -c netdojo_trace)" -ge 6 ] && pgrep -x sleep >/dev/null; do sleep 0.05; done
      kill -9 $trace
      # A process without a waiting parent stays as a zombie here, because process 1 is Node.
      left() { here | grep netdojo; ps -eo stat,args | grep -E '^[^Z].*(nft -i|listener|sleep 300)' | grep -v grep; }
      for i in $(seq 200); do [ -n "$(left)" ] || break; sleep 0.05; done
      left | wc -l`)
    assert.is(exitCode, 0)
    assert.is(stdout.trim(), '0')
  })

  slow('Ctrl-C ends the command, and its journey is printed', async () => {
    const { screen } = await inTerminal(commandLine('shell', ''), [
      [/host\S*# $/, 'netdojo trace -- ping -n 203.0.113.1\n'],
      [/icmp_seq=1 /, '\u0003'],
      [/answered\S*\s[^]*# $/, 'nft list tables | grep -c netdojo; exit\n'],
    ])
    assert.match(screen, /ICMP echo request/)
    assert.match(screen, /answered[^]*\r0\r/)
  })

  test('capture prints one line per packet of the named nodes and interfaces', async () => {
    const { stdout } = await inside(`
      netdojo capture host:eth0 -f icmp -c 2 >/run/lines 2>/run/said & capture=$!
      until grep -q listening /run/said; do sleep 0.05; done
      ping -nqc1 -W1 203.0.113.1 >/dev/null
      wait $capture; cat /run/lines`)
    const [request, reply, ...more] = stdout.trim().split('\n')
    assert.match(
      request ?? '',
      /^0\.000000 {2}host:eth0 +→ 203.0.113.2 > 203.0.113.1: ICMP echo request, id \d+, seq 1$/,
    )
    assert.match(reply ?? '', / host:eth0 +← 203.0.113.1 > 203.0.113.2: ICMP echo reply/)
    assert.equal(more, [])
  })

  slow('a scenario with --capture shows packets, and --pcap writes them', async () => {
    const { stdout, exitCode } = await netdojo('scenario', ['veth-pair', '--capture', '--no-color'])
    assert.is(exitCode, 0)
    assert.match(stdout, / ms {2}ns1:veth0 +→ 172.18.0.2 > 172.18.0.3: ICMP echo request/)
    const refused = await netdojo('scenario', ['veth-pair', '--pcap', '/nonesuch/file'])
    assert.is(refused.exitCode, 2)
  })
})
