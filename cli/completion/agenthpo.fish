# Completion of agenthpo for fish:  agenthpo completion fish > ~/.config/fish/completions/agenthpo.fish

function __agenthpo_candidates
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l candidates (agenthpo completion fish -- $words[2..-1] "$current" 2>/dev/null)
    if test (count $candidates) -gt 0
        printf '%s\n' $candidates
    else
        __fish_complete_path "$current"
    end
end

complete -c agenthpo -e
complete -c agenthpo -f -a '(__agenthpo_candidates)'
