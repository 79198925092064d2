# Asks for a hardware address as arping(8) does, by a packet socket: arping.pl INTERFACE SOURCE TARGET; ends with 0 after an answer.
use strict;
use warnings;

my ($name, $source, $target) = @ARGV;
socket my $socket, 17, 3, 0x0608 or die "socket: $!\n";
my $request = pack 'a16 x24', $name;
ioctl $socket, 0x8927, $request or die "address: $!\n";
my $mac = substr $request, 18, 6;
ioctl $socket, 0x8933, $request or die "index: $!\n";
my $index = unpack 'x16 l', $request;
bind $socket, pack 'S n l x12', 17, 0x0806, $index or die "bind: $!\n";
my $arp = pack 'n n C C n', 1, 0x0800, 6, 4, 1;
my $frame = "\xff" x 6 . $mac . pack('n', 0x0806) . $arp . $mac . pack('C4', split /\./, $source) . "\0" x 6 . pack 'C4', split /\./, $target;
send $socket, $frame, 0 or die "send: $!\n";
my $until = time + 1;
while (1) {
  my $mask = '';
  vec($mask, fileno $socket, 1) = 1;
  select($mask, undef, undef, 0.6) or exit 1;
  recv $socket, my $answer, 1500, 0;
  exit 0 if length $answer >= 42 && unpack('x20 n', $answer) == 2 && join('.', unpack 'x28 C4', $answer) eq $target;
  exit 1 if time > $until;
}
