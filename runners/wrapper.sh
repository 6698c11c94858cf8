#!/bin/sh
# Stands beside one training from its start to its end, whatever becomes of the tuner: claims the attempt, keeps the
# output, enforces the limits, ends everything the training started, and leaves result.json behind.
# A shell, because it starts in milliseconds. POSIX sh; Linux reads /proc, elsewhere ps answers.
#
# usage: wrapper.sh CONTROL_FOLDER TRIAL_FOLDER ATTEMPT_ID ATTEMPT_JSON TIME_LIMIT_MS MEMORY_LIMIT_KIB (0: none)
#                   OUTPUT_LIMIT_BYTES GRACE_MS PROGRAM [ARGUMENT...]
# ATTEMPT_JSON are members of an object, taken over into start.json and result.json.
# Runs in the trial's folder, as leader of its own process group. SIGTERM asks it to end the training.
# Names are long on purpose: an assignment to a variable that came in through the environment would reach the training.
set -u
control_folder=$1 trial_folder=$2 attempt_id=$3 attempt_json=$4
time_limit_ms=$5 memory_limit_kib=$6 output_limit_bytes=$7 grace_ms=$8
shift 8
exec 2>>"$control_folder/wrapper.log"
end_reason= ended_ms= training_pid= ticker_pid= sink_pid= has_proc= sandbox=
case $1 in */bwrap) sandbox=yes ;; esac
[ -r /proc/self/stat ] && has_proc=yes

# --- clocks -----------------------------------------------------------------------------------------------------------

# Milliseconds on a clock that is never set, into $clock_ms.
read_clock() {
  if [ "$has_proc" ]; then
    read -r uptime_seconds _ </proc/uptime
    clock_ms=${uptime_seconds%.*}${uptime_seconds#*.}0
  else
    clock_ms=$(date +%s)000
  fi
}

# Milliseconds as seconds (1234 -> 1.234), into $seconds_text.
to_seconds() {
  padded_ms=$(($1 % 1000 + 1000))
  seconds_text=$(($1 / 1000)).${padded_ms#1}
}

# --- processes --------------------------------------------------------------------------------------------------------

# The fields of a process after its name (state first, parent second) into $process_fields; fails when it is gone.
read_process() {
  { read -r process_line <"/proc/$1/stat"; } 2>/dev/null || return 1
  process_fields=${process_line##*) }
}

# Whether the process, given with its parent, is part of this wrapper and not of the training.
is_own() {
  [ "$1" = "$training_pid" ] && return 1
  case " $$ $ticker_pid $sink_pid " in *" $1 "* | *" $2 "*) return 0 ;; esac
  return 1
}

# Every living process of the training into $found_pids: those that carry its mark in their environment, whatever
# session they fled to, and those of this group that dropped it. Zombies are not alive.
find_training() {
  found_pids=
  if [ -z "$has_proc" ]; then
    find_training_by_ps
    return
  fi
  for match_path in $(
    LC_ALL=C grep -lszE "^AGENTHPO_ATTEMPT=$attempt_id\$|^[0-9]+ \(.*\) [^ZX] [0-9]+ $$ " \
      /proc/[0-9]*/environ /proc/[0-9]*/stat
  ); do
    match_pid=${match_path#/proc/}
    match_pid=${match_pid%/*}
    case $match_path in */stat)
      read_process "$match_pid" || continue
      parent_pid=${process_fields#? }
      is_own "$match_pid" "${parent_pid%% *}" && continue
      ;;
    esac
    add_found "$match_pid"
  done
  # A script may rename itself over its environment and leave the group at once: it is still the one that was started.
  read_process "${training_pid:-none}" || return 0
  case $process_fields in [ZX]*) ;; *) add_found "$training_pid" ;; esac
}

add_found() {
  case " $found_pids " in *" $1 "*) ;; *) found_pids="$found_pids $1" ;; esac
}

find_training_by_ps() {
  for match_line in $(ps -axEww -o pid= -o ppid= -o pgid= -o stat= -o command= |
    awk -v mark="AGENTHPO_ATTEMPT=$attempt_id" -v group=$$ '
      $4 ~ /^Z/ { next }
      index($0 " ", " " mark " ") { print $1 ":marked"; next }
      $3 == group { print $1 ":" $2 }'); do
    case $match_line in *:marked) ;; *) is_own "${match_line%:*}" "${match_line#*:}" && continue ;; esac
    found_pids="$found_pids ${match_line%:*}"
  done
}

