#!/usr/bin/env bash
# Others verify ours: certificates issued here, with the Python package cwt, the Node package
# dcc-utils and, for the pictures, zbarimg; and a reader of trust bundles written from their
# specification alone.
#
#     interop/run.sh [SAMPLES]
#
# SAMPLES is a folder of folders, each with texts.txt, dsc.pem and, if there is one, payloads.jsonl.
# Without it the samples are issued by hcert/examples/issue_samples.rs, and through the whole issuer
# by issuer/examples/issued_samples.rs. Everything is installed in
# target/interop; the versions are pinned in requirements.txt and package-lock.json.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."
work=$PWD/target/interop
mkdir -p "$work/node"

if ! cmp -s "$here/requirements.txt" "$work/venv/requirements.txt"; then
    rm -rf "$work/venv"
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install -q --disable-pip-version-check --require-hashes -r "$here/requirements.txt"
    cp "$here/requirements.txt" "$work/venv/"
fi
if ! cmp -s "$here/package-lock.json" "$work/node/package-lock.json"; then
    cp "$here/.npmrc" "$here/package.json" "$here/package-lock.json" "$work/node/"
    (cd "$work/node" && npm ci --silent) || { rm "$work/node/package-lock.json"; exit 1; }
fi

echo "== trust bundles"
"$work/venv/bin/python" "$here/bundle.py" test-vectors/bundles

# An example that the tests have built already is run as it is: to build it alone takes other features of its
# dependencies, and minutes.
example() {
    local built=${CARGO_TARGET_DIR:-target}/debug/examples/$2
    if [ -x "$built" ]; then "$built" "${@:3}"; else cargo run -q --locked -p "$1" --example "$2" -- "${@:3}"; fi
}

samples=${1:-}
if [ -z "$samples" ]; then
    samples=$work/samples
    rm -rf "$samples"
    example hcert issue_samples "$samples"
    example issuer issued_samples "$samples"
fi

for folder in "$samples"/*/; do
    name=$(basename "$folder")
    files=("$folder/texts.txt" "$folder/dsc.pem")
    if [ -e "$folder/payloads.jsonl" ]; then files+=("$folder/payloads.jsonl"); fi
    echo "== $name: cwt"
    "$work/venv/bin/python" "$here/verify.py" "${files[@]}"
    # dcc-utils knows the two algorithms of the HCERT specification.
    if [[ $name != *eddsa ]]; then
        echo "== $name: dcc-utils"
        DCC_UTILS=$work/node node "$here/verify.mjs" "${files[@]}"
    fi
    if command -v zbarimg >/dev/null; then
        echo "== $name: zbarimg"
        example qr draw "$folder/texts.txt" "$folder/pictures"
        number=0
        while IFS= read -r text; do
            number=$((number + 1))
            # Only QR: in some QR codes ZBar also finds a line of a barcode of another kind.
            read=$(zbarimg -q --raw --nodbus -Sdisable -Sqrcode.enable "$folder/pictures/$number.png")
            [ "$read" = "$text" ] || { echo "bad $number.png: $read"; exit 1; }
            echo ok
        done <"$folder/texts.txt"
    else
        echo "SKIPPED: no zbarimg on this machine" >&2
    fi
done
