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
export DIL_ORT_JAVA_OPTS="-XX:TieredStopAtLevel=1 -Djava.io.tmpdir=$work" # most of such a run is its start
mounts=()
trap 'clean' EXIT

clean() {
    for mount in "${mounts[@]}"; do umount -l "$mount" 2>/dev/null || true; done
    rm -rf "$work"
}

for part in lib disk damage output process; do
    # shellcheck disable=SC1090
    . "conformance/faults/$part.sh"
done

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
