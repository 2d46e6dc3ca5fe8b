#!/usr/bin/env bash
# conformance/pages.sh [FOLDER]
#
# Trains the demo, watches it while it goes on, serves it beside the model that it began from, and looks at all three pages in
# headless Chromium: as a desktop and as a phone show them, in light and in dark. Keeps the pictures in FOLDER if one is named. Needs target/dil-ort.jar, Chromium, Node 20 and
# npm; where the driver of the browser cannot be installed it says so and checks nothing. Exit code 1 where a page is wrong.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
pages=$PWD/conformance/pages
work=$(mktemp -d)
running=()
trap 'kill "${running[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
pictures=${1:-$work/pictures}
mkdir -p "$pictures"
pictures=$(cd "$pictures" && pwd)

if [ ! -d "$pages/node_modules/playwright-core" ]; then
    if ! (cd "$pages" && timeout 120 npm install --no-audit --no-fund --no-package-lock >"$work/npm.log" 2>&1); then
        echo "pages: the browser's driver cannot be installed here, nothing was checked: $(grep -m 1 -i error "$work/npm.log" || true)"
        exit 0
    fi
fi
./dil-ort train --config configs/demo.yaml --set output="$work/demo" --set eval.generate.every_evaluation=true \
    >"$work/train.log" 2>&1 &
running+=($!)
training=$!
for _ in $(seq 300); do
    [ -s "$work/demo/metrics.jsonl" ] && break
    kill -0 "$training" 2>/dev/null || { cat "$work/train.log"; exit 1; }
    read -r -t 0.2 <> <(:) || true
done
./dil-ort watch "$work/demo" --port 0 >"$work/watch.log" 2>&1 &
running+=($!)
for _ in $(seq 100); do
    grep -q 'http://' "$work/watch.log" && break
    read -r -t 0.2 <> <(:) || true
done
url=$(grep -o 'http://.*' "$work/watch.log")
cd "$pages"
node follow.mjs "$url" 94
wait "$training" || { cat "$work/train.log"; exit 1; }
node shoot.mjs "$url" "$pictures" watch
node shoot.mjs "$work/demo/report.html" "$pictures" report
cd ../..
./dil-ort serve --model "$work/demo/export" --beside examples/demo/model --port 0 >"$work/serve.log" 2>&1 &
running+=($!)
for _ in $(seq 100); do
    grep -q 'http://' "$work/serve.log" && break
    read -r -t 0.2 <> <(:) || true
done
url=$(grep -o -m 1 'http://[^ ]*' "$work/serve.log")
cd "$pages"
node chat.mjs "$url" "$pictures"
