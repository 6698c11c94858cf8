#compdef agenthpo
# Completion of agenthpo for zsh. In ~/.zshrc, after compinit:  source <(agenthpo completion zsh)

_agenthpo() {
  local -a candidates
  # (Q) takes quotes off; nothing of the command line is evaluated.
  candidates=("${(@f)$("${words[1]}" completion zsh -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  candidates=("${(@)candidates:#}")
  if (( ${#candidates} )); then
    _describe 'agenthpo' candidates
  else
    _files
  fi
}

if [[ ${funcstack[1]} == _agenthpo ]]; then
  _agenthpo "$@"
else
  compdef _agenthpo agenthpo
fi
