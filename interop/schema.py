"""Checks payloads against a JSON schema with the package jsonschema.

    schema.py SCHEMA < PAYLOADS.jsonl

Prints one line for each payload: a JSON list of what is wrong. Properties that the schema does not have
are wrong too, as the EU's quality assurance asks of issuers ("additionalFields=false").
"""

import json
import sys

from jsonschema import Draft202012Validator


def strict(schema):
    """The schema, without room for further properties."""
    for part in [schema, *schema.get("$defs", {}).values()]:
        if "properties" in part:
            part["additionalProperties"] = False
    return schema


def main(path):
    with open(path, encoding="utf-8") as file:
        schema = strict(json.load(file))
    Draft202012Validator.check_schema(schema)
    checker = Draft202012Validator.FORMAT_CHECKER
    validator = Draft202012Validator(schema, format_checker=checker)
    for line in sys.stdin.buffer:
        faults = [fault.message for fault in validator.iter_errors(json.loads(line))]
        print(json.dumps(faults))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
