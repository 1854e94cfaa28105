// Verify checks a folder of tiles with Go's own golang.org/x/mod/sumdb packages: `verify TILES CLAIMS`. It rebuilds the whole tree from the
// entries and holds every tile, checkpoint and proof against it, and each proof and tile a second time with one bit changed.
package main

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// claim is one line of the file of claims.
type claim struct {
	Kind      string      // key, checkpoint, inclusion, consistency
	Vkey      string      // key: of the log
	Secret    string      // key: of the log, to sign with Go what was signed elsewhere
	Witness   string      // key: of the witness that cosigned the last checkpoint
	Note      string      // checkpoint
	Old, Size int64       // consistency, inclusion
	Index     int64       // inclusion
	Proof     []tlog.Hash // consistency, inclusion
}

// counts is what was found good; Refused counts changed copies of good things.
type counts struct {
	Entries     int `json:"entries"`
	Bundles     int `json:"bundles"`
	Tiles       int `json:"tiles"`
	Checkpoints int `json:"checkpoints"`
	Cosigned    int `json:"cosigned"`
	Inclusion   int `json:"inclusion"`
	Consistency int `json:"consistency"`
	Refused     int `json:"refused"`
}

type verifier struct {
	folder string
	hashes []tlog.Hash
	roots  map[int64]tlog.Hash
	known  note.Verifiers
	key    claim
	files  map[string]bool
	last   int64
	counts counts
}

func main() {
	v := &verifier{folder: os.Args[1], roots: map[int64]tlog.Hash{}, files: map[string]bool{}}
	if err := v.run(os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(v.counts)
}

func (v *verifier) run(claims string) error {
	size, err := v.newestSize()
	if err != nil {
		return err
	}
	if err := v.rebuild(size); err != nil {
		return err
	}
	file, err := os.Open(claims)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c claim
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return err
		}
		if err := v.check(c); err != nil {
			return err
		}
	}
	if err := v.clientReadsAll(size); err != nil {
		return err
	}
	return v.nothingElse()
}

func (v *verifier) check(c claim) error {
	switch c.Kind {
	case "key":
		v.key = c
		verifier, err := note.NewVerifier(c.Vkey)
		if err != nil {
			return err
		}
		v.known = note.VerifierList(verifier)
		return nil
	case "checkpoint":
		return v.checkpoint([]byte(c.Note))
	case "inclusion":
		return v.inclusion(c)
	case "consistency":
		return v.consistency(c)
	}
	return fmt.Errorf("a claim of kind %q", c.Kind)
}

// newestSize reads the size of the published checkpoint; its signature is checked with those of all the others.
func (v *verifier) newestSize() (int64, error) {
	bytes, err := os.ReadFile(filepath.Join(v.folder, "checkpoint"))
	if err != nil {
		return 0, err
	}
	tree, err := parseTree(string(bytes))
	return tree.N, err
}

// parseTree lets Go read a checkpoint: only the first line differs from the form that sumdb knows.
func parseTree(text string) (tlog.Tree, error) {
	at := strings.IndexByte(text, '\n')
	if at < 0 {
		return tlog.Tree{}, errors.New("a checkpoint without lines")
	}
	return tlog.ParseTree([]byte("go.sum database tree" + text[at:]))
}

// memory serves the hashes of the rebuilt tree.
func (v *verifier) memory(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(v.hashes)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		found[i] = v.hashes[index]
	}
	return found, nil
}

// rebuild makes the tree from the entries alone.
func (v *verifier) rebuild(size int64) error {
	for n := int64(0); n*256 < size; n++ {
		width := size - n*256
		if width > 256 {
			width = 256
		}
		path := bundlePath(n, int(width))
		rest, err := os.ReadFile(filepath.Join(v.folder, path))
		if err != nil {
			return err
		}
		v.files[path] = true
		for i := int64(0); i < width; i++ {
			if len(rest) < 2 || len(rest) < 2+int(binary.BigEndian.Uint16(rest)) {
				return fmt.Errorf("%s: entry %d is cut off", path, i)
			}
			end := 2 + int(binary.BigEndian.Uint16(rest))
			hashes, err := tlog.StoredHashes(n*256+i, rest[2:end], tlog.HashReaderFunc(v.memory))
			if err != nil {
				return err
			}
			v.hashes = append(v.hashes, hashes...)
			rest = rest[end:]
			v.counts.Entries++
		}
		if len(rest) > 0 {
			return fmt.Errorf("%s has more than %d entries", path, width)
		}
		v.counts.Bundles++
	}
	return nil
}

