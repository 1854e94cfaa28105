import { createHash } from 'node:crypto'
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildBackground, serialiseBackground } from '@sigillo/similarity/background'
import type { Document } from '@sigillo/similarity/document'

/**
 * Makes the background that ships with the program, of files that Debian and npm deliver; see `packages/desk/data/README.md`.
 * node --conditions=@sigillo/source bench/public-code/main.ts VERSION
 */
interface Source {
  readonly kind: string
  readonly root: string
  readonly pattern: string
  /** Files taken at most. */
  readonly files: number
  readonly leaves?: RegExp
}

const SOURCES: readonly Source[] = [
  {
    kind: 'python',
    root: '/usr/lib/python3.11',
    pattern: '**/*.py',
    files: 200,
    leaves: /\/(test|tests|idlelib|encodings|lib2to3|pydoc_data)\//,
  },
  { kind: 'python', root: '/usr/lib/python3/dist-packages', pattern: '**/*.py', files: 60, leaves: /\/tests?\// },
  {
    kind: 'javascript',
    root: 'node_modules',
    pattern: '**/*.{js,cjs,mjs}',
    files: 240,
    leaves: /\.min\.|\/(playwright-core|typescript|esm|@sigillo)\//,
  },
  { kind: 'prose', root: 'node_modules', pattern: '*/README.md', files: 24 },
  { kind: 'prose', root: '/usr/share/common-licenses', pattern: '*', files: 12 },
  { kind: 'perl', root: '/usr/share/perl/5.36', pattern: '**/*.pm', files: 14 },
  { kind: 'c', root: '/usr/include', pattern: '*.h', files: 24 },
]
const LEAST_BYTES = 1200
const MOST_BYTES = 24_000
/** Code like that of the tools that are shared: clients, servers, parsers of arguments. */
const TOOL =
  /import (socket|urllib|http|argparse|subprocess|ssl|json|base64|hashlib)|from (urllib|http)|(require\(|from )['"](node:)?(https?|net|crypto|child_process|fs)['"]|fetch\(/

function filesOf({ root, pattern, files, leaves }: Source): readonly string[] {
  const all = globSync(pattern, { cwd: root }).filter((path) => isWanted(join(root, path), leaves))
  const tools = new Map(all.map((path) => [path, TOOL.test(readFileSync(join(root, path), 'latin1'))]))
  // The order depends on names only, so that the same files give the same background anywhere.
  const rank = (path: string): string => `${tools.get(path) === true ? 0 : 1}${sha256(path)}`
  return all
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
    .slice(0, files)
    .map((path) => join(root, path))
}

function isWanted(path: string, leaves: RegExp | undefined): boolean {
  const info = statSync(path)
  return info.isFile() && info.size >= LEAST_BYTES && info.size <= MOST_BYTES && leaves?.test(path) !== true
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

const chosen = SOURCES.map((source) => ({ source, paths: filesOf(source) }))
const documents: Document[] = chosen.flatMap(({ paths }) =>
  paths.map((path) => ({ id: path, files: [{ name: path, bytes: readFileSync(path) }] })),
)
const background = buildBackground({ name: 'sigillo', version: process.argv[2] ?? '1', documents })
const bytes = serialiseBackground(background)
writeFileSync(new URL('../../packages/desk/data/public-code.background', import.meta.url), bytes)
for (const { source, paths } of chosen) console.log(`${source.kind}\t${source.root}\t${paths.length}`)
console.log(`${background.files} files, ${bytes.length} bytes, ${background.digest}`)
const owners = chosen.flatMap(({ source, paths }) =>
  source.kind === 'javascript'
    ? paths.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(path)?.[1])
    : [],
)
console.log([...new Set(owners)].join(' '))
