"""Every request that schemathesis makes is signed."""

import requests
import schemathesis
from http_message_signatures import HTTPMessageSignaturesException

from signing import Signed

SIGNED = Signed()


class SignedIfItCanBe(requests.auth.AuthBase):
    """What the library refuses to sign, such as a header with control characters, goes out unsigned."""

    def __call__(self, request):
        try:
            return SIGNED(request)
        except HTTPMessageSignaturesException:
            return request


@schemathesis.hook
def before_call(context, case, kwargs):
    kwargs["auth"] = SignedIfItCanBe()
