#!/usr/bin/env bash
# conformance/transformers-js.sh [MODEL_DIR...]
#
# Exports every golden checkpoint and the demo's model (and any others that are named), loads each export with
# @huggingface/transformers in Node, offline, and compares what it generates greedily with what dil-ort generates, prompt by
# prompt and in a batch. Needs target/dil-ort.jar, Node 20 and npm; where the packages cannot be installed it says so and
# checks nothing. Exit code 1 where a token differs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
check=$PWD/conformance/transformers-js
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ ! -d "$check/node_modules/@huggingface/transformers" ]; then
    # The runtime for the CPU is in the package; the install script would fetch the one for CUDA.
    if ! (cd "$check" && ONNXRUNTIME_NODE_INSTALL=skip ONNXRUNTIME_NODE_INSTALL_CUDA=skip \
        timeout 180 npm install --no-audit --no-fund --no-package-lock >"$work/npm.log" 2>&1); then
        echo "transformers.js: cannot be installed here, nothing was checked: $(grep -m 1 -i error "$work/npm.log" || true)"
        exit 0
    fi
fi
java -cp target/dil-ort.jar conformance/GreedyTokens.java "$work/exports" src/test/resources/golden/tiny-* \
    examples/demo/model "$@"
(cd "$check" && node check.mjs "$work"/exports/*)
