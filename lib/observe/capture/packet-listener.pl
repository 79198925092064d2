# Sees every frame on every interface of the given network namespaces, and every step that nftables traces there, in one process:
# what has passed before it says `ready` is not told, and after `stop` nothing is told that the kernel had not yet handed over.
#
# Arguments: SNAPLEN TRACE(0|1) FILTER NAMESPACE-PATH...
#   FILTER: empty, or the numbers that `tcpdump -ddd` prints, which are a pcap filter as the kernel's bytecode.
# Standard output, a line each:
#   ready
#   F NAMESPACE SECONDS.NANOSECONDS IFINDEX INTERFACE PACKET-TYPE HARDWARE-TYPE LENGTH HEX
#                          as in packet(7), sll_pkttype and sll_hatype
#   T NAMESPACE HEX        netlink messages of the group NFNLGRP_NFTRACE, as the kernel sent them
#   L NAMESPACE            the kernel had more to tell than there was room for
#   synced                 all that was under way at `sync` is told
#   end                    the same, at `stop`
# Standard input: a line with `sync` or `stop`, or its end.
#
# Only the core of Perl: no module may be missing. Numbers are those of the kernel's headers, the same on all of our machines.
use strict;
use warnings;

use constant { AF_PACKET => 17, AF_NETLINK => 16, SOCK_RAW => 3, NETLINK_NETFILTER => 12, NFNLGRP_NFTRACE => 9 };
use constant { SOL_SOCKET => 1, SO_RCVBUF => 8, SO_RCVBUFFORCE => 33, SO_ATTACH_FILTER => 26, SOL_NETLINK => 270 };
use constant { SIOCGSTAMPNS => 0x80108907, SIOCGIFNAME => 0x8910, CLONE_NEWNET => 0x40000000, MSG_DONTWAIT => 0x40, ENOBUFS => 105 };
use constant BUFFER => 8 * 1024 * 1024;

# A packet between two namespaces may wait for a processor for as long as this on a busy machine.
use constant { QUIET => 0.02, LONGEST => 2 };

my ($snaplen, $trace, $filter, @namespaces) = @ARGV;
my (%names, $instructions);
$| = 1;
# Ctrl-C is for the program that is watched: we end with whoever started us.
$SIG{INT} = 'IGNORE';
my $machine = `uname -m`;
my $setns = $machine =~ /^(aarch64|riscv64|loongarch64)/ ? 268 : $machine =~ /^ppc64/ ? 350 : $machine =~ /^s390x/ ? 339 : 308;
my $program = $filter eq '' ? undef : bytecode($filter);

my (%sockets, $mask);
for my $index (0 .. $#namespaces) {
  open my $namespace, '<', $namespaces[$index] or die "cannot open $namespaces[$index]: $!\n";
  syscall($setns, fileno $namespace, CLONE_NEWNET) == 0 or die "cannot enter $namespaces[$index]: $!\n";
  listen_to($index, 'T') if $trace;
  listen_to($index, 'F');
}
print "ready\n";

# What we wait for before we answer `sync` or `stop`: until when, at most; 0 when nothing was asked.
my ($buffer, $asked, $until) = ('', '', 0);
while (1) {
  my $readable = $mask;
  vec($readable, 0, 1) = 1 unless $until;
  my $count = select $readable, undef, undef, $until ? QUIET : undef;
  if ($until && ($count == 0 || now() > $until)) {
    last if $asked ne 'sync';
    print "synced\n";
    $until = 0;
    next;
  }
  next if $count < 0;
  if (!$until && vec $readable, 0, 1) {
    # One question at a time is asked, so one read has all of it.
    my $line = '';
    $asked = sysread(STDIN, $line, 64) ? $line =~ s/\s+$//r : 'stop';
    $until = now() + LONGEST;
  }
  for my $fd (keys %sockets) { drain(@{$sockets{$fd}}) if vec $readable, $fd, 1 }
}
print "end\n";

sub listen_to {
  my ($index, $kind) = @_;
  my $socket;
  if ($kind eq 'F') {
    # Protocol 0 hears nothing: the filter is there before the first frame.
    socket $socket, AF_PACKET, SOCK_RAW, 0 or die "cannot capture in $namespaces[$index]: $!\n";
    setsockopt $socket, SOL_SOCKET, SO_ATTACH_FILTER, $program or die "cannot filter: $!\n" if defined $program;
    # Asked once before any packet, it makes the kernel note the time of each.
    ioctl $socket, SIOCGSTAMPNS, my $time = "\0" x 16;
    bind $socket, pack 'S n l x12', AF_PACKET, 3, 0 or die "cannot capture in $namespaces[$index]: $!\n";
  } else {
    socket $socket, AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER or die "cannot trace in $namespaces[$index]: $!\n";
    bind $socket, pack 'S S L L', AF_NETLINK, 0, 0, 0 or die "cannot trace in $namespaces[$index]: $!\n";
    setsockopt $socket, SOL_NETLINK, 1, pack 'l', NFNLGRP_NFTRACE or die "cannot trace in $namespaces[$index]: $!\n";
  }
  setsockopt($socket, SOL_SOCKET, SO_RCVBUFFORCE, pack 'l', BUFFER) || setsockopt $socket, SOL_SOCKET, SO_RCVBUF, pack 'l', BUFFER;
  $sockets{fileno $socket} = [$socket, $index, $kind];
  $mask = '' unless defined $mask;
  vec($mask, fileno $socket, 1) = 1;
}

sub drain {
  my ($socket, $index, $kind) = @_;
  # Not for ever, so that a busy interface does not keep us from the others.
  for (1 .. 256) {
    my $from = recv $socket, $buffer, 65536, MSG_DONTWAIT;
    if (!defined $from) {
      print "L $index\n" if $! == ENOBUFS;
      return;
    }
    if ($kind eq 'T') { print "T $index ", unpack('H*', $buffer), "\n"; next }
    my ($ifindex, $hatype, $pkttype) = unpack 'x4 l S C', $from;
    my $time = "\0" x 16;
    my ($seconds, $nanoseconds) = ioctl($socket, SIOCGSTAMPNS, $time) ? unpack 'q q', $time : (0, 0);
    printf "F %d %d.%09d %d %s %d %d %d %s\n", $index, $seconds, $nanoseconds, $ifindex, name_of($socket, $index, $ifindex),
      $pkttype, $hatype, length $buffer, unpack 'H*', substr $buffer, 0, $snaplen;
  }
}

# A device that is gone by now is known by the name that it had.
sub name_of {
  my ($socket, $index, $ifindex) = @_;
  my $request = pack 'x16 l x20', $ifindex;
  $names{"$index $ifindex"} = unpack 'Z16', $request if ioctl $socket, SIOCGIFNAME, $request;
  return $names{"$index $ifindex"} // "if$ifindex";
}

# The kernel reads the instructions from our memory: they must stay where they are.
sub bytecode {
  my ($count, @numbers) = split ' ', $_[0];
  $instructions = '';
  $instructions .= pack 'S C C L', splice @numbers, 0, 4 while @numbers;
  return pack 'S x![P] P', $count, $instructions;
}

sub now { my $time = "\0" x 16; syscall $machine =~ /^x86_64/ ? 228 : 113, 1, $time; my ($s, $n) = unpack 'q q', $time; return $s + $n / 1e9 }
