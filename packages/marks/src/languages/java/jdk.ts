import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Classes of the JDK that the tests make copies of, by their paths below `java`. */
export const SMALLER: string =
  'net/HttpCookie net/CookieManager util/StringTokenizer util/BitSet util/HexFormat util/UUID util/TimSort util/ArrayDeque io/StreamTokenizer'
export const ALL: string = `${SMALLER} net/URI util/Properties util/TreeMap text/MessageFormat`

/** For tests: the source archive of the JDK that `javac` belongs to; null where there is none. */
export function jdkSource(): string | null {
  const found = spawnSync('sh', ['-c', 'command -v javac'], { encoding: 'utf8' })
  if (found.status !== 0) return null
  const archive = join(dirname(dirname(realpathSync(found.stdout.trim()))), 'lib/src.zip')
  return existsSync(archive) ? archive : null
}

/** For tests: takes the classes out of the archive; their paths below `folder`. */
export function unpack(archive: string, folder: string, classes: string): string[] {
  mkdirSync(folder, { recursive: true })
  const names = classes.split(' ').map((name) => `java.base/java/${name}.java`)
  spawnSync('jar', ['xf', archive, ...names], { cwd: folder })
  return names.map((name) => join(folder, name)).filter((path) => existsSync(path))
}
