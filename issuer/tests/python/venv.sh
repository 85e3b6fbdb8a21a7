#!/usr/bin/env bash
# Makes the Python environment of tests/python.rs under target/, once, and says where its interpreter is.
# The versions and their hashes are pinned in requirements.txt, made of requirements.in:
#     pip-compile --generate-hashes --no-emit-index-url --no-emit-find-links requirements.in
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=$here/../../../target
venv=$target/issuer-python
# Tests run side by side: one makes it, the others wait.
mkdir -p "$target"
exec 9> "$target/issuer-python.lock"
flock 9
if ! cmp -s "$here/requirements.txt" "$venv/requirements.txt"; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install -q --disable-pip-version-check --require-hashes -r "$here/requirements.txt" >&2
    cp "$here/requirements.txt" "$venv/"
fi
echo "$venv/bin/python"
