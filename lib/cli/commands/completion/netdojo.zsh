#compdef netdojo
# Completes netdojo in zsh: the typed words go to the program as arguments, and never through eval.
_netdojo() {
  local -a found
  found=("${(@f)$(netdojo complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  [[ -n "${found[1]}" ]] || { _files; return }
  # A tab separates the value and the description; _describe needs a colon.
  found=("${(@)found//:/\\:}")
  found=("${(@)found/$'\t'/:}")
  _describe netdojo found
}
if [[ "${funcstack[1]}" == _netdojo ]]; then _netdojo "$@"; else compdef _netdojo netdojo; fi
