#!/bin/sh
# Becomes a command in the virtual machine, as root by sudo, and kills the command at the end of the connection: without a terminal,
# a program does not learn that its client is gone.
set -eu
# Our parent is sudo, whose parent belongs to the connection.
connection=$(cut -d')' -f2- "/proc/$PPID/stat" | cut -d' ' -f3)
(
  tail --pid="$connection" -f /dev/null
  kill -KILL $$
) </dev/null >/dev/null 2>&1 &
exec "$@"
