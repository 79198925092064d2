# Completes netdojo in bash: the typed words go to the program as arguments, and never through eval.
_netdojo() {
  local found
  mapfile -t found < <(netdojo complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  # A tab and the description follow each value; bash cannot show the description.
  COMPREPLY=("${found[@]%%$'\t'*}")
}
complete -o default -F _netdojo netdojo
