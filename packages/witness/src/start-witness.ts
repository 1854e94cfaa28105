import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join, resolve } from 'node:path'
import { MAX_SUBMISSION_BYTES } from '@sigillo/tlog/add-checkpoint'
import { cosignatureSigner } from '@sigillo/tlog/cosignature'
import { fromUtf8, utf8 } from '@sigillo/tlog/encoding'
import { formatNote, formatSignature, type NoteSignature } from '@sigillo/tlog/note'
import { type Accepted, judge } from './cosign.ts'
import { WitnessError } from './errors.ts'
import {
  KEY_FILE,
  lockWitnessFolder,
  openWitnessFolder,
  readFolderAgain,
  type WitnessFolder,
} from './witness-folder.ts'

/** How a witness is started. */
export interface WitnessOptions {
  /** Folder that `initWitness` made. */
  readonly dir: string
  /** Default 127.0.0.1. The witness speaks plain HTTP: put TLS in front of anything else. */
  readonly host?: string
  /** Default 0: a free port. */
  readonly port?: number
  /** Default: the system's. Times of cosignatures go by it. */
  readonly clock?: () => Date
  /** Hears of every cosignature and every refusal that its operator should see; one line each. */
  readonly log?: (line: string) => void
}

/** A running witness. */
export interface Witness {
  /** Submission and monitoring prefix. */
  readonly url: string
  /** Verifier key of its cosignatures (C2SP vkey); while it is replaced, the old one. */
  readonly vkey: string
  /** All that cosign, the oldest first. */
  readonly vkeys: readonly string[]
  /**
   * Reads keys and logs of the folder again, without a restart. Throws {@link WitnessError} in one clear line; then all stays as it was.
   */
  reload(): Promise<void>
  /** Finishes running requests, then stops. May be called twice. */
  stop(): Promise<void>
}

/** Longest time for one request, in milliseconds. */
const requestTimeout = 10_000
const mostWaiting = 200

/**
 * Runs a witness (c2sp.org/tlog-witness): `POST /add-checkpoint` and `GET /<hex SHA-256 of origin>/checkpoint`. A checkpoint is
 * cosigned only if it extends the one cosigned last, and the cosignature leaves only after that fact is on disk, so that no crash
 * makes it cosign two trees that contradict each other. Throws {@link WitnessError} in one clear line.
 */
