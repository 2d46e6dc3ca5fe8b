# shellcheck shell=bash disable=SC2034,SC2154
# Disks that are full.

# ---- a full disk

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
    full_before_steps
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

full_before_steps() {
    umount "$work/disk"
    disk 256m
    local output=$work/disk/run
    mkdir "$output"
    stand 15 "$output"
    sed -i '16,$d' "$output/metrics.jsonl"
    begin "$output" train.resume=true
    until_said "from the cache"
    kill -STOP "$pid"
    less_space 0
    kill -CONT "$pid"
    end
    expect_error 1 summary.json "$full"
    more_space
    expect_resumed "$output"
    verdict "full disk, before the first step"
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
