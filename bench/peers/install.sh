#!/bin/sh
# A virtual environment for the oracle and for each optimiser, because their dependencies do not agree:
#
#     bench/peers/install.sh [oracle|optuna|smac|hebo|ax ...]
#
# They lie in bench/.venv, or where AGENTHPO_BENCH_VENVS says. Python 3.11; a few minutes and 5 GB, most of it torch.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${AGENTHPO_BENCH_VENVS:-$here/../.venv}
[ $# -gt 0 ] || set -- oracle optuna smac hebo ax
for name in "$@"; do
  python3 -m venv "$target/$name"
  "$target/$name/bin/pip" install --quiet --requirement "$here/requirements/$name.txt"
done
