#!/bin/sh
# Plays a scenario that is named without options, with one start of Node: this shell makes the sandbox, in which Node does the rest.
# Other lines go through start.js. If the sandbox does not start, start.js explains why, and offers the other backends.
here=${0%/*}
if [ $# -eq 1 ] && [ -d /proc/sys/net ] && command -v setpriv >/dev/null; then
  case $1 in
    --alone | -* | '') ;;
    # With this line the kernel kills this shell when npm ends, and with the next line the sandbox when this shell ends.
    *) exec setpriv --pdeathsig=KILL sh "$0" --alone "$1" ;;
  esac
fi
[ "${1-}" = --alone ] && [ $# -eq 2 ] || exec node "$here/start.js" scenario "$@"

PATH=$here/../sandbox/bin:$PATH:/usr/local/sbin:/usr/sbin:/sbin
# Ctrl-C reaches Node as well, which ends with the code of an interrupted run.
trap : INT
exec 4>&1
errors=$(setpriv --pdeathsig=KILL sh "$here/../sandbox/namespaces.sh" node "$here/start.js" inside "$2" 3>&2 2>&1 >&4 4>&-)
code=$?
[ "$code" -ne 0 ] && [ -n "$errors" ] || exit "$code"
exec node "$here/start.js" scenario "$2"
