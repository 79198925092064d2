#compdef netdojo
# Completion of netdojo for zsh: what was typed goes to the program word by word, and never through eval.
_netdojo() {
  local -a found
  found=("${(@f)$(netdojo complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  [[ -n "${found[1]}" ]] || { _files; return }
  # Behind a tab comes the description; _describe wants a colon there.
  found=("${(@)found//:/\\:}")
  found=("${(@)found/$'\t'/:}")
  _describe netdojo found
}
if [[ "${funcstack[1]}" == _netdojo ]]; then _netdojo "$@"; else compdef _netdojo netdojo; fi
