# shellcheck shell=bash disable=SC2034,SC2154
# Clocks, signals, standard streams, memory and crashes.

# ---- the clock

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

# ---- signals and standard streams

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

# ---- memory and crashes

memory() {
    mkdir -p "$work/here"
    fresh
    in_here 'DIL_ORT_JAVA_OPTS="-Xmx4m -Djava.io.tmpdir=$work" train "$work/run"'
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
