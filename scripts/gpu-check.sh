#!/usr/bin/env bash
# scripts/gpu-check.sh [OUT]
#
# Proves on a machine with an NVIDIA GPU that training on CUDA is training on the CPU, and times it; from a bundle
# (scripts/gpu-bundle.sh) or from a checkout that was built with -Pcuda. No network, no build tool; under 8 minutes.
# Logs go to OUT (out/gpu-check); the last lines sum up; exit 1 when something failed.
#
#   1. every head's training step against the CPU, products in float (1e-3) and in bfloat16 (2e-2)
#   2. the demo improves, in float and in bfloat16
#   3. a run that is stopped and resumed ends as one that never stopped
#   4. adapters over a base in eight and in four bits train to the CPU's losses
#   5. the bench table, beside PyTorch where python3 has it
#
# DIL_ORT_CUDA_PATH names the folders of CUDA 13 and cuDNN 9; without it they are looked for.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=${1:-out/gpu-check}
mkdir -p "$out"
summary=$out/summary.txt
: >"$summary"
failed=0

say() { echo "$*" | tee -a "$summary"; }

verdict() { # NAME STATUS
    if [ "$2" = 0 ]; then say "ok    $1"; else
        say "FAIL  $1"
        failed=1
    fi
}

# The first folder that holds a library, of those where CUDA and Python's CUDA packages are put.
folder_of() {
    find -L /usr/local/cuda*/lib64 /usr/local/cuda*/targets /usr/lib/x86_64-linux-gnu /usr/local/lib /opt /root \
        -name "$1" -not -path '*/stubs/*' 2>/dev/null | head -n 1 | xargs -r dirname
}

if [ -z "${DIL_ORT_CUDA_PATH:-}" ]; then
    for library in libcudart.so.13 libcublas.so.13 libcublasLt.so.13 libcudnn.so.9 libnvrtc.so.13; do
        DIL_ORT_CUDA_PATH=${DIL_ORT_CUDA_PATH:+$DIL_ORT_CUDA_PATH:}$(folder_of "$library")
    done
    export DIL_ORT_CUDA_PATH
fi

say "CUDA libraries: $DIL_ORT_CUDA_PATH"
./dil-ort doctor 2>&1 | tee -a "$summary"

timeout 240 ./dil-ort doctor --check-cuda >"$out/heads.txt" 2>&1
verdict "every head's step against the CPU" $?
grep -E 'FAIL|steps \(every|Exception|rror' "$out/heads.txt" | tail -n 12 | tee -a "$summary"

# The demo, its last table, and whether the accuracy of the second column is above that of the first.
demo() { # COMPUTE
    local run=$out/demo-$1
    rm -rf "$run"
    timeout 120 ./dil-ort train --config configs/demo.yaml --set device=cuda --set "model.compute=$1" \
        --set "output=$run" >"$out/demo-$1.txt" 2>&1 || return 1
    grep -E '^device|accuracy|margin|answers' "$out/demo-$1.txt" | tail -n 6 | tee -a "$summary"
    grep 'preference accuracy' "$out/demo-$1.txt" | tail -n 1 |
        awk '{ ok = $NF > $(NF - 1) } END { exit !ok }'
}

for compute in float32 bfloat16; do
    demo "$compute"
    verdict "the demo improves in $compute" $?
done

# Stops a run in its middle, goes on, and holds the log-probabilities of its model against those of demo-float32.
resumed() {
    local run=$out/resumed
    rm -rf "$run"
    ./dil-ort train --config configs/demo.yaml --set device=cuda --set model.compute=float32 --set "output=$run" \
        >"$out/resumed-1.txt" 2>&1 &
    local process=$!
    for _ in $(seq 600); do
        [ "$(cat "$run/metrics.jsonl" 2>/dev/null | wc -l)" -ge 20 ] && break
        kill -0 "$process" 2>/dev/null || break
        sleep 0.1
    done
    kill -TERM "$process"
    wait "$process"
    [ $? = 143 ] || return 1
    timeout 120 ./dil-ort train --config configs/demo.yaml --set device=cuda --set model.compute=float32 \
        --set train.resume=true --set "output=$run" >"$out/resumed-2.txt" 2>&1 || return 1
    for model in demo-float32 resumed; do
        ./dil-ort score --model "$out/$model/hf" --data examples/demo/data/eval.jsonl --out "$out/$model-scores.jsonl" \
            >>"$out/score.txt" 2>&1 || return 1
    done
    paste -d' ' "$out/demo-float32-scores.jsonl" "$out/resumed-scores.jsonl" | tr -d '{}"' | tr ',' ' ' |
        awk '{ n = split($0, word, /[ :]+/); k = 0
               for (i = 1; i < n; i++) if (word[i] ~ /^logps/) value[k++] = word[i + 1]
               for (i = 0; i < 2; i++) { d = value[i] - value[i + 2]; if (d < 0) d = -d; if (d > most) most = d } }
             END { printf "resumed against never stopped: %.1e nats at most over %d pairs\n", most, NR
                   exit !(NR > 0 && most < 1e-2) }' | tee -a "$summary"
}
resumed
verdict "a resumed run ends as one that never stopped" $?

