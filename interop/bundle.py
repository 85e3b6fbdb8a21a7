"""Reads trust bundles by specs/bundle.md alone, and compares with test-vectors/bundles/index.json.

It shares no code with what made them: cbor2 reads CBOR, cryptography checks signatures.
"""

import hashlib
import io
import json
import sys
from datetime import datetime
from pathlib import Path

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

MAGIC = b"\xd9\xd9\xf7\x84\x6ehcert-bundle-1"
ROLES = {"root": 1, "keys": 2, "manifest": 3}


class Refused(Exception):
    """With the code of the index."""


def sha256(data):
    return hashlib.sha256(data).digest()


def document(payload):
    value = cbor2.loads(payload)
    if cbor2.dumps(value, canonical=True) != payload:
        raise Refused("unreadable")
    return value


def envelope(data, kind):
    """Protected header, payload, signatures."""
    try:
        message = cbor2.loads(data)
        protected, unprotected, payload, signatures = message.value
        header = cbor2.loads(protected)
    except Exception as error:
        raise Refused("unreadable") from error
    if cbor2.dumps(message, canonical=True) != data:
        raise Refused("unreadable")
    if message.tag != 98 or unprotected != {} or set(header) != {3}:
        raise Refused("unreadable")
    if header[3] != f"application/hcert-{kind}+cbor":
        raise Refused("type")
    return protected, payload, signatures


def verified(data, kind, *judges):
    """The payload, once every judge - a root and a role - has its threshold."""
    protected, payload, signatures = envelope(data, kind)
    for root, role in judges:
        threshold, members = root[7][ROLES[role]]
        good = set()
        for own, _, signature in signatures:
            header = cbor2.loads(own)
            key_id = header[4]
            if key_id not in members or header[1] != -8:
                continue
            spki = root[6][key_id]
            assert sha256(spki) == key_id
            key = load_der_public_key(spki)
            assert isinstance(key, Ed25519PublicKey)
            signed = cbor2.dumps(["Signature", protected, own, b"", payload])
            try:
                key.verify(signature, signed)
                good.add(key_id)
            except InvalidSignature:
                pass
        if len(good) < threshold:
            raise Refused("threshold")
    return document(payload)


def take_apart(data):
    if not data.startswith(MAGIC):
        raise Refused("not_bundle")
    stream = io.BytesIO(data)
    try:
        value = cbor2.load(stream)
        # Some versions drop the self-describing tag, some keep it.
        _, roots, manifest, parts = getattr(value, "value", value)
    except Exception as error:
        raise Refused("damaged") from error
    if stream.read(1):
        raise Refused("damaged")
    return roots, manifest, parts


def open_bundle(data, state):
    """Steps 1 to 4 of the specification; what the index says of a bundle that is taken."""
    state = document(state)
    root = document(envelope(state[1], "root")[1])
    sequence, digest, keys_version = state[2], state.get(3), state[4]
    roots, manifest_bytes, parts = take_apart(data)
    for offered_bytes in roots:
        offered = document(envelope(offered_bytes, "root")[1])
        if offered[1] <= root[1]:
            continue
        if offered[1] != root[1] + 1:
            raise Refused("root_version")
        verified(offered_bytes, "root", (root, "root"), (offered, "root"))
        if offered[2] != root[2]:
            raise Refused("environment")
        if offered[7][3] != root[7][3]:
            sequence, digest = 0, None
        if offered[7][2] != root[7][2]:
            keys_version = 0
        root = offered
    claimed = cbor2.loads(envelope(manifest_bytes, "manifest")[1])
    if claimed[6] > root[1]:
        raise Refused("root_missing")
    manifest = verified(manifest_bytes, "manifest", (root, "manifest"))
    if manifest[2] != root[2]:
        raise Refused("environment")
    if manifest[1] < sequence:
        raise Refused("rollback")
    if manifest[1] == sequence and digest not in (None, sha256(manifest_bytes)):
        raise Refused("equivocation")
    found = {sha256(part): part for part in parts}
    present = {
        (kind, name): found[wanted]
        for kind, name, wanted, length in manifest[7]
        if wanted in found and len(found[wanted]) == length
    }
    if ("keys", "keys") not in present:
        raise Refused("no_keys")
    key_list = verified(present["keys", "keys"], "keys", (root, "keys"))
    if key_list[2] != root[2]:
        raise Refused("environment")
    if key_list[1] < keys_version:
        raise Refused("keys_rollback")
    hard = min(manifest[5], root[4], key_list[4])
    return {
        "sequence": manifest[1],
        "root_version": root[1],
        "keys": len(key_list[5]),
        "missing": len(manifest[7]) - len(present),
        "times": (manifest[4], hard),
    }


def main(folder):
    index = json.loads((folder / "index.json").read_text())
    at = datetime.fromisoformat(index["at"].replace("Z", "+00:00")).timestamp()
    failed = 0
    for entry in index["bundles"]:
        name, expect = entry["name"], entry["expect"]
        data = (folder / f"{name}.hcert").read_bytes()
        state = (folder / f"{name}.state").read_bytes()
        try:
            bundle, error = open_bundle(data, state), None
            soft, hard = bundle.pop("times")
            bundle["freshness"] = "expired" if at >= hard else "stale" if at >= soft else "fresh"
        except Refused as refused:
            bundle, error = None, str(refused)
        if (error, bundle) != (expect["error"], expect["bundle"]):
            print(f"bad {name}: {error} {bundle}, not {expect}")
            failed += 1
    count = len(index["bundles"])
    print(f"bundles: {count - failed} passed, {failed} failed")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
