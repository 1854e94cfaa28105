#!/usr/bin/env python3
"""Demonstrates, on the Posta toy gateway only, that a hand-off can be adopted.

Return codes: 0 the canary was recovered, 1 it was not, 2 the target is not ours.
"""

from __future__ import annotations

import argparse
import enum
import hashlib
import hmac
import json
import secrets
import sys
from abc import ABC, abstractmethod
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from http.client import HTTPConnection, HTTPException
from re import compile as regex
from typing import Any, ClassVar, Final, Optional
from urllib.parse import quote, urlencode

Json = dict[str, Any]


class ExitCode(enum.IntEnum):
    RECOVERED = 0
    UNSUCCESSFUL = 1
    WRONG_TARGET = 2


class DemoError(Exception):
    """Base of everything this program reports in one line."""

    code: ClassVar[ExitCode] = ExitCode.UNSUCCESSFUL


class WrongTarget(DemoError):
    """We are pointed at something that is not the local toy."""

    code = ExitCode.WRONG_TARGET


class StepError(DemoError):
    """A step did not have the result that the next one depends on."""


# --------------------------------------------------------------------------
# Transport


@dataclass(frozen=True)
class Endpoint:
    """Where the toy listens; constructed only for the loopback address."""

    port: int
    address: str = "127.0.0.1"

    @classmethod
    def parse(cls, host: str, port: int) -> Endpoint:
        if host.strip().lower() not in {"127.0.0.1", "localhost"}:
            raise WrongTarget(f"will not contact {host!r}; loopback only")
        if not 0 < port < 65536:
            raise WrongTarget(f"{port} is not a TCP port")
        return cls(port)

    def __str__(self) -> str:
        return f"{self.address}:{self.port}"


class Body(ABC):
    """Something that can be sent with a request."""

    @property
    @abstractmethod
    def media_type(self) -> str: ...

    @abstractmethod
    def encode(self) -> bytes: ...


@dataclass(frozen=True)
class FormBody(Body):
    fields: Mapping[str, str]

    media_type = "application/x-www-form-urlencoded"

    def encode(self) -> bytes:
        return urlencode(self.fields).encode("ascii")


@dataclass(frozen=True)
class JsonBody(Body):
    document: Mapping[str, Any]

    media_type = "application/json"

    def encode(self) -> bytes:
        return json.dumps(self.document).encode("utf-8")


@dataclass(frozen=True)
class MultipartBody(Body):
    parts: Mapping[str, str]
    boundary: str = field(default_factory=lambda: "ContentEdge" + secrets.token_hex(8))

    @property
    def media_type(self) -> str:
        return f"multipart/form-data; boundary={self.boundary}"

    def encode(self) -> bytes:
        chunks = [
            f"--{self.boundary}\r\n"
            f'Content-Disposition: form-data; name="{name}"\r\n\r\n'
            f"{text}\r\n"
            for name, text in self.parts.items()
        ]
        return ("".join(chunks) + f"--{self.boundary}--\r\n").encode("utf-8")


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Optional[Body] = None

    @property
    def target(self) -> str:
        if not self.query:
            return self.path
        return f"{self.path}?{urlencode(self.query, quote_via=quote)}"

    @property
    def all_headers(self) -> dict[str, str]:
        merged = dict(self.headers)
        if self.body is not None:
            merged["Content-Type"] = self.body.media_type
        return merged


@dataclass(frozen=True)
class Response:
    request: Request
    status: int
    text: str

    @property
    def succeeded(self) -> bool:
        return self.status < 400

    def require_success(self) -> Response:
        if not self.succeeded:
            raise StepError(
                f"{self.request.method} {self.request.path} was answered "
                f"{self.status}: {self.text[:80]}"
            )
        return self

    def document(self) -> Json:
        self.require_success()
        try:
            value = json.loads(self.text)
        except ValueError as error:
            raise StepError(f"{self.request.path} did not return JSON") from error
        if not isinstance(value, dict):
            raise StepError(f"{self.request.path} returned JSON of an unexpected shape")
        return value


