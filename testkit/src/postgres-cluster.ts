import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'

/** Time for an orderly end. */
const MOST_STOPPING_MS = 20_000
const BINARIES = '/usr/lib/postgresql'

/** A running PostgreSQL server over a folder that outlives it. */
export interface ClusterServer {
  /** Server version, such as `15.18`. */
  readonly version: string
  /** The postmaster, whatever started it. */
  readonly child: ChildProcess
  /** Connection URI of a database on it. */
  url(database: string): string
  /** PostgreSQL's fast shutdown. */
  stop(): Promise<void>
  /** PostgreSQL's immediate shutdown: every connection is dropped, nothing is tidied up; the next start recovers. */
  stopNow(): Promise<void>
  /** Ends the postmaster without warning and waits until it is gone. Its backends notice and end by themselves. */
  kill(): Promise<void>
}

/** Folder of the newest installed server's programs, or null after saying on stderr what to install. */
export function findServerBinaries(): string | null {
  const versions = existsSync(BINARIES)
    ? readdirSync(BINARIES).filter((name) => existsSync(join(BINARIES, name, 'bin', 'initdb')))
    : []
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0]
  if (newest !== undefined) return join(BINARIES, newest, 'bin')
  console.error(
    `SKIPPED: no PostgreSQL server under ${BINARIES}; install Debian's package "postgresql" to run these tests`,
  )
  return null
}

/** As root: gives a folder, or a copied cluster with all that is in it, to the user that runs the server. */
export function giveToServer(folder: string, isWhole: boolean = false): void {
  if (isRoot()) execFileSync('chown', [...(isWhole ? ['-R'] : []), 'postgres:', folder])
}

/** Makes a new cluster in `folder/data`. The folder must exist; as root it is given to user `postgres`, who runs the server. */
export function makeCluster(bin: string, folder: string): void {
  giveToServer(folder)
  const [initdb, ...args] = [...asServerUser(), join(bin, 'initdb')]
  execFileSync(
    initdb ?? '',
    [
      ...args,
      '-D',
      join(folder, 'data'),
      '-U',
      'postgres',
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  )
}

/**
 * Starts a server over the cluster in `folder/data`, on a Unix socket in `sockets` (default `folder`) only. Resolves when it answers;
 * rejects with the end of its log when it does not start. `settings` are of the form `fsync=off`.
 */
export async function startCluster(
  bin: string,
  folder: string,
  settings: readonly string[],
  sockets: string = folder,
): Promise<ClusterServer> {
  const all = ['listen_addresses=', `unix_socket_directories=${sockets}`, 'max_connections=60', ...settings]
  const [postgres, ...args] = [...asServerUser(), join(bin, 'postgres')]
  const child = spawn(
    postgres ?? '',
    [...args, '-D', join(folder, 'data'), ...all.flatMap((setting) => ['-c', setting])],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4000)))
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = (database: string): string =>
    `postgres://postgres@localhost/${database}?host=${encodeURIComponent(sockets)}`
  const end = async (signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): Promise<void> => {
    // setpriv becomes the server, so the child's own process is the postmaster.
    child.kill(signal)
    // Asked to stop while it recovers from a crash, a server may never end.
    const late = setTimeout(() => child.kill('SIGKILL'), MOST_STOPPING_MS)
    await ended
    clearTimeout(late)
  }
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  try {
    const version = await waitUntilUp(url('postgres'), hasEnded)
    return {
      version,
      child,
      url,
      stop: () => end('SIGINT'),
      stopNow: () => end('SIGQUIT'),
      kill: () => end('SIGKILL'),
    }
  } catch (error) {
    await end('SIGINT')
    throw new Error(`the PostgreSQL server did not start: ${log}`, { cause: error })
  }
}

/** Opens a client, uses it, closes it. */
export async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

function asServerUser(): readonly string[] {
  return isRoot() ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : []
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
      if (hasEnded() || attempt >= 600) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
