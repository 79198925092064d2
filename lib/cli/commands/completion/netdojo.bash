# Completion of netdojo for bash: what was typed goes to the program word by word, and never through eval.
_netdojo() {
  local found
  mapfile -t found < <(netdojo complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  # Behind a tab comes the description, which bash has no place for.
  COMPREPLY=("${found[@]%%$'\t'*}")
}
complete -o default -F _netdojo netdojo
