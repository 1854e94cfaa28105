#!/usr/bin/env python3
"""netprobe: which programs on this machine listen, and what changed since last time.

Reads /proc only; sends nothing to anybody. Needs root to name the programs of other users.

    netprobe.py list                  table of listening sockets
    netprobe.py save FILE             write them as a baseline
    netprobe.py diff FILE             compare with a baseline; exit status 1 when something changed
    netprobe.py watch --every 30      print changes as they happen
"""

import argparse
import collections
import dataclasses
import datetime
import ipaddress
import json
import os
import pathlib
import pwd
import re
import socket
import sys
import time

PROC = pathlib.Path("/proc")
TABLES = {"tcp": "net/tcp", "tcp6": "net/tcp6", "udp": "net/udp", "udp6": "net/udp6"}
LISTEN = 0x0A
UNCONNECTED = 0x07
SOCKET_LINK = re.compile(r"socket:\[(\d+)\]")
BASELINE_VERSION = 2

# Ports that are worth a second look when they face the network.
NOTEWORTHY = {
    21: "file transfer without encryption",
    23: "remote login without encryption",
    111: "port mapper",
    512: "remote execution",
    2375: "container control without TLS",
    3306: "database",
    5432: "database",
    5900: "remote screen",
    6379: "database without a password by default",
    9200: "search engine",
    11211: "cache without a password",
    27017: "database",
}


@dataclasses.dataclass(frozen=True, order=True)
class Listener:
    """One listening socket. `program` is empty when it could not be found out."""

    protocol: str
    address: str
    port: int
    user: str
    program: str
    inode: int = dataclasses.field(compare=False, default=0)

    @property
    def exposed(self):
        parsed = ipaddress.ip_address(self.address)
        return not parsed.is_loopback and not parsed.is_link_local

    @property
    def identity(self):
        return (self.protocol, self.address, self.port)


def decode_address(text):
    """Turns the kernel's little-endian words into an address and a port."""
    packed, port = text.split(":")
    raw = bytes.fromhex(packed)
    words = [raw[at : at + 4][::-1] for at in range(0, len(raw), 4)]
    address = ipaddress.ip_address(b"".join(words))
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address), int(port, 16)


def user_name(uid):
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def socket_owners():
    """Maps socket inodes to process ids, for every process that may be looked at."""
    owners = {}
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            links = list((entry / "fd").iterdir())
        except (PermissionError, FileNotFoundError, ProcessLookupError):
            continue
        for link in links:
            inode = inode_of(link)
            if inode is not None:
                owners.setdefault(inode, int(entry.name))
    return owners


def inode_of(link):
    try:
        match = SOCKET_LINK.fullmatch(os.readlink(link))
    except OSError:
        return None
    return int(match.group(1)) if match else None


def program_name(pid):
    try:
        words = (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    first = words[0].decode(errors="replace")
    name = os.path.basename(first)
    interpreters = ("python", "python3", "node", "perl", "ruby", "sh", "bash")
    if name in interpreters and len(words) > 1:
        script = words[1].decode(errors="replace")
        return f"{name} {os.path.basename(script)}"
    return name


def parse_row(protocol, row):
    """A row of a /proc/net table, or None when the socket does not listen."""
    columns = row.split()
    if len(columns) < 10:
        return None
    state = int(columns[3], 16)
    wanted = LISTEN if protocol.startswith("tcp") else UNCONNECTED
    if state != wanted:
        return None
    address, port = decode_address(columns[1])
    return {
        "protocol": protocol,
        "address": address,
        "port": port,
        "user": user_name(int(columns[7])),
        "inode": int(columns[9]),
    }


def read_table(protocol):
    try:
        rows = (PROC / TABLES[protocol]).read_text().splitlines()[1:]
    except FileNotFoundError:
        return []
    parsed = (parse_row(protocol, row) for row in rows)
    return [row for row in parsed if row is not None]


def collect():
    """All listening sockets of the machine, sorted, without doubles."""
    owners = socket_owners()
    names = {}
    found = set()
    for protocol in TABLES:
        for row in read_table(protocol):
            pid = owners.get(row["inode"])
            if pid is not None and pid not in names:
                names[pid] = program_name(pid)
            found.add(Listener(program=names.get(pid, ""), **row))
    return sorted(found)


def service_name(listener):
    transport = listener.protocol.rstrip("6")
    try:
        return socket.getservbyport(listener.port, transport)
    except OSError:
        return ""


def remark(listener):
    if not listener.exposed:
        return ""
    known = NOTEWORTHY.get(listener.port)
    if known:
        return known
    if listener.port >= 32768 and listener.protocol.startswith("udp"):
        return "short-lived, probably a client"
    return ""


def as_rows(listeners):
    rows = [("PROTO", "ADDRESS", "PORT", "USER", "PROGRAM", "SERVICE", "REMARK")]
    for listener in listeners:
        rows.append(
            (
                listener.protocol,
                listener.address,
                str(listener.port),
                listener.user,
                listener.program or "?",
                service_name(listener),
                remark(listener),
            )
        )
    return rows


def print_rows(rows, stream):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths))
        print("  ".join(cells).rstrip(), file=stream)


