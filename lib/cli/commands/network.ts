// `netdojo network …`: Docker's commands for networks, with Docker's flags. What each does is loaded when it is typed.
import { Command } from 'commander'
import { changeCommand, many } from '../shared/options.ts'
import type { Terminal } from '../shared/terminal.ts'

export function networkCommand(terminal: Terminal): Command {
  return new Command('network')
    .description('Make, look at, plug into and remove networks.')
    .helpCommand(false)
    .addCommand(create(terminal))
    .addCommand(list(terminal))
    .addCommand(inspect(terminal))
    .addCommand(connect(terminal))
    .addCommand(disconnect(terminal))
    .addCommand(remove(terminal))
    .addCommand(prune(terminal))
}

function create(terminal: Terminal): Command {
  return changeCommand('create', 'Make a network, and print its id.')
    .argument('<name>', 'what to call it: letters, digits, _, . and -')
    .option('-d, --driver <driver>', 'its kind', 'bridge')
    .option(
      '--subnet <cidr>',
      'its addresses; one of IPv4, one of IPv6 (chosen if not given)',
      many,
    )
    .option('--gateway <ip>', 'the host’s address in it, one for each subnet', many)
    .option('--ip-range <cidr>', 'hand out addresses of this part only')
    .option('--aux-address <ip>', 'never hand this out; also NAME=IP, FIRST-LAST', many)
    .option('--ipv6', 'an IPv6 subnet besides')
    .option('-o, --opt <key=value>', 'an option of the driver; see below', many)
    .option('--internal', 'no way out and no way in')
    .option('--label <key=value>', 'a label, to find it again', many)
    .addHelpText(
      'after',
      `
Options of the bridge driver (-o), by Docker's long names or by the short ones:
  com.docker.network.driver.mtu                   mtu         68 to 65535
  com.docker.network.bridge.enable_icc            icc         true or false
  com.docker.network.bridge.enable_ip_masquerade  masquerade  true or false
  com.docker.network.bridge.name                  interface   of the bridge

Examples:
  netdojo network create web
  netdojo network create --subnet 192.168.0.0/24 --driver bridge testbridge
  netdojo network create --subnet 10.1.0.0/16 --ip-range 10.1.2.0/24 \\
    --gateway 10.1.0.254 -o mtu=1400 --label team=a back
  netdojo network create --ipv6 --dry-run two`,
    )
    .action(async (name, options) => {
      await (await import('./network/create.ts')).create(terminal, name, options)
    })
}

function list(terminal: Terminal): Command {
  return new Command('ls')
    .alias('list')
    .description('List the networks.')
    .option('-f, --filter <key=value>', 'only those with this label, name, id or driver', many)
    .option('--format <format>', 'table, or json: an object a line')
    .option('--no-trunc', 'whole ids')
    .option('-q, --quiet', 'ids only')
    .addHelpText(
      'after',
      `
Filters: label=KEY, label=KEY=VALUE, name=PART, id=START, driver=NAME. Several
of one kind: any of them holds (of labels: all of them).

Examples:
  netdojo network ls --filter label=team=a
  netdojo network ls -q --filter driver=bridge
  netdojo network ls --format json`,
    )
    .action(async (options) => {
      await (await import('./network/list.ts')).list(terminal, options)
    })
}

function inspect(terminal: Terminal): Command {
  return new Command('inspect')
    .description('Print networks and their endpoints as JSON.')
    .argument('<network...>', 'names, ids, or the beginnings of ids')
    .addHelpText('after', '\nExample:\n  netdojo network inspect testbridge')
    .action(async (networks) => {
      await (await import('./network/list.ts')).inspect(terminal, networks)
    })
}

function connect(terminal: Terminal): Command {
  return changeCommand('connect', 'Plug a network namespace into a network.')
    .argument('<network>', 'name, id, or the beginning of an id')
    .argument('<namespace>', 'a container, a name as in `ip netns`, or a path')
    .option('--ip <ip>', 'this IPv4 address')
    .option('--ip6 <ip>', 'this IPv6 address')
    .option('--mac-address <mac>', 'this MAC address')
    .option('--interface <name>', 'what to call the interface inside (eth0, eth1 …)')
    .option('-p, --publish <port>', '[[IP:]PORT:]PORT[/tcp|udp|sctp], also ranges', many)
    .option('--alias <name>', 'another name of it in this network', many)
    .addHelpText(
      'after',
      `
Examples:
  ip netns add c1 && netdojo network connect testbridge c1
  netdojo network connect --ip 192.168.0.9 -p 8080:80 testbridge c1
  netdojo network connect testbridge web   # a container, while it runs
  netdojo network connect --explain testbridge /proc/1234/ns/net`,
    )
    .action(async (network, namespace, options) => {
      await (await import('./network/connect.ts')).connect(terminal, network, namespace, options)
    })
}

function disconnect(terminal: Terminal): Command {
  return changeCommand('disconnect', 'Unplug a network namespace from a network, live.')
    .argument('<network>', 'name, id, or the beginning of an id')
    .argument('<namespace>', 'as for connect; also the id of an endpoint')
    .option('-f, --force', 'no error where it is not connected')
    .addHelpText('after', '\nExample:\n  netdojo network disconnect testbridge c1')
    .action(async (network, namespace, options) => {
      const { disconnect } = await import('./network/connect.ts')
      await disconnect(terminal, network, namespace, options)
    })
}

function remove(terminal: Terminal): Command {
  return changeCommand('rm', 'Remove networks, and print the name of each.')
    .alias('remove')
    .argument('<network...>', 'names, ids, or the beginnings of ids')
    .option('-f, --force', 'disconnect what is in them; no error where there is none')
    .addHelpText(
      'after',
      '\nExamples:\n  netdojo network rm web back\n  netdojo network rm -f testbridge',
    )
    .action(async (networks, options) => {
      await (await import('./network/remove.ts')).remove(terminal, networks, options)
    })
}

function prune(terminal: Terminal): Command {
  return changeCommand('prune', 'Remove every network that nothing is connected to.')
    .option('-f, --force', 'do not ask')
    .option('--filter <key=value>', 'only those with (label=) or without (label!=) it', many)
    .addHelpText(
      'after',
      '\nExamples:\n  netdojo network prune\n  netdojo network prune -f --filter label!=keep',
    )
    .action(async (options) => {
      await (await import('./network/remove.ts')).prune(terminal, options)
    })
}
