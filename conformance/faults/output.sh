# shellcheck shell=bash disable=SC2034,SC2154
# Output folders that cannot be had, or are taken away.

# ---- the output folder

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
        expect_error 1 "checkpoints/step-" "ead-only file system"
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
    expect_error 1 "$work/run/checkpoints/step-" "removed or moved"
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
    expect_error 1 "$work/run/checkpoints/step-" "removed or moved"
    rm "$work/run"
    mv "$work/moved" "$work/run"
    expect_resumed "$work/run"
    verdict "output replaced by a symbolic link to another folder"
    rm -r "$work/other"
}
