# Completion of agenthpo for bash. In ~/.bashrc:  source <(agenthpo completion bash)

_agenthpo() {
  local candidate
  COMPREPLY=()
  # The words are passed as they stand: nothing of the command line is evaluated.
  while IFS= read -r candidate; do
    # Quoted: a candidate lands on the command line as it stands, and the name of a folder may hold anything.
    printf -v candidate %q "$candidate"
    COMPREPLY+=("$candidate")
  done < <("$1" completion bash -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  # "name=" and "openai:" want something right behind them.
  if [[ ${COMPREPLY[0]-} == *[=:] ]]; then compopt -o nospace 2>/dev/null; fi
}

complete -o bashdefault -o default -F _agenthpo agenthpo
