#!/usr/bin/env bash
# A day at the desk, and what comes from outside, in a real browser: Debian's chromium, the real program, a fresh folder.
#
#     issuer/tests/browser/run.sh [ISSUER]
#
# ISSUER is the built program, with the trust list's service and the command beside it; what is not there is
# built. Pictures of every page are written to
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

programs=$(dirname "$issuer")
trust_service=$programs/trust-service
hcert=$programs/hcert
if [ ! -x "$trust_service" ] || [ ! -x "$hcert" ]; then
    cargo build -q --locked -p trust-service -p cli
    trust_service=$target/debug/trust-service
    hcert=$target/debug/hcert
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
servers=()
stop() {
    for server in "${servers[@]}"; do kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; done
    rm -rf "$day"
}
trap stop EXIT
# Waits until the newest server says where it listens.
listening() {
    for _ in $(seq 100); do
        address=$(sed -n 's/^listening on //p' "$1")
        [ -z "$address" ] || return 0
        kill -0 "${servers[-1]}" 2>/dev/null || { cat "$1" >&2; exit 1; }
        sleep 0.1
    done
    cat "$1" >&2
    exit 1
}

"$trust_service" init --development "$day/trust" >"$day/init.log"
"$trust_service" client add issuer --all-kids --roles operator,publisher,issuer \
    --config "$day/trust/service.toml" >"$day/trust-key" 2>>"$day/init.log"
TRUST_SERVICE_LISTEN=127.0.0.1:0 "$trust_service" serve --config "$day/trust/service.toml" >"$day/trust.log" 2>&1 &
servers+=($!)
listening "$day/trust.log"
trust=$address

"$issuer" init --development "$day/site" --listen 127.0.0.1:0 \
    --trust-url "$trust" --trust-key-file "$day/trust-key" >>"$day/init.log"
"$issuer" serve --config "$day/site/issuer.toml" >"$day/serve.log" 2>&1 &
servers+=($!)
listening "$day/serve.log"
mkdir -p "$target/screenshots"
export CHROMIUM=$chromium ADDRESS=$address SCREENSHOTS=$target/screenshots WORK=$day HCERT=$hcert TRUST=$trust
TRUST_KEY=$(cat "$day/trust-key")
export TRUST_KEY
for walk in ${WALKS:-day outside}; do
    node "$work/node/$walk.mjs" || { status=$?; tail -20 "$day/serve.log" >&2; exit $status; }
done
