"""Asks the service for something with signatures of the library http-message-signatures.

    http_signature.py ADDRESS
"""

import sys

import requests

from signing import Signed

base = f"http://{sys.argv[1]}/api/v1"
auth = Signed()
failed = []


def expect(what, answer, status, code=None):
    own = answer.json().get("code") if code else None
    good = answer.status_code == status and own == code
    print("ok" if good else "bad", what, answer.status_code, own or "")
    if not good:
        failed.append(what)
        print(answer.text)


expect("a list", requests.get(f"{base}/records?limit=5&state=recorded", auth=auth), 200)
expect("a list without a query", requests.get(f"{base}/records", auth=auth), 200)
report = {
    "full_name": "Nguyễn Thị Lan", "birth_date": "1998-02-26", "sex": "female", "cccd": "079198000777",
    "product": "Comirnaty", "lot": "FK0595", "dose": "1/2", "date": "2026-11-27",
}
once = {"Idempotency-Key": f"python-{auth.name}"}
path = f"{base}/records"
expect("a dry run", requests.post(f"{path}?dry_run=true", json=report, auth=auth), 200)
first = requests.post(path, json=report, headers=once, auth=auth)
expect("a record", first, 201)
again = requests.post(path, json=report, headers=once, auth=auth)
expect("the same again", again, 200)
if again.json().get("record") != first.json().get("record"):
    failed.append("another record")
person = {"full_name": "Trần Văn Hùng", "birth_date": "1970", "passport": "C1234567"}
once = {"Idempotency-Key": "python person, with a space"}
expect("a bad key", requests.post(f"{base}/persons", json=person, headers=once, auth=auth), 400, "idempotency_key")


class Meddled(requests.auth.AuthBase):
    """Signs, and then changes what was signed."""

    def __init__(self, change):
        self.change = change

    def __call__(self, request):
        auth(request)
        self.change(request)
        return request


def other_body(request):
    request.body = request.body.replace(b"FK0595", b"FK0596")


def other_query(request):
    request.url += "&limit=1"


def other_key(request):
    request.headers["Idempotency-Key"] = "another"


meddled = requests.post(f"{path}?dry_run=true", json=report, auth=Meddled(other_body))
expect("another body", meddled, 400, "digest")
expect("another query", requests.get(f"{path}?state=recorded", auth=Meddled(other_query)), 401, "signature")
once = {"Idempotency-Key": "one"}
expect("another key", requests.post(path, json=report, headers=once, auth=Meddled(other_key)), 401, "signature")
sys.exit(1 if failed else 0)
