#!/usr/bin/perl
# read.pl FIRST STEP: prints the network state of every STEPth of the namespaces, as sections that parse.ts takes apart. All
# paths are given, one a line of standard input: what one namespace calls another, each must be asked for the others. Starting programs
# is most of what that costs: this one goes from namespace to namespace, reads files itself, and starts a program only for
# what is there. It changes nothing; what fails, fails alone. In Perl, as the lab's tcpdump: neither Node nor a shell can
# enter a namespace without starting a program there.
use strict;
use warnings;
use Config;

# setns(2), by the machine's own number; a network namespace is CLONE_NEWNET.
my $setns = $Config{archname} =~ /^(aarch64|riscv64)/ ? 268 : 308;
my $newnet = 0x40000000;
my ($directory) = $0 =~ m{^(.*)/};
open(STDERR, '>', '/dev/null');
require "$directory/rtnetlink.pl";

my ($first, $step) = @ARGV;
# It may be started before anybody knows which there are.
chomp(my @paths = <STDIN>);
for (my $index = $first; $index < @paths; $index += $step) {
  my $netns = $paths[$index];
  section("node $netns");
  open(my $namespace, '<', $netns) or next;
  next if syscall($setns, fileno($namespace), $newnet) != 0;
  read_node();
}

sub read_node {
  section('ip');
  # Also an empty answer is one: the items say themselves what they are.
  my $state = network_state();
  if ($state ne '') { print $state }
  else { $state = answer('ip', qw(ip -json -details -force -batch), "$directory/ip.batch") }
  section('ids');
  tell_ids($state =~ /"link_netnsid":(\d+)/g);
  section('rules4');
  if (has_usual_rules(2, '0 255', '32766 254', '32767 253')) { print usual_rules('local', 'main', 'default') }
  else { answer('ip rule', qw(ip -json -details rule show)) }
  section('rules6');
  if (has_usual_rules(10, '0 255', '32766 254')) { print usual_rules('local', 'main') }
  elsif (-e '/proc/sys/net/ipv6') { answer('ip -6 rule', qw(ip -6 -json -details rule show)) }
  if ($state =~ /"info_kind":"(bridge|vxlan)"/) {
    section('bridge');
    answer('bridge', qw(bridge -json -details -batch), "$directory/bridge.batch");
  }

  if (has_nft_tables()) {
    section('nft');
    my $ruleset = answer('nft', qw(nft -j list ruleset));
    if ($ruleset =~ /\{"rule":/) {
      section('nft-text');
      answer('nft', qw(nft -a list ruleset));
    }
    # Rules of iptables-nft have matches that only iptables can write. A chain of its has a name in capitals.
    if ($ruleset =~ /"name": "(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)"/) {
      section('iptables-nft');
      answer('iptables', one_of('iptables-nft-save', 'iptables-save'), '-c');
      if ($ruleset =~ /"family": "ip6"/) {
        section('ip6tables-nft');
        answer('ip6tables', one_of('ip6tables-nft-save', 'ip6tables-save'), '-c');
      }
    }
  }
  # To list a table that is not there would make it: only those that are.
  for my $program ('iptables', 'ip6tables') {
    my $family = $program eq 'iptables' ? 'ip' : 'ip6';
    my $names = "/proc/net/${family}_tables_names";
    # In a user namespace the kernel shows the file to nobody.
    if (-e $names && !open(my $readable, '<', $names)) { section("hidden $program-legacy") }
    next if contents($names) eq '';
    section("$program-legacy");
    answer("$program-legacy", "$program-legacy-save", '-c');
  }

  if ((contents('/proc/sys/net/netfilter/nf_conntrack_count') || 0) > 0) {
    section('conntrack');
    # Not every kernel has the file (CONFIG_NF_CONNTRACK_PROCFS).
    my $entries = contents('/proc/net/nf_conntrack');
    if ($entries ne '') { print $entries }
    else { answer('conntrack', qw(conntrack -L -o extended)) }
  }

  section('files');
  # The kernel goes through the sockets of all namespaces to write one of these, which takes a millisecond: only where there are some.
  my $used = contents('/proc/net/sockstat') . contents('/proc/net/sockstat6');
  for my $protocol (qw(tcp tcp6 udp udp6)) {
    file("net/$protocol") if $used !~ /^\U$protocol\E: inuse 0\b/m;
  }
  my %settings = (
    ipv4 => [qw(forwarding rp_filter route_localnet proxy_arp arp_ignore arp_announce arp_filter accept_local)],
    ipv6 => [qw(disable_ipv6 forwarding accept_ra)],
  );
  for my $family (sort keys %settings) {
    opendir(my $devices, "/proc/sys/net/$family/conf") or next;
    for my $device (grep { !/^\.\.?$/ } readdir $devices) {
      file("sys/net/$family/conf/$device/$_") for @{$settings{$family}};
    }
  }
  file("sys/net/$_") for qw(
    ipv4/icmp_echo_ignore_all ipv4/ip_local_port_range
    bridge/bridge-nf-call-iptables bridge/bridge-nf-call-ip6tables bridge/bridge-nf-call-arptables
  );
  section('end');
}

sub section { print "\x1e$_[0]\n" }

# What a program said, also printed; its arguments never pass through a shell.
sub answer {
  my ($name, @command) = @_;
  my $said = '';
  if (open(my $program, '-|', @command)) {
    local $/;
    $said = <$program> // '';
    print $said, "\n";
    close($program) and return $said;
  }
  section("failed $name");
  return $said;
}

sub one_of {
  my ($first, $second) = @_;
  return (grep { -x "$_/$first" } split(/:/, $ENV{PATH})) ? $first : $second;
}

# Files that are missing (no IPv6, no br_netfilter) are empty.
sub contents {
  open(my $handle, '<', $_[0]) or return '';
  local $/;
  return <$handle> // '';
}

# As `grep -H ''` prints it.
sub file {
  my ($path) = @_;
  print "$path:$_\n" for split(/\n/, contents("/proc/$path"));
}

# What this namespace calls those that its links lead to, as far as they are among ours: a question for each. Nearly all
# links lead to the host, which is the first; `ip netns list-id` would ask for everybody, in every namespace.
sub tell_ids {
  my %open = map { $_ => 1 } @_;
  for my $path (@paths) {
    last if !%open;
    my $id = id_of($path);
    next if !defined $id || !delete $open{$id};
    print "$id $path\n";
  }
}

# rtnetlink: RTM_GETNSID with a descriptor (NETNSA_FD is 3) is answered with NETNSA_NSID (1), -1 where there is none.
sub id_of {
  open(my $namespace, '<', $_[0]) or return;
  my ($answer) = messages(0, 90, 1, pack('Cx3SSL', 0, 8, 3, fileno($namespace)));
  return if !$answer || $answer->[0] != 88;
  my ($length, $type, $id) = unpack('SSl', substr($answer->[1], 4));
  return $type == 1 && $id >= 0 ? $id : undef;
}

# Whether there is any table of nftables: starting nft to be told that there is none takes longer than all the rest.
# nfnetlink: subsystem 10, message 1 (NFT_MSG_GETTABLE), for all families.
sub has_nft_tables {
  my @answers = dump_of(12, (10 << 8) | 1, pack('CCn', 0, 0, 0));
  return !@answers || grep { $_->[0] != 3 } @answers;
}

# As ip words those of the kernel.
sub usual_rules {
  my ($first, @others) = @_;
  my $priority = 32766;
  my @rules = (rule(0, $first), map { rule($priority++, $_) } @others);
  return '[' . join(',', @rules) . "]\n";
}

sub rule { return qq({"priority":$_[0],"src":"all","table":"$_[1]"}) }

# All of one kind: a dump request, netlink(7).
sub dump_of {
  my ($protocol, $type, $body) = @_;
  return messages($protocol, $type, 0x301, $body);
}

# The messages that answer a request, each with its type; none when asking is refused.
sub messages {
  my ($protocol, $type, $flags, $body) = @_;
  my @messages;
  socket(my $socket, 16, 3, $protocol) or return;
  send($socket, pack('LSSLL', 16 + length $body, $type, $flags, 1, 0) . $body, 0) or return;
  while (defined recv($socket, my $buffer, 65536, 0)) {
    while (length($buffer) >= 16) {
      my ($length, $kind) = unpack('LS', $buffer);
      # An error is no answer.
      return if $kind == 2 || $length < 16;
      push @messages, [$kind, substr($buffer, 16, $length - 16)];
      return @messages if $kind == 3 || $flags == 1;
      last if $length >= length $buffer;
      $buffer = substr($buffer, ($length + 3) & ~3);
    }
  }
  return @messages;
}
