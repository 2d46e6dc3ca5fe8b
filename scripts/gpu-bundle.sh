#!/usr/bin/env bash
# scripts/gpu-bundle.sh DIR [MIB]
#
# Writes a self-contained bundle for Linux x86-64 with an NVIDIA GPU into DIR, an empty or new folder: a Java runtime, the
# jars, ONNX Runtime with CUDA, configurations and the demo. What must be on the machine is the driver, CUDA 13 and cuDNN 9.
# The archive comes in parts of at most MIB MiB (55 by default) with their checksums. On the other machine:
#
#   sha256sum -c SHA256SUMS && cat dil-ort-gpu.tar.xz.* | tar -xJ && dil-ort-gpu/scripts/gpu-check.sh
set -euo pipefail

target=$(mkdir -p "${1:?usage: scripts/gpu-bundle.sh DIR [MIB]}" && cd "$1" && pwd)
part_mib=${2:-55}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bundle=$work/dil-ort-gpu

./mvnw -q -B -Pcuda -Dmaven.test.skip=true package </dev/null

java_home=$(dirname "$(dirname "$(readlink -f "$(command -v jlink)")")")
mkdir -p "$bundle/lib" "$bundle/natives"
"$java_home/bin/jlink" --output "$bundle/runtime" --no-header-files --no-man-pages --strip-java-debug-attributes \
    --add-modules java.base,java.logging,java.management,java.naming,java.sql,java.xml,jdk.httpserver,jdk.unsupported,jdk.zipfs

# Copies a jar without the entries under a folder.
without() { # JAR FOLDER
    local jar=$1 folder=$2 unpacked=$work/unpacked
    rm -rf "$unpacked" && mkdir "$unpacked"
    (cd "$unpacked" && "$java_home/bin/jar" -xf "$jar" && rm -rf "$folder" &&
        "$java_home/bin/jar" --create --no-manifest --file "$bundle/lib/$(basename "$jar")" .)
}

for jar in "$PWD"/target/lib/*.jar; do
    case $(basename "$jar") in
    onnxruntime-*-gpu.jar)
        (cd "$work" && "$java_home/bin/jar" -xf "$jar")
        mv "$work"/org/bytedeco/onnxruntime/linux-x86_64-gpu/libonnxruntime.so.1 "$bundle/natives/libonnxruntime.so"
        mv "$work"/org/bytedeco/onnxruntime/linux-x86_64-gpu/libonnxruntime_providers_{shared,cuda}.so "$bundle/natives/"
        ;;
    onnxruntime-*.jar)
        without "$jar" ai/onnxruntime/native
        ;;
    *) cp "$jar" "$bundle/lib/" ;;
    esac
done
cp target/classes/org/dilort/natives/cuda/ai/onnxruntime/native/linux-x64/libonnxruntime4j_jni.so "$bundle/natives/"
cp target/dil-ort.jar "$bundle/"
cp -r configs examples "$bundle/"
mkdir "$bundle/scripts" "$bundle/benchmarks"
cp scripts/gpu-check.sh "$bundle/scripts/"
cp benchmarks/torch_peer.py "$bundle/benchmarks/"

cat >"$bundle/dil-ort" <<'LAUNCHER'
#!/bin/sh
# Runs dil-ort from this bundle; DIL_ORT_CUDA_PATH names folders of CUDA 13 and cuDNN 9 that the system does not know.
home=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
LD_LIBRARY_PATH=${DIL_ORT_CUDA_PATH:+$DIL_ORT_CUDA_PATH:}${LD_LIBRARY_PATH:-}
LC_ALL=C.UTF-8
export LD_LIBRARY_PATH LC_ALL
# Options are split into words.
# shellcheck disable=SC2086
exec "$home/runtime/bin/java" -XX:+UseSerialGC -Djava.awt.headless=true -Dfile.encoding=UTF-8 -DRUST_FLAVOR=cpu \
    -Dai.djl.offline=true "-Donnxruntime.native.path=$home/natives" $DIL_ORT_JAVA_OPTS \
    -cp "$home/dil-ort.jar" org.dilort.cli.Main "$@"
LAUNCHER
chmod +x "$bundle/dil-ort"

tar -C "$work" -c dil-ort-gpu | xz -T0 -6 | split -b "${part_mib}M" -d - "$target/dil-ort-gpu.tar.xz."
(cd "$target" && sha256sum dil-ort-gpu.tar.xz.* >SHA256SUMS && ls -l)
