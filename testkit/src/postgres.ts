import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'

/** A PostgreSQL server of our own, gone after `stop`. */
export interface TemporaryPostgres {
  /** Server version, such as `15.18`. */
  readonly version: string
  /** Makes an empty database and returns its connection URI. */
  createDatabase(): Promise<string>
  stop(): Promise<void>
}

const BINARIES = '/usr/lib/postgresql'

/**
 * Starts a temporary PostgreSQL from Debian's server binaries: Unix socket only, fsync off, its folder under /tmp. As root the
 * server runs as user `postgres`. Returns null, and says so on stderr, where no server is installed (`apt install postgresql`).
 */
export async function startPostgres(): Promise<TemporaryPostgres | null> {
  const bin = findBinaries()
  if (bin === null) {
    console.error(
      `SKIPPED: no PostgreSQL server under ${BINARIES}; install Debian's package "postgresql" to run these tests`,
    )
    return null
  }
  // Not under TMPDIR, which may be too long for a socket path.
  const folder = mkdtempSync('/tmp/pgtest-')
  const data = join(folder, 'data')
  if (isRoot()) execFileSync('chown', ['postgres:', folder])
  const asServerUser = isRoot() ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : []
  const [initdb, ...initdbArgs] = [...asServerUser, join(bin, 'initdb')]
  execFileSync(
    initdb,
    [...initdbArgs, '-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const settings = ['listen_addresses=', `unix_socket_directories=${folder}`, 'fsync=off', 'max_connections=60']
  const [postgres, ...postgresArgs] = [...asServerUser, join(bin, 'postgres')]
  const server = spawn(postgres, [...postgresArgs, '-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  server.stderr.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4000)))
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const urlOf = (database: string): string =>
    `postgres://postgres@localhost/${database}?host=${encodeURIComponent(folder)}`
  const stop = async (): Promise<void> => {
    // SIGINT is PostgreSQL's fast shutdown; the process group of setpriv is the server itself.
    server.kill('SIGINT')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const version = await waitUntilUp(urlOf('postgres'), () => server.exitCode !== null)
    let count = 0
    const createDatabase = async (): Promise<string> => {
      const name = `test_${String(++count)}`
      await withClient(urlOf('postgres'), (client) => client.query(`create database ${name}`))
      return urlOf(name)
    }
    return { version, createDatabase, stop }
  } catch (error) {
    await stop()
    throw new Error(`the temporary PostgreSQL did not start: ${log}`, { cause: error })
  }
}

/** The newest installed server's programs, or null. */
function findBinaries(): string | null {
  if (!existsSync(BINARIES)) return null
  const versions = readdirSync(BINARIES).filter((name) => existsSync(join(BINARIES, name, 'bin', 'initdb')))
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0]
  return newest === undefined ? null : join(BINARIES, newest, 'bin')
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}

async function waitUntilUp(url: string, hasEnded: () => boolean): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await withClient(url, async (client) => {
        const { rows } = await client.query<{ server_version: string }>('show server_version')
        return rows[0]?.server_version ?? 'unknown'
      })
    } catch (error) {
      if (hasEnded() || attempt >= 300) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