// Go writes tile/<height>/<level>/…, c2sp.org/tlog-tiles leaves the height out and calls bundles entries.
func tilePath(t tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", height))
}

func bundlePath(n int64, width int) string {
	data := tlog.Tile{H: height, L: -1, N: n, W: width}
	return strings.Replace(tilePath(data), "tile/data/", "tile/entries/", 1)
}

// published leaves out what NewTiles of this version adds: the partial tiles of sizes between the two, which had no checkpoint.
func published(before, size int64) []tlog.Tile {
	var tiles []tlog.Tile
	for _, t := range tlog.NewTiles(height, before, size) {
		if t.W == 1<<height || int64(t.W) == size>>(height*uint(t.L))-t.N<<height {
			tiles = append(tiles, t)
		}
	}
	return tiles
}

// checkpoint opens a note and checks its root and every tile that this checkpoint published.
func (v *verifier) checkpoint(bytes []byte) error {
	opened, err := note.Open(bytes, v.known)
	if err != nil {
		return fmt.Errorf("checkpoint: %v", err)
	}
	if err := v.signsTheSame(bytes, opened); err != nil {
		return err
	}
	tree, err := parseTree(opened.Text)
	if err != nil {
		return err
	}
	root, err := tlog.TreeHash(tree.N, tlog.HashReaderFunc(v.memory))
	if err != nil || root != tree.Hash {
		return fmt.Errorf("checkpoint of %d leaves: its root is not that of the entries (%v)", tree.N, err)
	}
	v.roots[tree.N] = root
	for _, t := range published(v.last, tree.N) {
		if err := v.tile(t); err != nil {
			return err
		}
	}
	for n := v.last / 256; n*256 < tree.N; n++ {
		if width := tree.N - n*256; width < 256 {
			v.files[bundlePath(n, int(width))] = true
		}
	}
	v.last = tree.N
	v.counts.Checkpoints++
	if len(opened.UnverifiedSigs) > 0 {
		if err := v.cosignature(opened); err != nil {
			return err
		}
		v.counts.Cosigned++
	}
	changed := append([]byte(nil), bytes...)
	changed[len(opened.Text)/2] ^= 1
	if _, err := note.Open(changed, v.known); err == nil {
		return errors.New("a changed checkpoint was opened")
	}
	v.counts.Refused++
	return nil
}

// signsTheSame signs the text with Go and the same key: Ed25519 is deterministic, so the notes must be equal to the byte.
func (v *verifier) signsTheSame(bytes []byte, opened *note.Note) error {
	signer, err := note.NewSigner(v.key.Secret)
	if err != nil {
		return err
	}
	signed, err := note.Sign(&note.Note{Text: opened.Text}, signer)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(string(bytes), string(signed)) {
		return errors.New("checkpoint: Go writes this note with other bytes")
	}
	return nil
}

// cosignature checks the witness's line (c2sp.org/tlog-cosignature), which sumdb does not know.
func (v *verifier) cosignature(opened *note.Note) error {
	parts := strings.SplitN(v.key.Witness, "+", 3)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || key[0] != 4 {
		return errors.New("the witness's key is not one for cosignatures")
	}
	for _, line := range opened.UnverifiedSigs {
		blob, err := base64.StdEncoding.DecodeString(line.Base64)
		if err != nil || len(blob) != 4+8+64 || line.Name != parts[0] || fmt.Sprintf("%08x", line.Hash) != parts[1] {
			return errors.New("a signature of an unknown key")
		}
		text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(blob[4:12]), opened.Text)
		if !ed25519.Verify(key[1:], []byte(text), blob[12:]) {
			return errors.New("a bad cosignature")
		}
	}
	return nil
}

func (v *verifier) tile(t tlog.Tile) error {
	want, err := tlog.ReadTileData(t, tlog.HashReaderFunc(v.memory))
	if err != nil {
		return err
	}
	path := tilePath(t)
	stored, err := os.ReadFile(filepath.Join(v.folder, path))
	if err != nil {
		return err
	}
	if !bytes.Equal(stored, want) {
		return fmt.Errorf("%s is not the tile that Go makes of the entries", path)
	}
	v.files[path] = true
	v.counts.Tiles++
	return nil
}