export async function startWitness(options: WitnessOptions): Promise<Witness> {
  const dir = resolve(options.dir)
  if (!existsSync(join(dir, KEY_FILE)))
    throw new WitnessError('bad-folder', `${dir} holds no witness; make one with: sigillo witness init`)
  const lock = lockWitnessFolder(dir)
  try {
    let folder = await openWitnessFolder(dir)
    const server = createServer(
      { requestTimeout, headersTimeout: requestTimeout },
      handler(() => folder, options),
    )
    const url = await listen(server, options)
    const vkeys = (): readonly string[] => folder.signers.map(({ vkey }) => vkey)
    return {
      url,
      get vkey() {
        return vkeys()[0] ?? ''
      },
      get vkeys() {
        return vkeys()
      },
      reload: async () => {
        folder = await readFolderAgain(dir, folder)
      },
      stop: stopOnce(server, lock.release),
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

interface Reply {
  readonly status: number
  readonly body: string
  readonly type?: string
}

function handler(folder: () => WitnessFolder, options: WitnessOptions) {
  const cosign = cosigner(folder, options)
  return (request: IncomingMessage, response: ServerResponse): void => {
    void respond(request, response, () => answer(request, folder(), cosign))
  }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answered: () => Promise<Reply>,
): Promise<void> {
  const { status, body, type } = await answered().catch(
    (): Reply => ({ status: 500, body: 'this witness has a defect\n' }),
  )
  // A body that was not read to its end cannot be followed by another request.
  if (!request.complete) response.setHeader('connection', 'close')
  response.writeHead(status, {
    'content-type': type ?? 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(body)
}

async function answer(
  request: IncomingMessage,
  folder: WitnessFolder,
  cosign: (body: Uint8Array) => Promise<Reply>,
): Promise<Reply> {
  const path = (request.url ?? '').split('?', 1)[0] ?? ''
  const origin = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path)?.[1]
  if (origin !== undefined && request.method === 'GET') return latestOf(folder, origin)
  if (path !== '/add-checkpoint') return { status: 404, body: 'there is nothing here\n' }
  if (request.method !== 'POST') return { status: 405, body: 'add-checkpoint is called with POST\n' }
  const body = await readBody(request)
  if (body === null) return { status: 413, body: `a submission has at most ${MAX_SUBMISSION_BYTES} bytes\n` }
  return await cosign(body)
}

function latestOf(folder: WitnessFolder, hash: string): Reply {
  const origin = folder.state
    .origins()
    .find((candidate) => createHash('sha256').update(candidate).digest('hex') === hash)
  const latest = origin === undefined ? null : folder.state.latest(origin)
  if (latest === null) return { status: 404, body: 'no checkpoint of such a log was cosigned\n' }
  return { status: 200, body: fromUtf8(latest.note) }
}

/** Judges, stores and signs one submission after the other, in the order of arrival: the check and the new state are one step. */
function cosigner(folderNow: () => WitnessFolder, options: WitnessOptions): (body: Uint8Array) => Promise<Reply> {
  const clock = options.clock ?? (() => new Date())
  const log = options.log ?? (() => undefined)
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()
  const one = async (body: Uint8Array): Promise<Reply> => {
    const folder = folderNow()
    const verdict = judge(body, {
      keysOf: folder.keysOf,
      latest: (origin) => folder.state.latest(origin)?.checkpoint ?? null,
    })
    if (verdict.status === 409) return { status: 409, type: 'text/x.tlog.size', body: `${verdict.size}\n` }
    if (verdict.status !== 200) {
      // The log's own signature under a tree that does not extend the last one: its operator, or a thief of its key, forks it.
      if (verdict.status === 422) log(`REFUSED a signed checkpoint: ${verdict.reason}\n${fromUtf8(verdict.evidence)}`)
      return { status: verdict.status, body: `${verdict.reason}\n` }
    }
    const { line, note } = sign(folder, verdict, clock())
    try {
      await folder.state.store({ checkpoint: verdict.checkpoint, note })
    } catch (error) {
      log(
        `the state cannot be written, nothing was cosigned: ${error instanceof Error ? error.message : String(error)}`,
      )
      return { status: 503, body: 'the state of this witness cannot be written; nothing was cosigned\n' }
    }
    log(`cosigned ${verdict.checkpoint.origin} at size ${verdict.checkpoint.size}`)
    return { status: 200, body: line }
  }
  return async (body) => {
    if (waiting >= mostWaiting) return { status: 503, body: 'too many submissions are waiting\n' }
    waiting += 1
    const turn = last.then(() => one(body))
    last = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      waiting -= 1
    }
  }
}

/** One line for each key: whoever knows only one of them finds its own. */
function sign(folder: WitnessFolder, accepted: Accepted, now: Date): { line: string; note: Uint8Array } {
  const time = Math.floor(now.getTime() / 1000)
  const own: readonly NoteSignature[] = folder.signers
    .map((signer) => cosignatureSigner(signer, time))
    .map((signer) => ({ name: signer.name, keyId: signer.keyId, signature: signer.sign(utf8(accepted.body)) }))
  return {
    line: own.map(formatSignature).join(''),
    note: formatNote({ text: accepted.body, signatures: [...accepted.signatures, ...own] }),
  }
}

/** The whole body, or null as soon as it is larger than any submission. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | null> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_SUBMISSION_BYTES) return null
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) continue
    length += part.length
    if (length > MAX_SUBMISSION_BYTES) return null
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}

async function listen(server: Server, options: WitnessOptions): Promise<string> {
  const { host = '127.0.0.1', port = 0 } = options
  await new Promise<void>((done, fail) => {
    server.once('error', (error) => {
      const code = 'code' in error ? String(error.code) : error.message
      fail(
        code === 'EADDRINUSE'
          ? new WitnessError('port-in-use', `port ${port} on ${host} is in use; choose another with --port`)
          : new WitnessError('bad-options', `cannot listen on ${host}:${port} (${code})`, { cause: error }),
      )
    })
    server.listen(port, host, done)
  })
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`
}

function stopOnce(server: Server, unlock: () => void): () => Promise<void> {
  let stopped: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    const closed = new Promise<void>((done) => server.close(() => done()))
    server.closeIdleConnections()
    await closed
    unlock()
  }
  return () => (stopped ??= stop())
}
