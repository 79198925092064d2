#!/bin/sh
# Becomes a command in the virtual machine, as its root by sudo, and sees to it that the command does not outlive the
# connection: without a terminal, nobody tells a program that its client is gone.
set -eu
# Ours is sudo, whose parent is of the connection.
connection=$(cut -d')' -f2- "/proc/$PPID/stat" | cut -d' ' -f3)
(
  tail --pid="$connection" -f /dev/null
  kill -KILL $$
) </dev/null >/dev/null 2>&1 &
exec "$@"