# Whether the process is one of bubblewrap's own two, which stand between this wrapper and what runs inside.
is_sandbox() {
  [ "$sandbox" ] || return 1
  [ "$1" = "$training_pid" ] && return
  read_process "$1" || return 1
  parent_pid=${process_fields#? }
  [ "${parent_pid%% *}" = "$training_pid" ]
}

# SIGTERM to the whole training. Not to its sandbox, whose end would be everybody's at once, without a grace; but when
# it is all there is, nothing inside has begun.
ask_training() {
  asked_pids=
  for member_pid in $found_pids; do is_sandbox "$member_pid" || asked_pids="$asked_pids $member_pid"; done
  # shellcheck disable=SC2086 # one word a process
  kill -TERM ${asked_pids:-$found_pids} 2>/dev/null
}

# SIGTERM, then SIGKILL after the grace, until nothing of the training is alive.
end_training() {
  ask_training
  read_clock
  kill_at_ms=$((clock_ms + grace_ms))
  while find_training && [ "$found_pids" ]; do
    read_clock
    # shellcheck disable=SC2086
    [ "$clock_ms" -ge "$kill_at_ms" ] && kill -KILL $found_pids 2>/dev/null
    sleep 0.05
  done
}

# --- output -----------------------------------------------------------------------------------------------------------

# The pipe to stdout.log at once, up to the limit; the rest is read and dropped, so that the training never
# blocks. A file size limit does the counting: dd counts reads, not bytes, and head holds lines back.
keep_output() {
  exec <&4 4<&- 5>&- # Here and not where it is called: the shell would keep a copy of 5 to restore, and no end would come.
  if (ulimit -f "$((output_limit_bytes / 512))" && exec cat >"$trial_folder/stdout.log") 2>/dev/null; then return; fi
  printf '\n[output cut after %s bytes]\n' "$(($(wc -c <"$trial_folder/stdout.log")))" >>"$trial_folder/stdout.log"
  exec cat >/dev/null
}

# --- limits -----------------------------------------------------------------------------------------------------------

# The training's resident memory now into $resident_kib; raises $peak_kib to it, and to any single process's own peak.
sample_memory() {
  find_training
  resident_kib=0
  for member_pid in $found_pids; do
    if [ "$has_proc" ]; then
      while read -r status_name status_kib _; do
        case $status_name in
        VmHWM:) [ "$status_kib" -gt "$peak_kib" ] && peak_kib=$status_kib ;;
        VmRSS:) resident_kib=$((resident_kib + status_kib)) && break ;;
        esac
      done <"/proc/$member_pid/status"
    else
      resident_kib=$((resident_kib + $(ps -o rss= -p "$member_pid" || echo 0)))
    fi
  done 2>/dev/null
  [ "$resident_kib" -gt "$peak_kib" ] && peak_kib=$resident_kib
}

# Whether somebody killed the wrapper itself: then nobody but the ticker is left to end the training.
is_abandoned() {
  [ "$has_proc" ] || { ! kill -0 $$ 2>/dev/null && return; }
  read_process self || return 1
  ticker_pid=${process_line%% *} parent_pid=${process_fields#? }
  [ "${parent_pid%% *}" != $$ ]
}

# Beside the wrapper, which waits for the training and for nothing else: a heartbeat, and a signal for each limit
# reached. Looks after 0.2 s, 0.5 s, then every second, and at the time limit.
watch_limits() {
  peak_kib=0 tick_ms=200 drain_ticks=0 limit_reached=
  while :; do
    read_clock
    rest_ms=$((started_ms + time_limit_ms - clock_ms))
    if [ "$rest_ms" -le 0 ] || [ "$rest_ms" -gt "$tick_ms" ]; then rest_ms=$tick_ms; fi
    to_seconds "$rest_ms"
    sleep "$seconds_text"
    if is_abandoned; then
      find_training
      end_training
      kill -KILL 0
    fi
    sample_memory
    read_clock
    echo "$clock_ms $peak_kib" >"$control_folder/heartbeat"
    [ "$limit_reached" ] || report_limit
    close_output
    case $tick_ms in 200) tick_ms=500 ;; *) tick_ms=1000 ;; esac
  done
}

# Once only: a second signal could cut the wrapper's collecting of the exit code short.
report_limit() {
  if [ "$clock_ms" -ge $((started_ms + time_limit_ms)) ]; then
    limit_reached=yes
    kill -USR1 $$
  elif [ "$memory_limit_kib" -gt 0 ] && [ "$resident_kib" -gt "$memory_limit_kib" ]; then
    limit_reached=yes
    kill -USR2 $$
  fi
}

# A stranger that fled from mark and group may hold the output open for ever after the training's end.
close_output() {
  [ "$found_pids" ] && return
  kill -0 "$training_pid" 2>/dev/null && return
  drain_ticks=$((drain_ticks + 1))
  [ "$drain_ticks" -ge 3 ] && kill "$sink_pid" 2>/dev/null
}

