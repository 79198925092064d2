#!/usr/bin/perl
# Becomes a command in a process group of its own, in the foreground of the terminal. bash gives the terminal back to the group
# that it was started in; one of another PID namespace has no number here, and nobody could read a key after the first shell.
# `--back` only takes the terminal back for the group of its caller.
use strict;
use warnings;

# Whoever is in the background is stopped by this signal when it sets the foreground: tcsetpgrp(3).
$SIG{TTOU} = 'IGNORE';
my $is_back = ($ARGV[0] // '') eq '--back';
setpgrp(0, 0) unless $is_back;
# TIOCSPGRP (ioctl_tty(2)); without a terminal there is nothing to set.
ioctl(STDIN, 0x5410, pack('i', getpgrp(0)));
exit 0 if $is_back;
$SIG{TTOU} = 'DEFAULT';
exec { $ARGV[0] } @ARGV or die "foreground: $ARGV[0]: $!\n";
