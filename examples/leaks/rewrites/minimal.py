import base64, hashlib, hmac, http.client, itertools, json, os, re, sys, time
from urllib.parse import quote, urlencode

port = int(sys.argv[sys.argv.index("--port") + 1])
count = itertools.count(1)
auth = {}
form = {"Content-Type": "application/x-www-form-urlencoded"}


def rid():
    return f"req-{next(count):03}-{os.urandom(5).hex()}"


def call(method, path, query=None, body=None, **headers):
    if path != "/status":
        headers = {"User-Agent": "handoff-check/0.9", "X-Posta-Client": "widget", "X-Request-Id": rid(),
                   "Accept-Language": "fr-CA", **(headers or auth)}
    if query:
        path += "?" + urlencode(query, quote_via=quote)
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    c.request(method, path, body, headers)
    r = c.getresponse()
    if not r.getheader("Server", "").startswith("posta-toy/"):
        sys.exit(2)
    if r.status >= 400 and path != "/close":
        sys.exit(1)
    return r.read().decode(errors="replace")


def ask(*a, **k):
    return json.loads(call(*a, **k))


if ask("GET", "/status", {"probe": "ping", "id": rid()}).get("toy") is not True:
    sys.exit(2)
board = ask("GET", "/board", {"audience": "personnel", "id": rid()})["waiting"]
ticket = min((w for w in board if w.get("role") == "administrator"), key=lambda w: w["since"])["ticket"]
key = ticket.encode()
nonce = time.strftime("%Y%m%dT%H%M%SZ.", time.gmtime()) + os.urandom(6).hex()
session = "lnk-" + base64.urlsafe_b64encode(hashlib.md5(key).digest()).decode().rstrip("=").lower()
token = ask("POST", "/door/handoff", None, urlencode({
    "ticket": ticket, "session": session, "scope": "campus", "mode": "adopt", "durable": "1",
    "reason": "rebalancing"}), **form, **{
    "X-Posta-Nonce": nonce,
    "X-Posta-Signature": hmac.new(key, f"transfer:{nonce}".encode(), "sha384").hexdigest()[:39]})["pass"]
auth = {"Authorization": "Badge " + token}
folders = ask("GET", "/classic/folders", {"view": "brief", "id": rid()},
              **auth, Accept="application/vnd.posta.register+json")["folders"]
folder = max(folders, key=lambda f: (f["name"] == "restricted", f["count"]))["name"]
edge = "ContentEdge" + os.urandom(8).hex()
draft = ask("POST", "/drafts", None, f'--{edge}\r\nContent-Disposition: form-data; name="passage"\r\n\r\n'
            f"Posta hand-off test\r\n--{edge}--\r\n", **auth, **{
                "Content-Type": "multipart/form-data; boundary=" + edge, "X-Posta-Priority": "regular"})["draft"]
listed = ask("QUERY", "/messages", {"folder": folder, "order": "alphabetical", "channel": "socket"})["messages"]
job = ask("POST", "/governance/export", None, json.dumps(
    {"folder": folder, "depth": "flat", "consent": "issued", "format": "mh"}),
    **auth, **{"Content-Type": "application/json"})
text = call("GET", "/export/" + quote(job["job"]), {"source": "repository", "id": rid()}, Cookie="mailsid=" + token)
mails = [m.partition("\n\n")[2] for m in re.split(r"(?m)^From .*\n", text)[1:]]
if len(mails) < max(job["mails"], len(listed)):
    sys.exit(1)
call("PUT", "/purge/" + quote(draft), {"acting": "owner", "commit": "lazy"})
call("POST", "/close", None, urlencode({"outcome": "released", "id": rid()}), **auth, **form)
canary = re.search("posta canary [0-9A-Za-z-]+", "\n".join(mails))
print(canary[0] if canary else sys.exit(1))
