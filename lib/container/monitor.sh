#!/bin/sh
# Stands beside a container until it ends, and writes down its exit code; then it becomes the program that ends the rest,
# unless the one that started it is still there and does that itself.
#
#   sh monitor.sh DIRECTORY ID RUNC-ROOT ROOTLESS plain|open|terminal always|orphaned FINISHER...
directory=$1 id=$2 root=$3 rootless=$4 input=$5 finish=$6
shift 6

# They are for the container: runc passes them on. A trap that does something is not inherited, one that ignores is.
trap : HUP INT QUIT TERM

run() {
  runc --root "$root" ${rootless:+--rootless=true} --log "$directory/runc.log" --log-format json \
    run --bundle "$directory" --pid-file "$directory/pid" "$id"
}

case $input in
  plain) run ;;
  # A pipe that we hold open ourselves never comes to its end.
  open) mkfifo "$directory/input" && run <>"$directory/input" ;;
  # runc wants a terminal to copy from and to, and nobody is there: script(1) makes one. Its command is text, so the data are in variables.
  terminal)
    export ND_DIRECTORY="$directory" ND_ID="$id" ND_ROOT="$root" ND_ROOTLESS="$rootless"
    mkfifo "$directory/input" && SHELL=/bin/sh script --quiet --flush --return --command '
      exec runc --root "$ND_ROOT" ${ND_ROOTLESS:+--rootless=true} --log "$ND_DIRECTORY/runc.log" --log-format json \
        run --bundle "$ND_DIRECTORY" --pid-file "$ND_DIRECTORY/pid" "$ND_ID"' /dev/null <>"$directory/input"
    ;;
esac
code=$?
echo "$code" >"$directory/exit"
# It never ran: whoever waits for it takes everything back.
[ -e "$directory/pid" ] || exit "$code"
[ "$finish" = orphaned ] && kill -0 "$PPID" 2>/dev/null && exit "$code"
exec "$@" "$id"
