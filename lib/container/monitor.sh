#!/bin/sh
# Waits until a container ends, and writes its exit code. Then it becomes the program that finishes the container, unless
# the starter still lives and does so itself.
#
#   sh monitor.sh DIRECTORY ID RUNC-ROOT ROOTLESS plain|open|terminal always|orphaned WRITER MAX-SIZE MAX-FILES FINISHER...
directory=$1 id=$2 root=$3 rootless=$4 input=$5 finish=$6 writer=$7 size=$8 files=$9
shift 9

# runc passes signals on to the container. Children inherit ignored signals, and not traps with a command.
trap : HUP INT QUIT TERM

run() {
  runc --root "$root" ${rootless:+--rootless=true} --log "$directory/runc.log" --log-format json \
    run --bundle "$directory" --pid-file "$directory/pid" "$id"
}

# A log of limited size is written by a program of its own, which ends with the last program that writes to the pipe.
if [ -n "$writer" ]; then
  mkfifo "$directory/output"
  "$1" "$writer" "$directory/log" "$size" "$files" <"$directory/output" >/dev/null 2>&1 &
  exec >"$directory/output" 2>&1
fi

case $input in
  plain) run ;;
  # A pipe that this shell holds open never reaches its end.
  open) mkfifo "$directory/input" && run <>"$directory/input" ;;
  # runc needs a terminal, and this process has none: script(1) makes one. Its command is text, so the data are in variables.
  terminal)
    export ND_DIRECTORY="$directory" ND_ID="$id" ND_ROOT="$root" ND_ROOTLESS="$rootless"
    mkfifo "$directory/input" && SHELL=/bin/sh script --quiet --flush --return --command '
      exec runc --root "$ND_ROOT" ${ND_ROOTLESS:+--rootless=true} --log "$ND_DIRECTORY/runc.log" --log-format json \
        run --bundle "$ND_DIRECTORY" --pid-file "$ND_DIRECTORY/pid" "$ND_ID"' /dev/null <>"$directory/input"
    ;;
esac
code=$?
# runc was killed (proc(5): its state is still there), and the program lives on without it.
[ -e "$root/$id" ] && runc --root "$root" ${rootless:+--rootless=true} delete --force "$id" </dev/null >/dev/null 2>&1
exec >/dev/null 2>&1
# The log is complete before the container has ended.
wait
echo "$code" >"$directory/exit"
# The program never ran: the process that waits for the monitor removes everything.
[ -e "$directory/pid" ] || exit "$code"
[ "$finish" = orphaned ] && kill -0 "$PPID" 2>/dev/null && exit "$code"
exec "$@" "$id"
