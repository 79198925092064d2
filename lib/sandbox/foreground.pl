#!/usr/bin/perl
# Becomes a command in a process group of its own, in the foreground of the terminal. When bash ends, it gives the terminal back to
# the group that started it. A group of another PID namespace has no number here: without this, no program could read a key after
# the first shell. `--back` only takes the terminal back for the group of the caller.
use strict;
use warnings;

# A background process that sets the foreground group gets this signal, which would stop it: tcsetpgrp(3).
$SIG{TTOU} = 'IGNORE';
my $is_back = ($ARGV[0] // '') eq '--back';
setpgrp(0, 0) unless $is_back;
# TIOCSPGRP (ioctl_tty(2)). It fails without a terminal, which does no harm.
ioctl(STDIN, 0x5410, pack('i', getpgrp(0)));
exit 0 if $is_back;
$SIG{TTOU} = 'DEFAULT';
exec { $ARGV[0] } @ARGV or die "foreground: $ARGV[0]: $!\n";