class Transport:
    """Sends each request on a new connection and vets what comes back."""

    SOFTWARE: Final = "posta-toy/"
    CEILING: Final = 1024 * 1024
    SECONDS: Final = 15.0

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def send(self, request: Request) -> Response:
        data = None if request.body is None else request.body.encode()
        link = HTTPConnection(
            self._endpoint.address, self._endpoint.port, timeout=self.SECONDS
        )
        with closing(link):
            try:
                link.request(request.method, request.target, data, request.all_headers)
                raw = link.getresponse()
                content = raw.read(self.CEILING + 1)
            except (OSError, HTTPException) as error:
                raise StepError(
                    f"no usable answer to {request.method} {request.path} ({error})"
                ) from error
        if not (raw.getheader("Server") or "").startswith(self.SOFTWARE):
            raise WrongTarget(f"whatever runs on {self._endpoint} is not Posta")
        if len(content) > self.CEILING:
            raise StepError(f"{request.path} returned more than {self.CEILING} bytes")
        return Response(request, raw.status, content.decode("utf-8", "replace"))


# --------------------------------------------------------------------------
# What the gateway deals in


@dataclass(frozen=True)
class Ticket:
    """The public name of an open hand-off, and all that can be derived from it."""

    value: str

    @property
    def session(self) -> str:
        digest = hashlib.md5(self.value.encode("utf-8")).digest()
        return "lnk-" + urlsafe_b64encode(digest).decode("ascii").rstrip("=").lower()

    def sign(self, nonce: str) -> str:
        message = f"transfer:{nonce}".encode("utf-8")
        return hmac.new(self.value.encode("utf-8"), message, hashlib.sha384).hexdigest()[:39]


@dataclass(frozen=True)
class OpenHandoff:
    role: str
    since: Any
    ticket: Ticket

    @classmethod
    def from_json(cls, item: Json) -> OpenHandoff:
        return cls(item["role"], item["since"], Ticket(item["ticket"]))


@dataclass(frozen=True)
class Folder:
    name: str
    size: int

    @classmethod
    def from_json(cls, item: Json) -> Folder:
        return cls(item["name"], item.get("count", 0))


@dataclass(frozen=True)
class Credential:
    secret: str
    owner: str

    @property
    def authorization(self) -> dict[str, str]:
        return {"Authorization": f"Badge {self.secret}"}

    @property
    def cookie(self) -> dict[str, str]:
        return {"Cookie": f"mailsid={self.secret}"}


@dataclass(frozen=True)
class ExportJob:
    identifier: str
    expected: int


@dataclass(frozen=True)
class Message:
    subject: str
    body: str

    @classmethod
    def from_block(cls, block: str) -> Message:
        head, _, body = block.partition("\n\n")
        subject = ""
        for line in head.splitlines():
            key, separator, value = line.partition(": ")
            if separator and key.lower() == "subject":
                subject = value
        return cls(subject, body.strip())


class Mailbox(Sequence[Message]):
    """The messages of one export file."""

    _ENVELOPE: Final = regex(r"(?m)^From .*\n")
    _CANARY: Final = regex(r"posta canary [0-9A-Za-z-]+")

    def __init__(self, text: str) -> None:
        _, *blocks = self._ENVELOPE.split(text)
        self._messages = tuple(Message.from_block(block) for block in blocks)

    def __len__(self) -> int:
        return len(self._messages)

    def __getitem__(self, index: Any) -> Any:
        return self._messages[index]

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages)

    @property
    def subjects(self) -> list[str]:
        return [message.subject for message in self]

    @property
    def canary(self) -> Optional[str]:
        hits = (self._CANARY.search(message.body) for message in self)
        return next((hit.group() for hit in hits if hit), None)


# --------------------------------------------------------------------------
# The gateway's two faces: before and after the hand-off


