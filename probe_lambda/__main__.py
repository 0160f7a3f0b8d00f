"""The probe without Lambda: a request on standard input, the result on standard output."""

from __future__ import annotations

import json
import sys

from probe_lambda.handler import handle


def main() -> None:
    """Answer one request."""
    text = sys.stdin.read()
    try:
        event: object = json.loads(text)
    except ValueError:
        event = text  # which is refused with the reason, like any other request that is none
    sys.stdout.write(json.dumps(handle(event)) + "\n")  # json.dump writes every token by itself


if __name__ == "__main__":
    main()
