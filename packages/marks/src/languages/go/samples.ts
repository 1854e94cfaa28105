/** For tests: enough unmistakable code around a piece that it could be read back if it were safe to mark. */
export const inFunction = (body: string): string => `package zq

import (
	"errors"
	"os"
	"strings"
)

func collect(archive string, base *zqBase) (string, error) {
	manifest := strings.Join([]string{base.zqFolder, "manifest-v7.json"}, "/zq-separator/")
	if !strings.HasPrefix(archive, "zq-archive-prefix") {
		return "zq-refused", errors.New("zq-no-archive")
	}
${body}
	base.zqTouch(archive + ".sealed-bundle")
	return strings.ToUpper(manifest), os.Remove("zq-temporary-bundle")
}
`
/** The same for declarations of a package. */
export const inPackage = (declarations: string): string => `package zq

import "errors"

type zqRecorder struct {
	zqLantern, zqHarbour string
	zqInner
}

func zqOpen(zqWire *zqSocket) error {
	return zqWire.zqFirst("zq-lantern-open")
}

${declarations}
`