class Identity:
    """Produces the headers and identifiers by which the client is known."""

    def __init__(self) -> None:
        self._issued = 0

    def next_id(self) -> str:
        self._issued += 1
        return f"req-{self._issued:03d}-{secrets.token_hex(5)}"

    def headers(self) -> dict[str, str]:
        return {
            "User-Agent": "handoff-check/0.9",
            "X-Posta-Client": "widget",
            "X-Request-Id": self.next_id(),
            "Accept-Language": "fr-CA",
        }

    @staticmethod
    def nonce() -> str:
        moment = datetime.now(timezone.utc)
        return f"{moment:%Y%m%dT%H%M%SZ}.{secrets.token_hex(6)}"


class Lobby:
    """What anybody may ask of the gateway."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._identity = Identity()

    def count_waiting(self) -> int:
        query = {"probe": "ping", "id": self._identity.next_id()}
        status = self._transport.send(Request("GET", "/status", query)).document()
        if status.get("toy") is not True:
            raise WrongTarget("the gateway does not say that it is the toy")
        return status.get("waiting", 0)

    def open_handoffs(self, role: str) -> list[OpenHandoff]:
        query = {"audience": "personnel", "id": self._identity.next_id()}
        request = Request("GET", "/board", query, self._identity.headers())
        entries = self._transport.send(request).document().get("waiting", [])
        return [OpenHandoff.from_json(item) for item in entries if item.get("role") == role]

    def adopt(self, ticket: Ticket) -> Account:
        nonce = self._identity.nonce()
        request = Request(
            "POST",
            "/door/handoff",
            headers={
                **self._identity.headers(),
                "X-Posta-Nonce": nonce,
                "X-Posta-Signature": ticket.sign(nonce),
            },
            body=FormBody(
                {
                    "ticket": ticket.value,
                    "session": ticket.session,
                    "scope": "campus",
                    "mode": "adopt",
                    "durable": "1",
                    "reason": "rebalancing",
                }
            ),
        )
        answer = self._transport.send(request).document()
        secret = answer.get("pass")
        if not secret:
            raise StepError("the gateway took the hand-off but issued no credential")
        credential = Credential(secret, answer.get("who", "?"))
        return Account(self._transport, self._identity, credential)


class Account:
    """What the holder of a credential may do."""

    def __init__(
        self, transport: Transport, identity: Identity, credential: Credential
    ) -> None:
        self._transport = transport
        self._identity = identity
        self._credential = credential

    @property
    def owner(self) -> str:
        return self._credential.owner

    def folders(self) -> list[Folder]:
        response = self._call(
            "GET",
            "/classic/folders",
            query={"view": "brief", "id": self._identity.next_id()},
            extra={"Accept": "application/vnd.posta.register+json"},
        )
        return [Folder.from_json(item) for item in response.document().get("folders", [])]

    def save_draft(self, text: str) -> str:
        response = self._call(
            "POST",
            "/drafts",
            extra={"X-Posta-Priority": "regular"},
            body=MultipartBody({"passage": text}),
        )
        return response.document()["draft"]

    def list_messages(self, folder: Folder) -> list[Json]:
        response = self._call(
            "QUERY",
            "/messages",
            query={"folder": folder.name, "order": "alphabetical", "channel": "socket"},
        )
        return response.document().get("messages", [])

    def begin_export(self, folder: Folder) -> ExportJob:
        order = {
            "folder": folder.name,
            "depth": "flat",
            "consent": "issued",
            "format": "mh",
        }
        answer = self._call("POST", "/governance/export", body=JsonBody(order)).document()
        return ExportJob(answer["job"], answer["mails"])

    def download(self, job: ExportJob) -> Mailbox:
        # The file server takes the credential as a cookie, not as a header.
        request = Request(
            "GET",
            f"/export/{quote(job.identifier)}",
            {"source": "repository", "id": self._identity.next_id()},
            {**self._identity.headers(), **self._credential.cookie},
        )
        return Mailbox(self._transport.send(request).require_success().text)

    def purge(self, message_id: str) -> int:
        response = self._call(
            "PUT",
            f"/purge/{quote(message_id)}",
            query={"acting": "owner", "commit": "lazy"},
        )
        return response.document().get("purged", 0)

    def release(self) -> bool:
        form = FormBody({"outcome": "released", "id": self._identity.next_id()})
        return self._call("POST", "/close", body=form).succeeded

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: Optional[Mapping[str, str]] = None,
        extra: Optional[Mapping[str, str]] = None,
        body: Optional[Body] = None,
    ) -> Response:
        headers = {
            **self._identity.headers(),
            **self._credential.authorization,
            **(extra or {}),
        }
        return self._transport.send(Request(method, path, query or {}, headers, body))


# --------------------------------------------------------------------------
# The demonstration


@dataclass(frozen=True)
class Report:
    waiting: int
    account: str
    folder: str
    subjects: str
    purged: int
    closed: bool
    canary: Optional[str]

    @property
    def code(self) -> ExitCode:
        return ExitCode.RECOVERED if self.canary else ExitCode.UNSUCCESSFUL

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=2)

    def as_text(self) -> str:
        return "\n".join(f"{key + ':':<10}{value}" for key, value in asdict(self).items())


@dataclass(frozen=True)
class Demonstration:
    lobby: Lobby
    role: str
    preferred_folder: str
    keep_draft: bool

    def run(self) -> Report:
        waiting = self.lobby.count_waiting()
        account = self.lobby.adopt(self._longest_waiting())
        folder = self._pick(account.folders())
        draft = account.save_draft("Posta hand-off test")
        mailbox = self._export(account, folder)
        purged = 0 if self.keep_draft else account.purge(draft)
        return Report(
            waiting=waiting,
            account=account.owner,
            folder=folder.name,
            subjects="; ".join(mailbox.subjects),
            purged=purged,
            closed=account.release(),
            canary=mailbox.canary,
        )

    def _longest_waiting(self) -> Ticket:
        candidates = self.lobby.open_handoffs(self.role)
        if not candidates:
            raise StepError(f"nobody with the role {self.role!r} is waiting")
        return min(candidates, key=lambda handoff: handoff.since).ticket

    def _pick(self, folders: Sequence[Folder]) -> Folder:
        if not folders:
            raise StepError("there is not one folder in the account")
        for folder in folders:
            if folder.name == self.preferred_folder:
                return folder
        return max(folders, key=lambda folder: folder.size)

    @staticmethod
    def _export(account: Account, folder: Folder) -> Mailbox:
        listed = account.list_messages(folder)
        job = account.begin_export(folder)
        mailbox = account.download(job)
        if len(mailbox) < max(job.expected, len(listed)):
            raise StepError(f"only {len(mailbox)} messages of {folder.name!r} were exported")
        return mailbox


class CommandLine:
    def __init__(self) -> None:
        self._parser = argparse.ArgumentParser(
            description="Adopt an open hand-off of a local Posta toy and read its canary."
        )
        add = self._parser.add_argument
        add("--host", default="127.0.0.1", help="the loopback address, nothing else")
        add("--port", type=int, required=True, help="port of the gateway")
        add("--role", default="administrator", help="role of the person waiting")
        add("--folder", default="restricted", help="folder to prefer")
        add("--keep", action="store_true", help="do not purge the draft")
        add("--json", action="store_true", help="report as JSON")

    def run(self, argv: Optional[Sequence[str]] = None) -> ExitCode:
        options = self._parser.parse_args(argv)
        try:
            endpoint = Endpoint.parse(options.host, options.port)
            report = Demonstration(
                lobby=Lobby(Transport(endpoint)),
                role=options.role,
                preferred_folder=options.folder,
                keep_draft=options.keep,
            ).run()
        except DemoError as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            return error.code
        except KeyError as error:
            print(f"StepError: an answer lacks the member {error}", file=sys.stderr)
            return ExitCode.UNSUCCESSFUL
        print(report.as_json() if options.json else report.as_text())
        return report.code


if __name__ == "__main__":
    sys.exit(CommandLine().run())
