#!/usr/bin/env bash
# conformance/faults.sh [FAULT]...
#
# Injects faults into runs of a shortened demo (20 steps, a checkpoint after every 5th): all of them, or those named. After each the
# run must have said in one line what was wrong, with the exit code that fits, and the run that goes on from there must end with
# the bytes of hf/model.safetensors that a run without faults had. Prints ok, FAIL or skipped with what was seen, a line a
# fault, then the counts; exit code 1 where one failed. As root it mounts small file systems for full and read-only disks; the
# clock's faults need faketime.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
home=$PWD
work=$(mktemp -d)
export TMPDIR=$work # of crash reports
mounts=()
trap 'clean' EXIT

clean() {
    for mount in "${mounts[@]}"; do umount -l "$mount" 2>/dev/null || true; done
    rm -rf "$work"
}

# ---- running and judging

passed=0
failed=0
skipped=0
problem=
code=0
seen=

train() { # OUTPUT [KEY=VALUE]...: becomes the run
    local set=()
    for value in "data.train=$work/train.jsonl" data.eval=[] train.eval_every=none eval.generate=none train.max_steps=20 \
        train.save_every=5 "model.path=$home/examples/demo/model" "reference.cache=$work/reference" "data.cache=$work/data" "output=$1" "${@:2}"; do
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

# ---- 1. a full disk

full='No space left on device'

full_disk() {
    stopped 15
    code=0
    (
        ulimit -f 9000 # KiB
        train "$work/run" train.resume=true
    ) >"$work/out" 2>"$work/err" </dev/null || code=$?
    look
    expect_error 1 "step-00000020" "File too large"
    expect_resumed "$work/run"
    verdict "file size limit, checkpoint"
    if ! disk 64m; then
        skip "full disk" "no file system can be mounted"
        return
    fi
    full_at "artifacts" "artifacts/" 100 fresh
    full_at "checkpoint" "step-00000020" 6000 15
    full_at "hf" "/hf" 1000 20
    full_at "export" "/export" 4500 20
    full_metrics
    full_cache "reference cache" .reference reference.cache
    full_cache "token cache" .tokens data.cache
}

full_at() { # NAME FILE FREE STAND: the output's disk has FREE KiB when the run goes on from STAND
    umount "$work/disk"
    disk 256m
    local output=$work/disk/run resume=true
    mkdir "$output"
    if [ "$4" = fresh ]; then resume=false; else stand "$4" "$output"; fi
    less_space "$3"
    run "$output" "train.resume=$resume" train.keep_checkpoints=9
    expect_error 1 "$2" "$full"
    more_space
    local left
    left=$(find "$output" -name '*.tmp*' | head -n 1)
    [ -z "$left" ] || wrong "left $left"
    if [ "$4" = fresh ]; then
        local first=$seen
        run "$output"
        expect_code 0
        expect_same "$output"
        code=1 seen=$first
    else
        expect_resumed "$output"
    fi
    verdict "full disk, $1"
}

full_metrics() {
    umount "$work/disk"
    disk 256m
    begin "$work/disk/run"
    until_said step-00000005
    kill -STOP "$pid"
    less_space 0
    kill -CONT "$pid"
    end
    expect_error 1 metrics.jsonl "$full"
    more_space
    expect_resumed "$work/disk/run"
    verdict "full disk, metrics"
}

full_cache() { # NAME FILE KEY: a cache on a disk of 8 KiB
    umount "$work/disk"
    disk 8k
    fresh
    run "$work/run" "$3=$work/disk"
    if [ "$3" = data.cache ]; then
        expect_code 0
        expect_warning "$full"
        expect_same "$work/run"
        seen=$(grep '^warning: ' "$work/err" | tail -n 1)
    else
        expect_error 1 "$2" "$full"
        more_space
        local first=$seen
        fresh
        run "$work/run" "$3=$work/disk"
        expect_code 0
        expect_same "$work/run"
        code=1 seen=$first
    fi
    verdict "full disk, $1"
}

# ---- 2. damaged checkpoints

damage() { # HOW FILE
    local size
    size=$(stat -c %s "$2")
    case $1 in
    halved) truncate -s $((size / 2)) "$2" ;;
    emptied) truncate -s 0 "$2" ;;
    removed) rm "$2" ;;
    flipped) flip "$2" $((size / 2)) ;;
    esac
}

