# Sends one router advertisement (RFC 4861 4.2) from INTERFACE to all nodes: advertise.pl INTERFACE LIFETIME.
use strict;
use warnings;
use Socket qw(AF_INET6 SOCK_RAW inet_pton pack_sockaddr_in6);

my ($interface, $lifetime) = @ARGV;
open my $file, '<', '/proc/net/if_inet6' or die "if_inet6: $!";
my ($index) = map { hex((split)[1]) } grep { / \Q$interface\E$/ } <$file>;
die "no interface $interface" unless $index;
socket my $socket, AF_INET6, SOCK_RAW, 58 or die "socket: $!";    # IPPROTO_ICMPV6
# IPV6_MULTICAST_HOPS and IPV6_UNICAST_HOPS: receivers ignore an advertisement that a router forwarded.
setsockopt $socket, 41, $_, pack 'i', 255 or die "hops: $!" for 18, 16;
# Type 134, code 0; the kernel fills in the checksum. Hop limit, flags, lifetime, reachable time, retransmission time.
my $advertisement = pack 'C C n C C n N N', 134, 0, 0, 64, 0, $lifetime, 0, 0;
send $socket, $advertisement, 0, pack_sockaddr_in6(0, inet_pton(AF_INET6, 'ff02::1'), $index) or die "send: $!";
