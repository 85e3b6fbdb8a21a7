"""The verifier of digital health certificates for Python, over ctypes.

    python3 hcert_scanner.py LIBRARY TRUST-FILE [@SECONDS] < codes.txt

prints one JSON object for each line of standard input (specs/verdict.md).
"""

import ctypes
import json
import sys
from ctypes import POINTER, byref, c_bool, c_char_p, c_int32, c_int64, c_size_t, c_uint32, c_uint64
from ctypes import c_void_p

ABI_VERSION = 1
NOW = -(2**63)
NO_CODE = 5


class Verdict(ctypes.Structure):
    """HcertVerdict of hcert_scanner.h."""

    _fields_ = [
        ("colour", c_int32),
        ("valid", c_bool),
        ("test_environment", c_bool),
        ("revocation", c_int32),
        ("doubts", c_uint32),
        ("issued_at", c_int64),
        ("expires_at", c_int64),
        ("bundle_sequence", c_uint64),
        ("bundle_age_days", c_int64),
    ] + [
        (name, c_char_p)
        for name in (
            "format stage name name_transliterated date_of_birth issuer message_en message_vi"
        ).split()
    ]


class Error(Exception):
    """What a call that failed has to say."""


class Library:
    """The functions of the shared library."""

    def __init__(self, path):
        self.c = ctypes.CDLL(path)
        for name, arguments in {
            "trust_new": [POINTER(c_void_p)],
            "trust_add": [c_void_p, c_char_p, c_size_t],
            "scanner_new": [c_void_p, POINTER(c_void_p)],
            "scanner_replace": [c_void_p, c_void_p],
            "scanner_verify": [c_void_p, c_char_p, c_size_t, c_int64, POINTER(POINTER(Verdict))],
            "scanner_verify_image": [
                c_void_p, c_char_p, c_uint32, c_uint32, c_size_t, c_bool, c_int64,
                POINTER(POINTER(Verdict)),
            ],
            "verdict_json": [POINTER(Verdict), c_char_p, c_int32, POINTER(c_void_p)],
        }.items():
            function = getattr(self.c, "hcert_" + name)
            function.argtypes, function.restype = arguments, c_int32
        for name in ("scanner_free", "string_free", "verdict_free"):
            function = getattr(self.c, "hcert_" + name)
            function.argtypes, function.restype = [c_void_p], None
        self.c.hcert_last_error.restype = c_char_p
        if self.c.hcert_abi_version() != ABI_VERSION:
            raise Error("another version of the library")

    def check(self, status):
        if status:
            raise Error(self.c.hcert_last_error().decode())

    def trust(self, *files):
        trust = c_void_p()
        self.check(self.c.hcert_trust_new(byref(trust)))
        for content in files:
            self.check(self.c.hcert_trust_add(trust, content, len(content)))
        return trust


class Scanner:
    """Decides. Any number of threads may use it at once."""

    def __init__(self, library, *files):
        self.library, self.held = library, c_void_p()
        library.check(library.c.hcert_scanner_new(library.trust(*files), byref(self.held)))

    def replace(self, *files):
        self.library.check(
            self.library.c.hcert_scanner_replace(self.held, self.library.trust(*files))
        )

    def verify(self, text, at=NOW, language=0):
        """The verdict as a dictionary."""
        verdict, text = POINTER(Verdict)(), text.encode()
        c = self.library.c
        self.library.check(c.hcert_scanner_verify(self.held, text, len(text), at, byref(verdict)))
        try:
            out = c_void_p()
            self.library.check(c.hcert_verdict_json(verdict, b"-", language, byref(out)))
            answer = json.loads(ctypes.string_at(out))
            c.hcert_string_free(out)
            colour = ("red", "amber", "green")[verdict.contents.colour]
            assert colour == answer["colour"]
            return answer
        finally:
            c.hcert_verdict_free(verdict)

    def close(self):
        self.library.c.hcert_scanner_free(self.held)
        self.held = c_void_p()


def main():
    library, trust, *at = sys.argv[1:]
    at = int(at[0][1:]) if at else NOW
    with open(trust, "rb") as file:
        scanner = Scanner(Library(library), file.read())
    for line in sys.stdin:
        print(json.dumps(scanner.verify(line.rstrip("\r\n"), at), ensure_ascii=False), flush=True)
    scanner.close()


if __name__ == "__main__":
    main()