# Ten steps of adapters on the CPU and on the GPU, and the greatest difference of a step's loss.
adapters() { # QUANTIZE
    local device
    for device in cpu cuda; do
        rm -rf "$out/adapters-$1-$device"
        timeout 120 ./dil-ort train --config configs/lora.yaml --set "device=$device" --set model.compute=float32 \
            --set "model.lora.quantize=$1" --set train.max_steps=10 --set eval.generate=none --set data.eval=[] \
            --set train.eval_every=none --set model.lora.merge=false --set "output=$out/adapters-$1-$device" \
            >"$out/adapters-$1-$device.txt" 2>&1 || return 1
    done
    paste -d' ' <(losses "$1-cpu") <(losses "$1-cuda") |
        awk -v what="$1" '{ d = $1 - $2; if (d < 0) d = -d; size = $1 < 0 ? -$1 : $1; if (size > 1) d /= size
                            if (d > most) most = d }
             END { printf "adapters, base in %s: losses within %.1e of the CPU over %d steps\n", what, most, NR
                   exit !(NR == 10 && most < 1e-3) }' | tee -a "$summary"
}
losses() { sed -E 's/.*"loss":([^,]*).*/\1/' "$out/adapters-$1/metrics.jsonl"; }
for quantize in int8 int4; do
    adapters "$quantize"
    verdict "adapters over a base in $quantize" $?
done

# One line of the table from a line of JSON.
field() { sed -E "s/.*\"$2\": ?\"?([^,\"}]*).*/\1/" <<<"$1"; }

bench() { # CONFIG COMPUTE [OPTION]...
    local json
    json=$(timeout 150 ./dil-ort bench --config "configs/bench/$1.yaml" --set device=cuda --set "model.compute=$2" \
        "${@:3}" 2>>"$out/bench.txt" | tee -a "$out/bench.jsonl" | tail -n 1)
    [ -n "$json" ] || return 1
    say "| $1 | dil-ort | $2 ${*:3} | $(field "$json" tokens_per_second) | $(field "$json" median_step_seconds) | $(
        field "$json" gpu_memory_mib) |"
}

peer() { # SHAPE COMPUTE
    local json
    json=$(timeout 120 python3 benchmarks/torch_peer.py --shape "examples/bench/$1" --config "configs/bench/$1.yaml" \
        --compute "$2" 2>>"$out/peer.txt" | tee -a "$out/peer.jsonl" | tail -n 1)
    [ -n "$json" ] || return 0
    say "| $1 | PyTorch $(field "$json" torch) | $2 $(field "$json" attention) | $(field "$json" tokens_per_second) | $(
        field "$json" median_step_seconds) | $(field "$json" gpu_memory_mib) |"
}

say "| shape | what | compute | tokens/s | median step s | GPU MiB |"
say "| --- | --- | --- | --- | --- | --- |"
for shape in tiny small smollm-135m; do
    for compute in float32 bfloat16; do
        bench "$shape" "$compute" --steps 20
        verdict "bench $shape $compute" $? | grep FAIL
        peer "$shape" "$compute"
    done
done
bench llama-1b bfloat16 --steps 6 --warmup 2
verdict "bench llama-1b bfloat16" $?
peer llama-1b bfloat16

say "$([ "$failed" = 0 ] && echo "all sound" || echo "something failed; logs in $out") after $SECONDS s"
exit "$failed"
