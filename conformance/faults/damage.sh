# shellcheck shell=bash disable=SC2034,SC2154
# Checkpoints, caches, models and data that are damaged, lost or changed between runs.

# ---- damaged checkpoints

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

# ---- caches

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

# ---- something else than before

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
