import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, extname, join, relative } from 'node:path'

/** Kinds of text the bench measures on real files. */
export type RealKind = 'javascript' | 'python' | 'c' | 'go' | 'shell' | 'markdown'

/** A public file on this machine. Files of one family (package, module) may share code and never get different parts to play. */
export interface PublicFile {
  readonly path: string
  readonly family: string
  readonly bytes: number
}

interface Source {
  readonly root: string
  /** What to install for it. */
  readonly needs: string
  readonly family: (path: string) => string
  readonly takes: (path: string) => boolean
}

const MODULES = join(import.meta.dirname, '../../../node_modules')
/** Tests repeat what they test, and minified files are nobody's original. */
const DERIVED =
  /(?:^|[/._-])(?:tests?|testing|testdata|__tests__|spec|benchmarks?|bench|examples?|min|umd)(?:[/._-]|$)|bundle|vendor|eslintrc|wasm/i
const GENERATED = /pb2?\.|_generated|unicode|tables|encodings\/|locale/i

const firstOf = (name: string): string => name.split(/[-._\d]/)[0] ?? name
const packageOf = (path: string): string => {
  const [, scope, name = ''] = /.*?((?:@[^/]+\/)?)([^/@]+)\//.exec(path.split('node_modules/').at(-1) ?? path) ?? []
  return scope === '' || scope === undefined ? firstOf(name) : scope
}
const ends =
  (...suffixes: readonly string[]) =>
  (path: string) =>
    suffixes.includes(extname(path))
const isScript = (path: string): boolean =>
  ['.sh', '.postinst', '.preinst', '.prerm', '.config'].includes(extname(path)) ||
  (extname(path) === '' && /^#! ?\/(?:usr\/)?bin\/(?:env )?(?:ba|da)?sh\b/.test(head(path)))

const npm = (root: string, needs: string, suffix: string): Source => ({
  root,
  needs,
  family: packageOf,
  takes: (path) => ends(suffix)(path) && !path.includes('@sigillo/'),
})
const module = (path: string): string => path.split('/')[0]?.replace(/\.py$/, '').replace(/^_/, '') ?? path
const scripts = (root: string): Source => ({
  root,
  needs: 'git init-system-helpers',
  family: (path) => firstOf(basename(path)),
  takes: isScript,
})

const SOURCES: Readonly<Record<RealKind, readonly Source[]>> = {
  javascript: [npm(MODULES, 'npm ci', '.js'), npm('/usr/lib/node_modules', 'nodejs', '.js')],
  python: [
    { root: '/usr/lib/python3.11', needs: 'libpython3.11-stdlib', family: module, takes: ends('.py') },
    { root: '/usr/lib/python3/dist-packages', needs: 'python3-all', family: module, takes: ends('.py') },
  ],
  c: [{ root: '/usr/share/gnulib/lib', needs: 'gnulib', family: (path) => firstOf(basename(path)), takes: ends('.c') }],
  go: [
    {
      root: '/usr/share/go-1.19/src',
      needs: 'golang-src',
      family: (path) => dirname(path).split('/').slice(0, 2).join('/'),
      takes: (path) => ends('.go')(path) && !/zdefaultcc|zerrors_|zsys|ztypes|opGen|rewrite[A-Z]/.test(path),
    },
  ],
  shell: [
    scripts('/usr/bin'),
    scripts('/usr/sbin'),
    scripts('/usr/lib/git-core'),
    scripts('/etc/init.d'),
    scripts('/usr/share'),
    scripts('/var/lib/dpkg/info'),
  ],
  markdown: [
    npm(MODULES, 'npm ci', '.md'),
    npm('/usr/lib/node_modules', 'nodejs', '.md'),
    npm('/usr/share/doc', 'git', '.md'),
  ],
}

/** C headers, only ever read as strangers. */
const HEADERS: Source = {
  root: '/usr/include',
  needs: 'libc6-dev',
  family: (path) => path.split('/')[0] ?? path,
  takes: ends('.h'),
}

/** Public files of a kind, sorted by path, with the Debian packages whose folder is missing. */
export function publicFiles(kind: RealKind): {
  readonly files: readonly PublicFile[]
  readonly missing: readonly string[]
} {
  const sources = SOURCES[kind]
  const files = sources
    .flatMap((source) => filesOf(source))
    .filter((file) => !DERIVED.test(file.path) && !GENERATED.test(file.path))
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), missing: missingOf(sources) }
}

/** Everything public that can be found, tests and headers too: strangers for counting false alarms. */
export function allPublicFiles(): readonly PublicFile[] {
  const files = [...Object.values(SOURCES).flat(), HEADERS].flatMap((source) => filesOf(source))
  return [...new Map(files.map((file) => [file.path, file])).values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** A text file, unreadable bytes replaced. */
export function textOf(file: { readonly path: string }): string {
  return readFileSync(file.path, 'utf8')
}

function filesOf(source: Source): PublicFile[] {
  return walk(source.root)
    .filter((path) => source.takes(path))
    .map((path) => ({ path, family: source.family(relative(source.root, path)), bytes: statSync(path).size }))
}

function missingOf(sources: readonly Source[]): string[] {
  return sources.filter(({ root }) => walk(root).length === 0).map(({ needs }) => needs)
}

const walked = new Map<string, readonly string[]>()
function walk(root: string): readonly string[] {
  const known = walked.get(root)
  if (known !== undefined) return known
  const paths = entriesOf(root).flatMap((entry) => {
    const path = join(root, entry.name)
    if (entry.isDirectory()) return entry.name === '.cache' || entry.name === '.bin' ? [] : walk(path)
    return entry.isFile() ? [path] : []
  })
  walked.set(root, paths)
  return paths
}

function entriesOf(folder: string): ReturnType<typeof readDirectory> {
  try {
    return readDirectory(folder)
  } catch {
    return []
  }
}

const readDirectory = (folder: string) => readdirSync(folder, { withFileTypes: true })

function head(path: string): string {
  try {
    return statSync(path).size > 200_000 ? '' : readFileSync(path, 'utf8').slice(0, 64)
  } catch {
    return ''
  }
}
