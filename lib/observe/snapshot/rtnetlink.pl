# Asks the kernel itself for links, addresses, routes and neighbours (rtnetlink(7)), and words them as `ip -json` does: starting
# `ip` would be most of what a snapshot of many namespaces costs. It knows the usual; for all else it answers nothing, and `ip` is asked.
use strict;
use warnings;
use Socket qw(inet_ntop AF_INET AF_INET6);

my %scopes = (0 => 'global', 253 => 'link', 254 => 'host');
my %tables = (253 => 'default', 254 => 'main', 255 => 'local');
my %protocols = (1 => 'redirect', 2 => 'kernel', 3 => 'boot', 4 => 'static', 9 => 'ra', 16 => 'dhcp');
my @types = qw(unspec unicast local broadcast anycast multicast blackhole unreachable prohibit throw);
my @states = qw(INCOMPLETE REACHABLE STALE DELAY PROBE FAILED NOARP PERMANENT);
# Ethernet and loopback: the addresses of all others are written in ways of their own.
my %plain = (1 => 1, 772 => 1);
# RTA_MULTIPATH, RTA_VIA, RTA_ENCAP and RTA_NH_ID.
my @unusual = (9, 18, 22, 30);

# All of it as JSON, an array a line; '' for what is not among the usual.
sub network_state {
  my %names;
  my $links = links(\%names) // return '';
  my $routes = routes(\%names) // return '';
  return join("\n", $links, $routes, neighbours(\%names), '');
}

