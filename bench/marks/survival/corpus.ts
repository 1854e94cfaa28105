import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file that nobody here wrote, read where a package put it. */
export interface RealFile {
  /** Path inside a plan; its ending says the language. */
  readonly path: string
  readonly text: string
}

/** Languages whose real files are measured, with where they come from. */
export const CORPORA = {
  python: {
    needs: 'libpython3.11-stdlib',
    root: '/usr/lib/python3.11',
    names:
      'cmd.py cgitb.py ftplib.py mailcap.py netrc.py optparse.py plistlib.py poplib.py quopri.py shlex.py telnetlib.py urllib/robotparser.py',
  },
  javascript: {
    needs: 'npm ci',
    root: join(import.meta.dirname, '../../../node_modules'),
    names:
      'brace-expansion/index.js commander/lib/command.js commander/lib/help.js fast-uri/index.js find-my-way/lib/node.js ipaddr.js/lib/ipaddr.js ' +
      'light-my-request/lib/request.js pg/lib/client.js picomatch/lib/scan.js pino/lib/proto.js semver/classes/range.js tar-stream/extract.js',
  },
  typescript: {
    needs: 'npm ci',
    root: join(import.meta.dirname, '../../../node_modules/zod/src'),
    names:
      'v3/errors.ts v3/helpers/parseUtil.ts v3/helpers/util.ts v3/types.ts v4/classic/from-json-schema.ts v4/core/errors.ts ' +
      'v4/core/json-schema-processors.ts v4/core/parse.ts v4/core/to-json-schema.ts v4/core/util.ts',
  },
  go: {
    needs: 'golang-src',
    root: '/usr/share/go-1.19/src',
    names:
      'archive/tar/reader.go bufio/scan.go encoding/csv/reader.go encoding/hex/hex.go encoding/json/scanner.go flag/flag.go mime/multipart/multipart.go ' +
      'net/url/url.go path/filepath/match.go text/tabwriter/tabwriter.go text/template/funcs.go text/template/parse/lex.go',
  },
  c: {
    needs: 'zlib1g-dev libpng-dev nettle-dev libtasn1-6-dev liblzma-dev',
    root: '/usr/share/doc',
    names:
      'zlib1g-dev/examples/enough.c zlib1g-dev/examples/fitblk.c zlib1g-dev/examples/gun.c zlib1g-dev/examples/gzappend.c zlib1g-dev/examples/gzlog.c ' +
      'zlib1g-dev/examples/minigzip.c zlib1g-dev/examples/zran.c libpng-dev/examples/pngtest.c nettle-dev/examples/nettle-benchmark.c ' +
      'libtasn1-6-dev/examples/asn1Parser.c liblzma-dev/examples/02_decompress.c',
  },
  cpp: {
    needs: 'googletest',
    root: '/usr/src/googletest',
    names:
      'googlemock/src/gmock-cardinalities.cc googlemock/src/gmock-internal-utils.cc googlemock/src/gmock-matchers.cc googlemock/src/gmock-spec-builders.cc ' +
      'googlemock/src/gmock.cc googletest/src/gtest-death-test.cc googletest/src/gtest-filepath.cc googletest/src/gtest-port.cc ' +
      'googletest/src/gtest-printers.cc googletest/src/gtest-test-part.cc googletest/src/gtest-typed-test.cc',
  },
  java: {
    needs: 'default-jdk-headless openjdk-17-source',
    root: '/usr/lib/jvm/java-17-openjdk-amd64/lib/src.zip',
    names:
      'io/StreamTokenizer.java net/CookieManager.java net/HttpCookie.java net/URI.java text/MessageFormat.java util/ArrayDeque.java util/BitSet.java ' +
      'util/HexFormat.java util/Properties.java util/StringTokenizer.java util/TimSort.java util/UUID.java',
  },
  php: {
    needs: 'php-guzzlehttp-psr7 php-parser',
    root: '/usr/share/php',
    names:
      'GuzzleHttp/Psr7/Stream.php GuzzleHttp/Psr7/Uri.php GuzzleHttp/Psr7/UriNormalizer.php GuzzleHttp/Psr7/UriResolver.php GuzzleHttp/Psr7/Utils.php ' +
      'PhpParser/Lexer.php PhpParser/Lexer/Emulative.php PhpParser/NameContext.php PhpParser/NodeTraverser.php PhpParser/ParserAbstract.php ' +
      'PhpParser/PrettyPrinterAbstract.php',
  },
  ruby: {
    needs: 'ruby',
    root: '/usr/lib/ruby/3.1.0',
    names:
      'csv/row.rb erb.rb getoptlong.rb ipaddr.rb net/http.rb net/protocol.rb optparse.rb ostruct.rb set.rb time.rb uri/generic.rb',
  },
  bash: {
    needs: 'gzip xz-utils ucf git openssh-client ca-certificates',
    root: '/usr',
    names:
      'zgrep.sh@bin/zgrep xzgrep.sh@bin/xzgrep savelog.sh@bin/savelog apt-key.sh@bin/apt-key ssh-copy-id.sh@bin/ssh-copy-id ucf.sh@bin/ucf ' +
      'invoke-rc.d.sh@sbin/invoke-rc.d service.sh@sbin/service update-ca-certificates.sh@sbin/update-ca-certificates ' +
      'git-filter-branch.sh@lib/git-core/git-filter-branch git-instaweb.sh@lib/git-core/git-instaweb ' +
      'git-mergetool--lib.sh@lib/git-core/git-mergetool--lib git-web--browse.sh@lib/git-core/git-web--browse',
  },
} as const satisfies Record<string, { readonly needs: string; readonly root: string; readonly names: string }>

export type Corpus = keyof typeof CORPORA

/**
 * The first `most` files of a corpus that are on this machine. A name may say `path-in-plan@path-on-disk`, for scripts without an ending.
 */
export function realFiles(corpus: Corpus, most: number): RealFile[] {
  const { root, names } = CORPORA[corpus]
  if (root.endsWith('.zip')) return unpacked(root, names.split(' ').slice(0, most))
  return names
    .split(' ')
    .map((name) => name.split('@'))
    .map(([path = '', disk = path]) => ({ path, disk: join(root, disk) }))
    .filter(({ disk }) => existsSync(disk))
    .slice(0, most)
    .map(({ path, disk }) => ({ path, text: readFileSync(disk, 'utf8') }))
}

function unpacked(archive: string, names: readonly string[]): RealFile[] {
  if (!existsSync(archive)) return []
  const folder = mkdtempSync(join(tmpdir(), 'corpus-'))
  try {
    spawnSync('jar', ['xf', archive, ...names.map((name) => `java.base/java/${name}`)], { cwd: folder })
    return names.map((name) => ({ path: name, text: readFileSync(join(folder, 'java.base/java', name), 'utf8') }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
