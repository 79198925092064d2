# Completes netdojo in fish: the typed words go to the program as arguments, and never through eval.
function __netdojo_complete
    set -l before (commandline -opc)
    set -l last (commandline -ct)
    netdojo complete -- $before[2..-1] "$last" 2>/dev/null
end
complete -c netdojo -f -a '(__netdojo_complete)'