flip() { # FILE OFFSET: one bit of the byte there
    local byte
    byte=$(od -An -tu1 -j "$2" -N 1 "$1")
    # shellcheck disable=SC2059
    printf "\\x$(printf %02x $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

damaged_checkpoint() {
    for file in checkpoint checkpoint.data trainer.json; do
        for how in halved emptied removed flipped; do
            stopped 15
            damage "$how" "$(newest "$work/run")/$file"
            run "$work/run" train.resume=true
            expect_code 0
            expect_warning "passing over checkpoint step-00000015"
            expect_same "$work/run"
            verdict "newest checkpoint, $file $how" "$(grep '^warning: ' "$work/err" | head -n 1)"
        done
    done
    stopped 15
    for checkpoint in "$work"/run/checkpoints/*; do damage flipped "$checkpoint/checkpoint.data"; done
    run "$work/run" train.resume=true
    expect_error 2 "all of its checkpoints" "remove the folder to start anew"
    [ ! -e "$work/run/hf" ] || wrong "began anew"
    verdict "all checkpoints damaged"
}

# ---- 3. caches

lost_caches() {
    for cache in reference data; do
        for how in removed halved emptied flipped; do
            stopped 15
            cp -r "$work/$cache" "$work/saved"
            damage "$how" "$(find "$work/$cache" -type f | head -n 1)"
            run "$work/run" train.resume=true
            expect_code 0
            expect_same "$work/run"
            case $cache in
            reference) expect_warning "reference log-probabilities of data.train: computing" ;;
            data) expect_warning "data.train: $work/train.jsonl" ;;
            esac
            case $how in halved | flipped) expect_warning "$cache/" ;; esac
            verdict "$cache cache $how" "$(grep -h -e '^warning: ' -e computing -e 'JSON lines' "$work/err" "$work/out" |
                head -n 1)"
            rm -rf "${work:?}/$cache"
            mv "$work/saved" "$work/$cache"
        done
    done
}

# ---- 4. the clock

clock() {
    stopped 15
    touch -d '2001-01-01' "$work/run/checkpoints/step-00000015" "$work"/run/checkpoints/step-00000015/*
    touch -d '2040-01-01' "$work/run/checkpoints/step-00000010" "$work"/run/checkpoints/step-00000010/*
    run "$work/run" train.resume=true
    expect_code 0
    expect_same "$work/run"
    [ "$(grep -c '^step' "$work/out")" = 1 ] || wrong "did not go on from step 15"
    verdict "older checkpoint has the later time" "$(grep '^step' "$work/out" | tail -n 1)"
    if ! command -v faketime >/dev/null; then
        skip "clock set" "no faketime"
        return
    fi
    for jump in -400d +400d; do
        fresh
        echo +0 >"$work/time"
        (
            export FAKETIME_TIMESTAMP_FILE=$work/time FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1
            LD_PRELOAD=$(faketime -f +0 sh -c 'echo $LD_PRELOAD')
            export LD_PRELOAD
            train "$work/run" train.log_every=1
        ) >"$work/out" 2>"$work/err" </dev/null &
        pid=$!
        until_said step-00000005
        echo "$jump" >"$work/time"
        end
        expect_code 0
        expect_same "$work/run"
        ! grep -q 'eta -' "$work/out" || wrong "negative time left"
        ! grep -q 'step_seconds":-' "$work/run/metrics.jsonl" || wrong "negative duration"
        verdict "clock set by $jump during the run" "$(grep '^step 6/' "$work/out")"
    done
}

# ---- 5. the output folder

output_folder() {
    fresh
    echo >"$work/run"
    run "$work/run"
    expect_error 2 "is a file, expected a folder"
    verdict "output is a file"
    fresh
    run "$work/train.jsonl/run"
    expect_error 2 "output: "
    verdict "output below a file"
    stopped 15
    if mount --bind "$work/run" "$work/run" 2>/dev/null && mounts+=("$work/run") &&
        mount -o remount,bind,ro "$work/run" 2>/dev/null; then
        run "$work/run" train.resume=true
        expect_error 2 "output: $work/run is not writable" "ead-only file system"
        verdict "output read-only, resumed"
        run "$work/run/new"
        expect_error 2 "output: $work/run/new" "ead-only file system"
        verdict "output below read-only"
        umount "$work/run"
        fresh
        begin "$work/run"
        until_said step-00000005
        kill -STOP "$pid"
        mount -t tmpfs -o ro tmpfs "$work/run/checkpoints"
        kill -CONT "$pid"
        end
        umount "$work/run/checkpoints"
        expect_error 1 "step-00000010" "ead-only file system"
        expect_resumed "$work/run"
        verdict "output read-only during the run"
    else
        skip "output read-only" "no file system can be mounted"
    fi
    no_permission
    second_process
    output_gone
}

no_permission() {
    fresh
    mkdir -m 500 "$work/run"
    chmod 755 "$work"
    local as=()
    [ "$(id -u)" != 0 ] || as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    if ! "${as[@]}" test -r "$home/dil-ort" 2>/dev/null; then
        skip "output without permission" "another user cannot read the program"
        return
    fi
    code=0
    "${as[@]}" bash -c "$(declare -f train); home=$home work=$work train $work/run/new" >"$work/out" 2>"$work/err" || code=$?
    look
    expect_error 2 "output: $work/run/new" "ermission denied"
    verdict "output without permission"
}

second_process() {
    fresh
    begin "$work/run"
    until_said step-00000005
    kill -STOP "$pid"
    cp "$work/out" "$work/out.first"
    for resume in false true; do
        run "$work/run" "train.resume=$resume"
        expect_error 2 "is in use by another run (process $pid)"
        verdict "second process, train.resume=$resume"
    done
    ln -sfn run "$work/link"
    run "$work/link" train.resume=true
    expect_error 2 "is in use by another run"
    verdict "second process by a symbolic link"
    kill -CONT "$pid"
    end
    expect_code 0
    expect_same "$work/run"
    verdict "the first of two processes" "no error"
}

output_gone() {
    fresh
    begin "$work/run"
    until_said step-00000005
    kill -STOP "$pid"
    rm -r "$work/run"
    kill -CONT "$pid"
    end
    expect_error 1 "$work/run/checkpoints/step-00000010" "removed or moved"
    verdict "output removed during the run"
    fresh
    begin "$work/run"
    until_said step-00000005
    kill -STOP "$pid"
    mv "$work/run" "$work/moved"
    ln -s moved "$work/run"
    kill -CONT "$pid"
    end
    expect_code 0
    expect_same "$work/moved"
    verdict "output moved, a symbolic link in its place"
    rm -r "$work/run" "$work/moved"
    begin "$work/run"
    until_said step-00000005
    kill -STOP "$pid"
    mv "$work/run" "$work/moved"
    mkdir "$work/other"
    ln -s other "$work/run"
    kill -CONT "$pid"
    end
    expect_error 1 "$work/run/checkpoints/step-00000010" "removed or moved"
    rm "$work/run"
    mv "$work/moved" "$work/run"
    expect_resumed "$work/run"
    verdict "output replaced by a symbolic link to another folder"
    rm -r "$work/other"
}

# ---- 6. something else than before

changed() {
    cp -r examples/demo/model "$work/model"
    cp "$work/train.jsonl" "$work/other.jsonl"
    stopped 15
    damage flipped "$work/model/model.safetensors"
    run "$work/run" train.resume=true "model.path=$work/model"
    expect_error 2 "model.path = " ", now "
    verdict "model changed"
    sed -i '7s/"chosen": *"/&7/' "$work/other.jsonl"
    ! cmp -s "$work/train.jsonl" "$work/other.jsonl" || wrong "nothing changed"
    run "$work/run" train.resume=true "data.train=$work/other.jsonl"
    expect_error 2 "data.train = " ", now "
    verdict "data changed"
    run "$work/run" train.resume=true train.learning_rate=6e-5
    expect_error 2 "train.learning_rate = 5.0E-5, now 6.0E-5"
    verdict "configuration changed"
    code=0
    expect_resumed "$work/run"
    verdict "and back again" "no error"
}

# ---- 7. signals and standard streams

signals() {
    fresh
    begin "$work/run"
    until_said step-00000005
    kill -STOP "$pid"
    sleep 3
    kill -CONT "$pid"
    end
    expect_code 0
    expect_same "$work/run"
    verdict "SIGSTOP for 3 s, SIGCONT"
    fresh
    begin "$work/run"
    until_said step-00000005
    kill -TERM "$pid"
    kill -TERM "$pid"
    end
    expect_code 143
    expect_resumed "$work/run"
    verdict "SIGTERM twice"
    stopped 15
    begin "$work/run" train.resume=true
    until compgen -G "$work/run/checkpoints/step-00000020.tmp" >/dev/null || ! kill -0 "$pid"; do :; done
    kill -INT "$pid"
    end
    case $code in 0 | 130) ;; *) wrong "exit code $code, expected 130" ;; esac
    expect_resumed "$work/run"
    verdict "SIGINT during a checkpoint"
    for folder in hf export; do
        stopped 20
        begin "$work/run" train.resume=true
        until compgen -G "$work/run/$folder.tmp" >/dev/null || ! kill -0 "$pid"; do :; done
        kill -INT "$pid" || true
        end
        expect_code 130
        [ ! -e "$work/run/$folder" ] || wrong "$folder/ half-written"
        expect_resumed "$work/run"
        verdict "SIGINT during $folder/"
    done
}

streams() {
    fresh
    code=0
    { (train "$work/run") 2>"$work/err" || echo $? >"$work/code"; } | head -n 1 >"$work/out"
    expect_same "$work/run"
    [ ! -e "$work/code" ] || wrong "exit code $(cat "$work/code"), expected 0"
    verdict "standard output to head -1"
    fresh
    code=0
    (train "$work/run") >/dev/full 2>"$work/err" || code=$?
    look
    expect_error 1 "cannot write to standard output: $full"
    expect_same "$work/run"
    verdict "standard output full"
    fresh
    code=0
    (train "$work/run") >&- 2>"$work/err" || code=$?
    look
    expect_error 1 "cannot write to standard output"
    expect_same "$work/run"
    verdict "standard output closed"
    for to in '&-' '/dev/full'; do
        fresh
        code=0
        eval '(train "$work/run") >"$work/out" 2>'"$to" || code=$?
        : >"$work/err"
        look
        expect_code 0
        expect_same "$work/run"
        verdict "standard error to $to"
    done
}

# ---- 8. memory and crashes

memory() {
    mkdir -p "$work/here"
    fresh
    in_here 'DIL_ORT_JAVA_OPTS=-Xmx4m train "$work/run"'
    expect_error 1 "out of memory" "-Xmx raises it"
    verdict "heap of 4 MiB"
    for limit in 500000 2000000 2500000; do
        fresh
        in_here "ulimit -v $limit; DIL_ORT_JAVA_OPTS=-Xmx128m train \"\$work/run\""
        case $code in
        0) expect_same "$work/run" ;;
        *)
            expect_code 1
            [ -n "$seen" ] || seen=$(tail -n 1 "$work/err")
            case $seen in *memory* | *reserve* | *allocate*) ;; *) wrong "no word of memory" ;; esac
            expect_resumed "$work/run"
            ;;
        esac
        verdict "ulimit -v $limit"
    done
    crash
}

in_here() { # COMMAND: in a folder that has to stay empty
    code=0
    (cd "$work/here" && eval "$1") >"$work/out" 2>"$work/err" </dev/null || code=$?
    look
    nothing_here
}

nothing_here() {
    local left
    left=$(ls "$work/here")
    [ -z "$left" ] || wrong "left $left"
    rm -rf "${work:?}/here"/*
}

crash() { # as a fault of native code ends a process
    fresh
    (cd "$work/here" && train "$work/run") >"$work/out" 2>"$work/err" </dev/null &
    pid=$!
    until_said step-00000005
    kill -SEGV "$pid"
    end
    [ "$code" != 0 ] || wrong "exit code 0"
    seen=$(grep -hm 1 SIGSEGV "$work/out" "$work/err" || true)
    [ -n "$seen" ] || wrong "nothing said"
    nothing_here
    rm -f "$work"/dil-ort-crash-*
    expect_resumed "$work/run"
    verdict "crash of native code"
}

began=$SECONDS
head -n 640 examples/demo/data/train.jsonl >"$work/train.jsonl"
run "$work/whole" train.keep_checkpoints=9
[ "$code" = 0 ] || { cat "$work/err"; exit 1; }
expected=$(sha256sum <"$work/whole/hf/model.safetensors")
faults=("$@")
[ $# != 0 ] || faults=(full_disk damaged_checkpoint lost_caches clock output_folder changed signals streams memory)
for fault in "${faults[@]}"; do "$fault"; done
echo "$passed ok, $failed failed, $skipped skipped in $((SECONDS - began)) s"
[ "$failed" = 0 ]
