# Serves and connects for the tests: Perl starts ten times as fast as Node, and a run needs hundreds of them.
#
# talk.pl serve tcp|udp ADDRESS PORT NAME           prints `ready`, then answers each connection or datagram with `NAME sees ADDRESS`
# talk.pl ask tcp|udp ADDRESS PORT [FROM [PORT]]    prints the answer, or the error's code, or nothing after 0.7 s
#
# It uses only the core of Perl, because modules may be missing.
use strict;
use warnings;
use Socket qw(:DEFAULT inet_pton inet_ntop IPPROTO_IPV6 IPV6_V6ONLY SHUT_WR SO_RCVTIMEO SO_SNDTIMEO);

$| = 1;
my ($verb, $protocol, $address, $port, @more) = @ARGV;
my $family = $address =~ /:/ ? AF_INET6 : AF_INET;
my $is_udp = $protocol eq 'udp';
socket(my $socket, $family, $is_udp ? SOCK_DGRAM : SOCK_STREAM, 0) or die "socket: $!\n";
$verb eq 'serve' ? serve(@more) : ask(@more);

sub serve {
  my ($name) = @_;
  setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1);
  # `::` serves both families.
  setsockopt($socket, IPPROTO_IPV6, IPV6_V6ONLY, 0) if $family == AF_INET6;
  bind($socket, place($address, $port)) or die "bind: $!\n";
  $is_udp or listen($socket, 16) or die "listen: $!\n";
  print "ready\n";
  if ($is_udp) {
    while (defined(my $peer = recv($socket, my $text, 65536, 0))) {
      send($socket, "$name sees " . who($peer), 0, $peer);
    }
    exit 1;
  }
  # A client that does not read must not block other clients or the end of the server.
  $SIG{CHLD} = 'IGNORE';
  while (my $peer = accept(my $connection, $socket)) {
    next if fork;
    close $socket;
    alarm 5;
    syswrite $connection, "$name sees " . who($peer) . "\n";
    shutdown($connection, SHUT_WR);
    # With unread data, the kernel would reset the connection.
    1 while sysread $connection, my $rest, 65536;
    exit;
  }
}

sub ask {
  my ($from, $from_port) = @_;
  my $patience = pack 'l!l!', 0, 700_000;
  setsockopt($socket, SOL_SOCKET, $_, $patience) for SO_RCVTIMEO, SO_SNDTIMEO;
  bind($socket, place($from || ($family == AF_INET6 ? '::' : '0.0.0.0'), $from_port || 0)) or refused()
    if $from || $from_port;
  my $there = place($address, $port);
  my $answer;
  if ($is_udp) {
    defined send($socket, 'hello', 0, $there) or refused();
    defined recv($socket, $answer, 65536, 0) or refused();
  } else {
    connect($socket, $there) or refused();
    sysread($socket, $answer, 65536) or refused();
  }
  print $answer;
}

sub refused {
  # No answer came in time.
  exit 2 if $!{EINPROGRESS} || $!{EAGAIN} || !$!;
  print grep { $!{$_} } keys %!;
  exit 1;
}

sub place {
  my ($address, $port) = @_;
  return $address =~ /:/
    ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $address))
    : pack_sockaddr_in($port, inet_pton(AF_INET, $address));
}

sub who {
  my ($peer) = @_;
  my $address = $family == AF_INET6 ? (unpack_sockaddr_in6($peer))[1] : (unpack_sockaddr_in($peer))[1];
  return inet_ntop($family, $address) =~ s/^::ffff://r;
}
