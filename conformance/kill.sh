#!/usr/bin/env bash
# conformance/kill.sh [RUNS] [SEED]
#
# Trains a shortened demo once without a stop, then RUNS times (40) with SIGKILL at a random moment of its life, which writes a
# checkpoint after every step, and resumes each until it ends. Every one must end with the bytes of hf/model.safetensors that
# the first one had. Prints one line a run; exit code 1 where the bytes differ or a resumed run fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
runs=${1:-40}
RANDOM=${2:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

train() { # OUTPUT [KEY=VALUE]...: becomes the run
    local output=$1 set=()
    for value in train.max_steps=12 train.save_every=1 train.eval_every=none data.eval=[] eval.generate=none \
        "output=$output" "${@:2}"; do
        set+=(--set "$value")
    done
    exec ./dil-ort train --config configs/demo.yaml "${set[@]}"
}

milliseconds() { echo $(($(date +%s%N) / 1000000)); }

began=$(milliseconds)
(train "$work/whole") >"$work/log" 2>&1
lasted=$(($(milliseconds) - began))
expected=$(sha256sum <"$work/whole/hf/model.safetensors")
echo "never killed: $lasted ms"

failed=0
in_a_write=0
for i in $(seq "$runs"); do
    run=$work/run
    rm -rf "$run"
    moment=$((RANDOM * lasted / 32768))
    (train "$run") >"$work/log" 2>&1 &
    pid=$!
    sleep "$(printf '%d.%03d' $((moment / 1000)) $((moment % 1000)))"
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    checkpoints=$(ls "$run/checkpoints" 2>/dev/null | tr '\n' ' ' || true)
    case $checkpoints in *.tmp*) in_a_write=$((in_a_write + 1)) ;; esac
    if (train "$run" train.resume=true) >"$work/log" 2>&1 &&
        [ "$(sha256sum <"$run/hf/model.safetensors")" = "$expected" ]; then
        echo "ok   $i: killed after $moment ms, with: ${checkpoints:-no checkpoint}"
    else
        echo "FAIL $i: killed after $moment ms, with: ${checkpoints:-no checkpoint}: $(tail -n 1 "$work/log")"
        failed=1
    fi
done
echo "$runs runs, $in_a_write of them killed while a checkpoint was being written"
exit "$failed"