def tally(listeners):
    counts = collections.Counter()
    for listener in listeners:
        counts["exposed" if listener.exposed else "local"] += 1
        if not listener.program:
            counts["unknown"] += 1
    return counts


def to_json(listeners):
    return [
        {
            "protocol": listener.protocol,
            "address": listener.address,
            "port": listener.port,
            "user": listener.user,
            "program": listener.program,
            "exposed": listener.exposed,
        }
        for listener in listeners
    ]


def write_baseline(path, listeners):
    now = datetime.datetime.now(datetime.timezone.utc)
    document = {
        "version": BASELINE_VERSION,
        "taken": now.isoformat(timespec="seconds"),
        "host": socket.gethostname(),
        "listeners": to_json(listeners),
    }
    temporary = path.with_suffix(path.suffix + ".new")
    temporary.write_text(json.dumps(document, indent=2) + "\n")
    os.replace(temporary, path)


def read_baseline(path):
    document = json.loads(path.read_text())
    if document.get("version") != BASELINE_VERSION:
        raise ValueError(
            f"{path}: baseline version {document.get('version')} is not supported"
        )
    listeners = []
    for item in document["listeners"]:
        item.pop("exposed", None)
        listeners.append(Listener(**item))
    return listeners


def compare(before, after):
    """What appeared, what went, and what now belongs to another program or user."""
    old = {listener.identity: listener for listener in before}
    new = {listener.identity: listener for listener in after}
    changed = []
    for identity in old.keys() & new.keys():
        was, now = old[identity], new[identity]
        if (was.program, was.user) != (now.program, now.user):
            changed.append((was, now))
    return {
        "appeared": sorted(new[identity] for identity in new.keys() - old.keys()),
        "gone": sorted(old[identity] for identity in old.keys() - new.keys()),
        "changed": sorted(changed),
    }


def one_line(listener):
    where = f"{listener.address}:{listener.port}"
    if ":" in listener.address:
        where = f"[{listener.address}]:{listener.port}"
    return (
        f"{listener.protocol:<5} {where:<28} {listener.user} {listener.program or '?'}"
    )


def print_changes(changes, stream):
    for listener in changes["appeared"]:
        print("+ " + one_line(listener), file=stream)
    for listener in changes["gone"]:
        print("- " + one_line(listener), file=stream)
    for was, now in changes["changed"]:
        print(
            "~ " + one_line(now) + f"  (was {was.user} {was.program or '?'})",
            file=stream,
        )


def watch(every, stream):
    before = collect()
    while True:
        time.sleep(every)
        after = collect()
        changes = compare(before, after)
        if any(changes.values()):
            clock = datetime.datetime.now().strftime("%H:%M:%S")
            print(f"--- {clock}", file=stream)
            print_changes(changes, stream)
        before = after


def command_list(options):
    listeners = collect()
    if options.exposed:
        listeners = [listener for listener in listeners if listener.exposed]
    if options.json:
        print(json.dumps(to_json(listeners), indent=2))
        return 0
    print_rows(as_rows(listeners), sys.stdout)
    counts = tally(listeners)
    print(
        f"\n{counts['exposed']} exposed, {counts['local']} local, {counts['unknown']} without a name"
    )
    return 0


def command_save(options):
    listeners = collect()
    write_baseline(options.file, listeners)
    print(f"{len(listeners)} listeners written to {options.file}")
    return 0


def command_diff(options):
    changes = compare(read_baseline(options.file), collect())
    print_changes(changes, sys.stdout)
    return 1 if any(changes.values()) else 0


def command_watch(options):
    try:
        watch(options.every, sys.stdout)
    except KeyboardInterrupt:
        return 0


def build_parser():
    parser = argparse.ArgumentParser(
        prog="netprobe", description="Who listens on this machine"
    )
    commands = parser.add_subparsers(required=True)
    listing = commands.add_parser("list", help="table of listening sockets")
    listing.add_argument(
        "--exposed", action="store_true", help="only what other machines can reach"
    )
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=command_list)
    for name, run in (("save", command_save), ("diff", command_diff)):
        command = commands.add_parser(name)
        command.add_argument("file", type=pathlib.Path)
        command.set_defaults(run=run)
    watching = commands.add_parser("watch", help="print changes as they happen")
    watching.add_argument("--every", type=float, default=10.0, metavar="SECONDS")
    watching.set_defaults(run=command_watch)
    return parser


def start(arguments=None):
    options = build_parser().parse_args(arguments)
    try:
        return options.run(options)
    except (OSError, ValueError) as error:
        print(f"netprobe: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(start())