# --- the attempt ------------------------------------------------------------------------------------------------------

# Takes the attempt, once: noclobber creates a file or fails. Fails, too, when a later tuner has given the attempt up
# (it leaves that word before it looks for start.json, we look for it after writing: one of us sees the other), and when
# this is not the leader of its group, which the last line of this file would kill.
claim_attempt() {
  if [ "$has_proc" ]; then
    read_process $$
    # shellcheck disable=SC2086 # from field 3 of the line on: 5 is the group, 22 the start
    set -- $process_fields
    group_id=$3 start_time=${20}
  else
    group_id=$(($(ps -o pgid= -p $$)))
    start_time=$(ps -o lstart= -p $$ | sed 's/^ *//;s/ *$//')
  fi
  [ "$group_id" -eq $$ ] || return 1
  set -C
  printf '{%s,"pid":%d,"startTime":"%s"}\n' "$attempt_json" $$ "$start_time" >"$control_folder/start.json" || return 1
  set +C
  ! [ -e "$control_folder/abandoned" ]
}

# Nobody reads the result while this wrapper lives, so that it need not appear whole.
# The shell reports a signal as 128 + its number; a script that exits with such a number by itself reads the same.
write_result() {
  exit_json=$exit_status signal_json=null peak_bytes=null
  if [ "$exit_status" -gt 128 ] && signal_name=$(kill -l "$((exit_status - 128))" 2>/dev/null); then
    exit_json=null signal_json=\"SIG$signal_name\"
  fi
  if [ -s "$control_folder/heartbeat" ] && read -r _ peak_kib <"$control_folder/heartbeat"; then
    [ "$peak_kib" -gt 0 ] && peak_bytes=$((peak_kib * 1024))
  fi
  to_seconds $((ended_ms - started_ms))
  printf '{%s,"outcome":"%s","exitCode":%s,"signal":%s,"wallSeconds":%s,"peakMemoryBytes":%s}\n' \
    "$attempt_json" "$end_reason" "$exit_json" "$signal_json" "$seconds_text" "$peak_bytes" \
    >"$control_folder/result.json"
}

# Ends the training for a reason of its own; the first reason stays. Called from traps, at any moment.
stop() {
  [ "$end_reason" ] && return
  end_reason=$1
  # Until everything has started, nobody can tell the training’s processes from ours; the line after that looks again.
  [ "$ticker_pid" ] && stop_training
}

# In the trap and not after the wait that it interrupts: a signal just before that wait would go unheard for ever.
stop_training() {
  [ "$ended_ms" ] && return
  find_training
  end_training
  wait "$training_pid"
  exit_status=$?
  read_clock
  ended_ms=$clock_ms
}

trap 'stop interrupted' TERM INT HUP
trap 'stop timed-out' USR1
trap 'stop memory-limit' USR2

claim_attempt || exit 75
mkfifo "$control_folder/output" || exit 74
# Both ends are open before anybody uses them: nobody waits for the other to come, and no output is lost. Opening for
# both at first (3) is what keeps the shell itself from waiting.
exec 3<>"$control_folder/output" 4<"$control_folder/output" 5>"$control_folder/output" 3>&-
read_clock
started_ms=$clock_ms
keep_output &
sink_pid=$!
AGENTHPO_ATTEMPT=$attempt_id "$@" </dev/null >&5 2>&1 4<&- 5>&- &
training_pid=$!
exec 4<&- 5>&-
watch_limits &
ticker_pid=$!
[ "$end_reason" ] && stop_training

wait "$training_pid"
wait_status=$?
if [ -z "$end_reason" ]; then
  end_reason=exited exit_status=$wait_status
  read_clock
  ended_ms=$clock_ms
  find_training
  [ "$found_pids" ] && end_training
fi
while kill -0 "$sink_pid" 2>/dev/null; do wait "$sink_pid"; done
# Not TERM: a shell that has just been forked can lose it, and would then be waited for until the time limit.
nap_pids=
[ "$has_proc" ] && { read -r nap_pids <"/proc/$ticker_pid/task/$ticker_pid/children"; } 2>/dev/null
# shellcheck disable=SC2086 # one word a process
kill -KILL "$ticker_pid" $nap_pids 2>/dev/null
wait "$ticker_pid"
# Its sleep is nobody's child now, so that no wait tells when it is gone; another process with its number is of another session.
for nap_pid in $nap_pids; do
  while read_process "$nap_pid"; do
    case $process_fields in [ZX]*) break ;; *" $$ "*) ;; *) break ;; esac
  done
done
# A second look, once nobody of ours can start anything: a process that was just starting a program bore no mark for that moment.
find_training
[ "$found_pids" ] && end_training
write_result
kill -KILL 0
