#!/usr/bin/env bash
# conformance/big.sh [FOLDER]
#
# Measures what big models take, each figure beside its limit, on generated Llamas with bfloat16 weights in shards:
#
#   400 M parameters: three steps of training; the same killed after the second and resumed, to the same bytes
#   1.1 G parameters: two steps of adapters of rank 16 on all linear layers, and the exports; with the base in its own
#   bfloat16, then in 4 bits
#   1.5 G parameters (3 GB): from the weights to a training checkpoint, and from that to hf/ and export/
#
# FOLDER (out) takes 25 GB for the time; the machine needs 16 GB of memory and 20 minutes. Linux only: it reads /proc.
# Exits with 1 where a figure passes its limit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
jar=target/dil-ort.jar
failed=0

# measure COMMAND...: runs it, and leaves its peaks in rss and anonymous (MiB) and its time in seconds
measure() {
    local start=$SECONDS key value
    rss=0 anonymous=0
    "$@" >"$folder/log" 2>&1 &
    local pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        while read -r key value _; do
            case $key in
            VmHWM:) rss=$((value / 1024 > rss ? value / 1024 : rss)) ;;
            RssAnon:) anonymous=$((value / 1024 > anonymous ? value / 1024 : anonymous)) ;;
            esac
        done <"/proc/$pid/status" || true
        sleep 0.1
    done 2>/dev/null
    if ! wait "$pid"; then
        tail -n 5 "$folder/log" >&2
        exit 1
    fi
    seconds=$((SECONDS - start))
}

# report WHAT LIMIT_MIB: the figures of the last measure
report() {
    local verdict=ok
    if [ "$rss" -gt "$2" ]; then
        verdict=FAILED
        failed=1
    fi
    printf '%-44s %6d MiB resident (%6d anonymous), limit %6d MiB, %4d s  %s\n' \
        "$1" "$rss" "$anonymous" "$2" "$seconds" "$verdict"
}

# same WHAT COMMAND...: says whether the command succeeds
same() {
    local what=$1
    shift
    if "$@"; then
        printf '%-44s the same\n' "$what"
    else
        printf '%-44s FAILED: not the same\n' "$what"
        failed=1
    fi
}

# config NAME LAYERS HIDDEN INTERMEDIATE VOCABULARY: 16 heads
config() {
    cat >"$folder/$1.json" <<END
{"model_type": "llama", "hidden_size": $3, "intermediate_size": $4, "vocab_size": $5, "num_hidden_layers": $2,
 "num_attention_heads": 16, "num_key_value_heads": 4, "max_position_embeddings": 2048, "tie_word_embeddings": true}
END
    cat >"$folder/$1.yaml" <<END
model: {path: $folder/$1}
data: {train: $folder/pairs.jsonl, max_length: 32}
train: {batch_pairs: 2, max_steps: 3, learning_rate: 1e-6, save_every: 1}
reference: {cache: $folder/reference-cache}
device: cpu
output: set by every run
END
}

make() {
    java -cp $jar conformance/MakeCheckpoint.java "$folder/$1.json" BF16 "$2" "$folder/$1"
}

train() {
    local output=$1
    shift
    exec ./dil-ort train --config "$folder/m400.yaml" --set output="$folder/$output" "$@"
}

# Numbers of every step, without the three values that are times.
numbers() {
    sed -E 's/"(computed_tokens_per_second|tokens_per_second|step_seconds)":[^,}]+//g' "$folder/$1/metrics.jsonl"
}

same_numbers() {
    [ "$(numbers whole)" = "$(numbers parts)" ]
}

same_files() {
    diff -rq "$folder/whole/$1" "$folder/parts/$1" >&2
}

train_and_resume() {
    measure train whole
    report "400 M parameters, three steps" 16384
    (train parts) >"$folder/log" 2>&1 &
    local pid=$!
    while [ ! -d "$folder/parts/checkpoints/step-00000002" ] && kill -0 "$pid" 2>/dev/null; do
        sleep 0.1
    done
    kill -KILL "$pid"
    wait "$pid" 2>/dev/null || true
    measure train parts --set train.resume=true
    report "killed after the second, resumed" 16384
    same "losses, norms and rewards" same_numbers
    same "weights of hf/" same_files hf
    same "export/" same_files export/onnx
    same "last checkpoint" same_files checkpoints/step-00000003
}

adapt() {
    local model="$folder/m1100.yaml" quantize
    for quantize in none int4; do
        measure ./dil-ort train --config "$model" --set output="$folder/adapted" --set model.lora.rank=16 \
            --set model.lora.quantize=$quantize --set train.max_steps=2 --set train.learning_rate=1e-4
        report "1.1 G parameters, adapters, quantize: $quantize" 12288
        rm -rf "$folder/adapted"
    done
}

# The greatest tensor is the embedding: 32768 x 2048 floats, 256 MiB.
convert() {
    local limit=$((1024 + 256))
    measure ./dil-ort artifacts --config "$folder/m1500.yaml" --out "$folder/artifacts"
    report "3 GB of weights to a training checkpoint" $limit
    measure java -cp $jar conformance/Deliver.java "$folder/m1500" "$folder/artifacts/checkpoint" "$folder/delivered"
    report "that checkpoint to hf/ and export/" $limit
    for shard in "$folder"/m1500/*.safetensors; do
        same "untrained $(basename "$shard")" cmp "$shard" "$folder/delivered/hf/$(basename "$shard")"
    done
}

mkdir -p "${1:-out}"
folder=$(mktemp -d "${1:-out}/big-XXXXXX")
trap 'rm -rf "$folder"' EXIT
./dil-ort --version
cat >"$folder/pairs.jsonl" <<'END'
{"prompt_ids": [1, 57, 53, 900, 801, 77], "chosen_ids": [43, 102, 5000, 8, 2], "rejected_ids": [44, 901, 17, 2]}
{"prompt_ids": [1, 157, 253, 90, 1801, 77], "chosen_ids": [430, 12, 500, 80, 2], "rejected_ids": [744, 91, 170, 2]}
{"prompt_ids": [1, 7, 5333, 9000, 81, 770], "chosen_ids": [3, 1020, 50, 800, 2], "rejected_ids": [4, 9010, 1700, 2]}
{"prompt_ids": [1, 557, 53, 1900, 801, 77], "chosen_ids": [413, 102, 5000, 8, 2], "rejected_ids": [494, 901, 17, 2]}
END
config m400 32 1024 2816 40960
make m400 300
train_and_resume
rm -rf "$folder"/{m400,whole,parts}
config m1100 22 2048 5632 32000
make m1100 1000
adapt
rm -rf "$folder/m1100"
config m1500 32 2048 5632 32768
make m1500 1000
convert
exit $failed
