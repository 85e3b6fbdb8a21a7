#!/usr/bin/env bash
# A day at the desk in a real browser: Debian's chromium, the real program, a fresh folder.
#
#     issuer/tests/browser/run.sh [ISSUER]
#
# ISSUER is the built program; without it, it is built here. Pictures of every page are written to
# target/screenshots. Without chromium the test is skipped, loudly; with HCERT_NEED_BROWSER it fails.
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

issuer=${1:-}
if [ -z "$issuer" ]; then
    cargo build -q --locked -p issuer --bin issuer
    issuer=$target/debug/issuer
fi

work=$target/browser
mkdir -p "$work/node"
if ! cmp -s "$here/package-lock.json" "$work/node/package-lock.json"; then
    cp "$here/.npmrc" "$here/package.json" "$here/package-lock.json" "$work/node/"
    (cd "$work/node" && npm ci --silent) || { rm -f "$work/node/package-lock.json"; exit 1; }
fi
# Modules are looked for beside the file that names them.
cp "$here"/*.mjs "$work/node/"

day=$(mktemp -d "$work/day.XXXXXX")
server=
stop() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
    rm -rf "$day"
}
trap stop EXIT
"$issuer" init --development "$day/site" --listen 127.0.0.1:0 >"$day/init.log"
"$issuer" serve --config "$day/site/issuer.toml" >"$day/serve.log" 2>&1 &
server=$!
for _ in $(seq 100); do
    address=$(sed -n 's/^listening on //p' "$day/serve.log")
    [ -z "$address" ] || break
    kill -0 "$server" 2>/dev/null || { cat "$day/serve.log" >&2; exit 1; }
    sleep 0.1
done
mkdir -p "$target/screenshots"
CHROMIUM=$chromium ADDRESS=$address SCREENSHOTS=$target/screenshots WORK=$day \
    node "$work/node/day.mjs" || { status=$?; tail -20 "$day/serve.log" >&2; exit $status; }
