import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from '../peers/folder.ts'

const SOURCES = '/usr/lib/jvm/default-java/lib/src.zip'
const PACKAGES = ['io', 'net', 'text', 'time', 'util'].map((name) => `java.base/java/${name}`)

/** Sources of the Java library, as public code for the labelled sets; none when the Debian package openjdk-17-source is missing. */
export function jdkFiles(): readonly string[] {
  const folder = join(cacheFolder(), 'jdk')
  if (!existsSync(folder)) {
    if (!existsSync(SOURCES)) return []
    mkdirSync(folder, { recursive: true })
    spawnSync('jar', ['xf', SOURCES, ...PACKAGES], { cwd: folder })
  }
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.java'))
    .sort()
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).size < 60_000)
}
