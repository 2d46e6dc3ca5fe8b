# shellcheck shell=bash disable=SC2034,SC2154
# Runs, what is expected of them, and the folders that they start from; for conformance/faults.sh.

passed=0
failed=0
skipped=0
problem=
code=0
seen=

train() { # OUTPUT [KEY=VALUE]...: becomes the run
    local set=()
    for value in "data.train=$work/train.jsonl" data.eval=[] train.eval_every=none eval.generate=none train.max_steps=20 \
        train.batch_pairs=8 train.save_every=5 "model.path=$home/examples/demo/model" "reference.cache=$work/reference" "data.cache=$work/data" "output=$1" "${@:2}"; do
        set+=(--set "$value")
    done
    exec "$home/dil-ort" train --config "$home/configs/demo.yaml" "${set[@]}"
}

run() { # OUTPUT [KEY=VALUE]...: a run to its end; sets code and what it said
    code=0
    (train "$@") >"$work/out" 2>"$work/err" </dev/null || code=$?
    look
}

begin() { # OUTPUT [KEY=VALUE]...: a run in the background; sets pid
    (train "$@") >"$work/out" 2>"$work/err" </dev/null &
    pid=$!
}

end() { # waits for the run in the background
    code=0
    wait "$pid" 2>/dev/null || code=$?
    look
}

look() { seen=$(grep '^dil-ort: ' "$work/err" | tail -n 1 || true); }

until_said() { # TEXT: waits until the run in the background has said it, or is gone
    until grep -qsF -- "$1" "$work/out" "$work/err" || ! kill -0 "$pid" 2>/dev/null; do sleep 0.01; done
}

wrong() { problem=${problem:+$problem; }$1; }

expect_code() { [ "$code" = "$1" ] || wrong "exit code $code, expected $1"; }

expect_error() { # CODE TEXT...: one line of errors, with every text
    expect_code "$1"
    local lines
    lines=$(grep -vc '^warning: ' "$work/err" || true)
    [ "$lines" = 1 ] || wrong "$lines lines of errors, expected 1"
    for text in "${@:2}"; do
        case $seen in *"$text"*) ;; *) wrong "no '$text'" ;; esac
    done
}

expect_warning() { # TEXT
    grep -qsF -- "$1" "$work/err" "$work/out" || wrong "no line with '$1'"
}

expect_same() { # OUTPUT: the bytes of the run without faults
    [ "$(sha256sum 2>/dev/null <"$1/hf/model.safetensors")" = "$expected" ] || wrong "another model"
}

expect_resumed() { # OUTPUT [KEY=VALUE]...: goes on to the same bytes
    local code seen
    run "$@" train.resume=true
    [ "$code" = 0 ] || wrong "resumed: exit code $code: $seen"
    expect_same "$1"
}

verdict() { # NAME [SEEN]: one line
    local line=${2:-$seen}
    line=${line//$work/TMP}
    if [ -z "$problem" ]; then
        passed=$((passed + 1))
        echo "ok      $1: $code: ${line:-no error}"
    else
        failed=$((failed + 1))
        echo "FAIL    $1: $problem: $code: ${line:-no error}"
    fi
    problem=
}

skip() { # NAME WHY
    skipped=$((skipped + 1))
    echo "skipped $1: $2"
}

fresh() { rm -rf "$work/run"; }

stopped() { # STEP: $work/run is the run as it stood after the checkpoint of that step
    fresh
    mkdir "$work/run"
    stand "$1" "$work/run"
}

stand() { # STEP FOLDER
    cp -r "$work/whole/." "$2"
    rm -r "$2/hf" "$2/export"
    for checkpoint in "$2"/checkpoints/step-*; do
        [ "$((10#${checkpoint##*-}))" -le "$1" ] || rm -r "$checkpoint"
    done
}

newest() { ls -d "$1"/checkpoints/step-* | tail -n 1; }

disk() { # SIZE: an empty file system of that size at $work/disk
    mkdir -p "$work/disk"
    umount "$work/disk" 2>/dev/null || true
    mount -t tmpfs -o "size=$1" tmpfs "$work/disk" 2>/dev/null && mounts+=("$work/disk")
}

more_space() { mount -o remount,size=256m "$work/disk"; }

less_space() { # FREE KiB
    local used
    used=$(df -k --output=used "$work/disk" | tail -n 1)
    mount -o "remount,size=$((used + $1))k" "$work/disk"
}