sub links {
  my ($names) = @_;
  my (@links, %addresses);
  # RTM_GETLINK is answered with RTM_NEWLINK: struct ifinfomsg.
  for my $message (grep { $_->[0] == 16 } dump_of(0, 18, pack('x16'))) {
    my (undef, $type, $index, $flags) = unpack('CxSlL', $message->[1]);
    return if !$plain{$type};
    my %of = attributes(substr($message->[1], 16));
    $names->{$index} = text($of{3});
    push @links, [$index, $flags, \%of];
  }
  return if !@links;
  # RTM_GETADDR, RTM_NEWADDR: struct ifaddrmsg; IFA_LOCAL is missing where it is IFA_ADDRESS.
  for my $message (grep { $_->[0] == 20 } dump_of(0, 22, pack('x8'))) {
    my ($family, $prefix, undef, $scope, $index) = unpack('CCCCL', $message->[1]);
    my %of = attributes(substr($message->[1], 8));
    return if !$scopes{$scope};
    push @{$addresses{$index}}, object(
      family => quoted($family == AF_INET6 ? 'inet6' : 'inet'),
      local => quoted(inet_ntop($family, $of{2} // $of{1})),
      prefixlen => $prefix,
      scope => quoted($scopes{$scope}),
    );
  }
  return list(map { link_of(@$_, $names, $addresses{$_->[0]} // []) } @links);
}

sub link_of {
  my ($index, $flags, $of, $names, $addresses) = @_;
  my %info = attributes($of->{18} // '');
  my $other = number($of->{5});
  my $master = number($of->{10});
  return object(
    ifindex => $index,
    ifname => quoted($names->{$index}),
    ($other ? (link_index => $other) : ()),
    (defined $of->{37} ? (link_netnsid => unpack('l', $of->{37})) : ()),
    ($info{1} ? (linkinfo => object(info_kind => quoted(text($info{1})))) : ()),
    (length($of->{1} // '') ? (address => quoted(hardware($of->{1}))) : ()),
    mtu => number($of->{4}),
    (defined $of->{20} ? (ifalias => quoted(text($of->{20}))) : ()),
    ($master ? (master => quoted($names->{$master} // '')) : ()),
    flags => list(map { quoted($_) } ($flags & 1 ? 'UP' : ()), ($flags & 0x10000 ? 'LOWER_UP' : ())),
    addr_info => list(@$addresses),
  );
}

sub routes {
  my ($names) = @_;
  my @routes;
  for my $family (AF_INET, AF_INET6) {
    # RTM_GETROUTE, RTM_NEWROUTE: struct rtmsg.
    for my $message (grep { $_->[0] == 24 } dump_of(0, 26, pack('Cx11', $family))) {
      my (undef, $length, undef, undef, $table, $protocol, undef, $type, $flags) =
        unpack('CCCCCCCCL', $message->[1]);
      # RTM_F_CLONED: what the kernel remembers of a route, and no route.
      next if $flags & 0x200;
      my %of = attributes(substr($message->[1], 12));
      $table = number($of{15}) if defined $of{15};
      return if !$tables{$table} || !$protocols{$protocol} || !$types[$type] || grep { defined $of{$_} } @unusual;
      my $to = defined $of{1} ? inet_ntop($family, $of{1}) : undef;
      $to .= "/$length" if defined $to && $length != ($family == AF_INET ? 32 : 128);
      push @routes, object(
        type => quoted($types[$type]),
        dst => quoted($to // ($length ? "0/$length" : 'default')),
        (defined $of{5} ? (gateway => quoted(inet_ntop($family, $of{5}))) : ()),
        (defined $of{4} ? (dev => quoted($names->{number($of{4})} // '')) : ()),
        table => quoted($tables{$table}),
        protocol => quoted($protocols{$protocol}),
        (defined $of{7} ? (prefsrc => quoted(inet_ntop($family, $of{7}))) : ()),
        (defined $of{6} ? (metric => number($of{6})) : ()),
        ($family == AF_INET6 ? (pref => quoted('medium')) : ()),
      );
    }
  }
  return list(@routes);
}

sub neighbours {
  my ($names) = @_;
  my @neighbours;
  for my $family (AF_INET, AF_INET6) {
    # RTM_GETNEIGH, RTM_NEWNEIGH: struct ndmsg.
    for my $message (grep { $_->[0] == 28 } dump_of(0, 30, pack('Cx11', $family))) {
      my (undef, $index, $state) = unpack('Cx3lS', $message->[1]);
      # As ip: without those that need no asking (NUD_NOARP) and those that nobody asks for yet.
      next if !($state & 0xff & ~0x40);
      my %of = attributes(substr($message->[1], 12));
      push @neighbours, object(
        dst => quoted(inet_ntop($family, $of{1})),
        dev => quoted($names->{$index} // ''),
        (defined $of{2} ? (lladdr => quoted(hardware($of{2}))) : ()),
        state => list(map { quoted($states[$_]) } grep { $state & (1 << $_) } 0 .. 7),
      );
    }
  }
  return list(@neighbours);
}

# The rules are nearly always the kernel's own: those of fib_rules, with their tables, and nothing in them (struct fib_rule_hdr).
sub has_usual_rules {
  my ($family, @usual) = @_;
  my @rules = map {
    my (undef, $to, $from, $tos, $table, undef, undef, $action, $flags) = unpack('CCCCCCCCL', $_->[1]);
    my %of = attributes(substr($_->[1], 12));
    # FRA_PRIORITY is 6; what can be beside it in such a rule is FRA_TABLE (15), FRA_SUPPRESS_PREFIXLEN (14) and FRA_PROTOCOL (21).
    my @others = grep { $_ != 6 && $_ != 15 && $_ != 14 && $_ != 21 } keys %of;
    $to || $from || $tos || $action != 1 || $flags || @others ? 'unusual' : (number($of{6}) // 0) . " $table";
  } grep { $_->[0] == 32 } dump_of(0, 34, pack('Cx11', $family));
  return "@rules" eq "@usual";
}

# Type and value of each; the two highest bits of a type say how it is written.
sub attributes {
  my ($rest) = @_;
  my %of;
  while (length($rest) >= 4) {
    my ($length, $type) = unpack('SS', $rest);
    last if $length < 4;
    $of{$type & 0x3fff} = substr($rest, 4, $length - 4);
    my $next = ($length + 3) & ~3;
    $rest = $next < length($rest) ? substr($rest, $next) : '';
  }
  return %of;
}

sub number { return defined $_[0] ? unpack('L', $_[0]) : undef }
sub text { return unpack('Z*', $_[0] // '') }
sub hardware { return join(':', map { sprintf('%02x', $_) } unpack('C*', $_[0])) }
sub list { return '[' . join(',', @_) . ']' }

sub object {
  my @parts;
  while (my ($key, $value) = splice(@_, 0, 2)) { push @parts, "\"$key\":$value" }
  return '{' . join(',', @parts) . '}';
}

sub quoted {
  my ($text) = @_;
  $text =~ s/(["\\])/\\$1/g;
  $text =~ s/([\x00-\x1f])/sprintf('\\u%04x', ord $1)/ge;
  return "\"$text\"";
}

1;