func (v *verifier) inclusion(c claim) error {
	if c.Index >= v.last || c.Size > v.last {
		return fmt.Errorf("inclusion of %d in %d: beyond the tree", c.Index, c.Size)
	}
	root, err := v.root(c.Size)
	if err != nil {
		return err
	}
	leaf := v.hashes[tlog.StoredHashIndex(0, c.Index)]
	if err := tlog.CheckRecord(c.Proof, c.Size, root, c.Index, leaf); err != nil {
		return fmt.Errorf("inclusion of %d in %d: %v", c.Index, c.Size, err)
	}
	own, err := tlog.ProveRecord(c.Size, c.Index, tlog.HashReaderFunc(v.memory))
	if err != nil || !equal(own, c.Proof) {
		return fmt.Errorf("inclusion of %d in %d: Go proves it differently (%v)", c.Index, c.Size, err)
	}
	v.counts.Inclusion++
	if len(c.Proof) > 0 {
		c.Proof[int(c.Index)%len(c.Proof)][3] ^= 4
		if tlog.CheckRecord(c.Proof, c.Size, root, c.Index, leaf) == nil {
			return errors.New("a changed inclusion proof was accepted")
		}
		v.counts.Refused++
	}
	return nil
}

func (v *verifier) consistency(c claim) error {
	oldRoot, err := v.root(c.Old)
	if err != nil {
		return err
	}
	root, err := v.root(c.Size)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(c.Proof, c.Size, root, c.Old, oldRoot); err != nil {
		return fmt.Errorf("consistency of %d and %d: %v", c.Old, c.Size, err)
	}
	own, err := tlog.ProveTree(c.Size, c.Old, tlog.HashReaderFunc(v.memory))
	if err != nil || !equal(own, c.Proof) {
		return fmt.Errorf("consistency of %d and %d: Go proves it differently (%v)", c.Old, c.Size, err)
	}
	v.counts.Consistency++
	if len(c.Proof) > 0 {
		c.Proof[int(c.Old)%len(c.Proof)][3] ^= 4
		if tlog.CheckTree(c.Proof, c.Size, root, c.Old, oldRoot) == nil {
			return errors.New("a changed consistency proof was accepted")
		}
		v.counts.Refused++
	}
	return nil
}

func (v *verifier) root(size int64) (tlog.Hash, error) {
	if root, known := v.roots[size]; known {
		return root, nil
	}
	root, err := tlog.TreeHash(size, tlog.HashReaderFunc(v.memory))
	v.roots[size] = root
	return root, err
}

func equal(a, b []tlog.Hash) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// tiles is the folder as Go's own client reads it: it trusts only the root. Its changed tile stands for a server that lies.
type tiles struct {
	folder  string
	changed string
}

func (r *tiles) Height() int                         { return height }
func (r *tiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (r *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(wanted))
	for i, t := range wanted {
		bytes, err := os.ReadFile(filepath.Join(r.folder, tilePath(t)))
		if err != nil {
			return nil, err
		}
		if tilePath(t) == r.changed {
			bytes[7] ^= 1
		}
		found[i] = bytes
	}
	return found, nil
}

// clientReadsAll reads every tile of the newest tree through Go's client, then all again for each tile with one bit of that tile changed.
// All in one request and from the right, with the tile in question last: this version's client starts to hold tiles against their
// parents only behind the first few of a request, counting subtrees where it means tiles, so that a changed tile read alone would pass.
func (v *verifier) clientReadsAll(size int64) error {
	tree := tlog.Tree{N: size, Hash: v.roots[size]}
	all := published(0, size)
	sort.SliceStable(all, func(a, b int) bool { return all[a].L < all[b].L || all[a].L == all[b].L && all[a].N > all[b].N })
	var indexes []int64
	for _, t := range all {
		indexes = append(indexes, tlog.StoredHashIndex(t.L*height, t.N<<height))
	}
	if _, err := tlog.TileHashReader(tree, &tiles{folder: v.folder}).ReadHashes(indexes); err != nil {
		return fmt.Errorf("through the client: %v", err)
	}
	for at, t := range all {
		order := append(append(append([]int64(nil), indexes[:at]...), indexes[at+1:]...), indexes[at])
		liar := &tiles{folder: v.folder, changed: tilePath(t)}
		if _, err := tlog.TileHashReader(tree, liar).ReadHashes(order); err == nil {
			return fmt.Errorf("%s was accepted with a bit changed", tilePath(t))
		}
		v.counts.Refused++
	}
	return nil
}

// nothingElse finds files that no checkpoint published.
func (v *verifier) nothingElse() error {
	return filepath.WalkDir(filepath.Join(v.folder, "tile"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(v.folder, path)
		if err == nil && !v.files[filepath.ToSlash(relative)] {
			return fmt.Errorf("%s was published by no checkpoint", relative)
		}
		return err
	})
}
