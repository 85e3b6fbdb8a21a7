"""Every request that schemathesis makes is signed."""

import schemathesis

from signing import Signed

SIGNED = Signed()


@schemathesis.hook
def before_call(context, case, kwargs):
    kwargs["auth"] = SIGNED
