"""Signs requests as specs/issuer.md says, with a library that knows nothing of this project."""

import datetime
import hashlib
import base64
import os

import requests
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver, algorithms


class Keys(HTTPSignatureKeyResolver):
    def __init__(self, key):
        self.key = key

    def resolve_private_key(self, key_id):
        return self.key

    def resolve_public_key(self, key_id):
        return self.key.public_key()


class Signed(requests.auth.AuthBase):
    """The client's key, and a signature over the request as it is sent."""

    def __init__(self):
        seed = bytes.fromhex(os.environ["HCERT_SEED"])
        if os.environ.get("HCERT_ALGORITHM") == "ecdsa-p256-sha256":
            key = ec.derive_private_key(int.from_bytes(seed, "big"), ec.SECP256R1())
            algorithm = algorithms.ECDSA_P256_SHA256
        else:
            key = ed25519.Ed25519PrivateKey.from_private_bytes(seed)
            algorithm = algorithms.ED25519
        self.signer = HTTPMessageSigner(signature_algorithm=algorithm, key_resolver=Keys(key))
        self.name = os.environ["HCERT_CLIENT"]
        self.bearer = os.environ["HCERT_BEARER"]
        # The service under test has a clock of its own.
        self.now = datetime.datetime.fromtimestamp(int(os.environ["HCERT_NOW"]))

    def __call__(self, request):
        for name in ("signature", "signature-input", "content-digest"):
            request.headers.pop(name, None)
        request.headers["Authorization"] = f"Bearer {self.bearer}"
        covered = ["@method", "@path", "@query", "authorization"]
        if request.method not in ("GET", "HEAD", "OPTIONS", "TRACE") or request.body:
            body = request.body or b""
            body = body.encode() if isinstance(body, str) else bytes(body)
            digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
            request.headers["Content-Digest"] = f"sha-256=:{digest}:"
            covered.append("content-digest")
        if "idempotency-key" in request.headers:
            covered.append("idempotency-key")
        digested = "content-digest" in covered
        self.signer.sign(
            request,
            key_id=self.name,
            created=self.now,
            covered_component_ids=covered,
            use_existing_digest=digested,
        )
        return request
