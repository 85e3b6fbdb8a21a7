"""Verifies HC1 texts with the packages base45 and cwt, which share no code with ours.

    verify.py TEXTS DSC.pem [PAYLOADS.jsonl]

Prints one line for each text, `ok` or `bad` with the reason, and fails if one is bad. Each text is
also tried with one byte changed in its payload and in its signature, which has to be refused, and
compared with the payload that was to be signed, where that is given.
"""

import hashlib
import json
import sys
import zlib

import base45
import cbor2
import cwt
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HCERT = -260
PAYLOAD, SIGNATURE = 2, 3


def key_of(pem):
    """The key of a DSC; cwt's own function for them knows ES256 and PS256 only."""
    certificate = x509.load_pem_x509_certificate(pem)
    if not isinstance(certificate.public_key(), Ed25519PublicKey):
        return cwt.load_pem_hcert_dsc(pem)
    der = certificate.public_bytes(serialization.Encoding.DER)
    spki = certificate.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return cwt.COSEKey.from_pem(spki, kid=hashlib.sha256(der).digest()[:8])


def cose_of(text):
    if not text.startswith("HC1:"):
        raise ValueError("no HC1: at the start")
    return zlib.decompress(base45.b45decode(text[4:]))


def claims_of(cose, key):
    """Checks signature and time; raises unless both hold."""
    return cwt.decode(cose, keys=[key])


def tampered(cose, part):
    """The message with the last byte of a part changed, well-formed as before."""
    message = cbor2.loads(cose)
    parts = list(message.value)
    parts[part] = parts[part][:-1] + bytes([parts[part][-1] ^ 1])
    return cbor2.dumps(cbor2.CBORTag(message.tag, parts))


def check(text, key, wanted):
    cose = cose_of(text)
    payload = claims_of(cose, key)[HCERT][1]
    if wanted is not None and payload != wanted:
        raise ValueError(f"another payload: {payload}")
    for name, part in [("payload", PAYLOAD), ("signature", SIGNATURE)]:
        try:
            claims_of(tampered(cose, part), key)
        except cwt.VerifyError:
            continue
        raise ValueError(f"a changed {name} is accepted")


def main(texts, certificate, payloads=None):
    with open(certificate, "rb") as file:
        key = key_of(file.read())
    with open(texts, encoding="utf-8") as file:
        texts = file.read().splitlines()
    wanted = [None] * len(texts)
    if payloads:
        with open(payloads, encoding="utf-8") as file:
            wanted = [json.loads(line) for line in file]
    bad = len(texts) == 0 or len(texts) != len(wanted)
    for text, payload in zip(texts, wanted):
        try:
            check(text, key, payload)
            print("ok")
        except Exception as error:
            print(f"bad {type(error).__name__}: {error}")
            bad = True
    return bad


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
