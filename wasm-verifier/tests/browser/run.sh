#!/usr/bin/env bash
# The pages in a real browser: Debian's chromium with a camera of our own making, the built pages, and trust lists and
# certificates made by the real programs.
#
#     wasm-verifier/tests/browser/run.sh [verify|conformance|bench|wallet]...
#
# Without a word: every test, and no measurements. WEB names the folder of the pages (`cargo xtask wasm`); it is built
# when it is not there. Pictures of every state are written to target/screenshots. Without chromium the test is
# skipped, loudly; with HCERT_NEED_BROWSER it fails.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
cd "$root"
target=${CARGO_TARGET_DIR:-$root/target}

chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || true)}
missing=()
[ -n "$chromium" ] || missing+=(chromium)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
command -v pdftoppm >/dev/null || missing+=(poppler-utils)
command -v zbarimg >/dev/null || missing+=(zbar-tools)
if [ ${#missing[@]} -gt 0 ]; then
    echo "SKIPPED: the browser test needs ${missing[*]}: apt-get install --no-install-recommends ${missing[*]}" >&2
    [ -z "${HCERT_NEED_BROWSER:-}" ] || { echo "HCERT_NEED_BROWSER is set, so this is a failure" >&2; exit 1; }
    exit 0
fi

export HCERT=${HCERT:-$target/debug/hcert} TRUST_SERVICE=${TRUST_SERVICE:-$target/debug/trust-service} WEB=${WEB:-$target/web}
if [ ! -x "$HCERT" ] || [ ! -x "$TRUST_SERVICE" ]; then cargo build -q --locked -p cli -p trust-service; fi
if [ ! -f "$WEB/files.js" ]; then cargo run -q --locked -p wasm-pages -- --out "$WEB"; fi

work=$target/pages-test
mkdir -p "$work/node" "$target/screenshots"
if ! cmp -s "$here/package-lock.json" "$work/node/package-lock.json"; then
    cp "$here/.npmrc" "$here/package.json" "$here/package-lock.json" "$work/node/"
    (cd "$work/node" && npm ci --silent) || { rm -f "$work/node/package-lock.json"; exit 1; }
fi
# Modules are looked for beside the file that names them.
cp "$here"/*.mjs "$work/node/"

WORK=$(mktemp -d "$work/run.XXXXXX")
export WORK ROOT=$root CHROMIUM=$chromium SCREENSHOTS=$target/screenshots HCERT_CONFORMANCE=${HCERT_CONFORMANCE:-$root/../shared/conformance}
trap 'rm -rf "$WORK"' EXIT

wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || wanted=(verify conformance wallet)
for one in "${wanted[@]}"; do
    if [ -f "$here/$one.mjs" ]; then
        echo "== $one"
        node "$work/node/$one.mjs"
    fi
done
