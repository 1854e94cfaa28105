import { chmodSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { MAX_SUBMISSION_BYTES } from '@sigillo/tlog/add-checkpoint'
import { TlogError } from '@sigillo/tlog/errors'
import { emptyRoot } from '@sigillo/tlog/merkle'
import { HubError } from '../errors.ts'
import { decodeGrowth, encodeFacts, LOG_PATH, SIGN_PATH } from './messages.ts'
import { openSignerFolder } from './signer-folder.ts'
import type { TreeSigner } from './tree-signer.ts'

/** How a signer is started. */
export interface SignerOptions {
  /** Folder for the log key and the newest signed tree; nothing else is in it. */
  readonly dataDir: string
  /** Path of the socket. Its folder is made with mode 0700; one that everybody may enter is refused. */
  readonly socket: string
  /** Name of the log: a URL without its scheme, for ever. */
  readonly origin: string
  /** Default: the system's generator. Gives that many random bytes. */
  readonly random: (length: number) => Uint8Array
  /** Hears of every refusal that the operator should see; one line each. */
  readonly log?: (line: string) => void
}

/** A running signer. */
export interface RunningSigner {
  /** Verifier keys that sign, the oldest first. */
  readonly keys: readonly string[]
  /** Reads the keys again and signs with them from now on. Throws {@link HubError} `bad-key-file`; then those in use stay. */
  reload(): Promise<void>
  /** Finishes running requests, then stops. May be called twice. */
  stop(): Promise<void>
}

/** Longest time for one request, in milliseconds. */
const REQUEST_TIMEOUT = 10_000

/**
 * Runs the signer of a log on a unix socket: `GET /log`, `POST /sign`. It signs a tree only if that extends the newest one it signed, so
 * nobody who can ask it, and nobody who can write the database, gets a second history signed. Throws {@link HubError} `bad-options`,
 * `port-in-use`, `bad-key-file`, and DbError `locked`, each in one clear line.
 */
export async function serveSigner(options: SignerOptions): Promise<RunningSigner> {
  const signer = await openSignerFolder(options.dataDir, options.origin, options.random)
  try {
    const server = createServer(
      { requestTimeout: REQUEST_TIMEOUT, headersTimeout: REQUEST_TIMEOUT },
      (request, response) => {
        void respond(request, response, signer, options.log ?? (() => undefined))
      },
    )
    await listenOn(server, options.socket)
    return {
      get keys() {
        return signer.keys
      },
      reload: async () => (await signer.renewal()).use(),
      stop: stopOnce(server, signer),
    }
  } catch (error) {
    await signer.close()
    throw error
  }
}

interface Reply {
  readonly status: number
  readonly body: string
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  signer: TreeSigner,
  log: (line: string) => void,
): Promise<void> {
  const { status, body } = await answer(request, signer).catch((error: unknown) => refusalOf(error))
  if (status >= 422) log(body.trimEnd())
  // A body that was not read to its end cannot be followed by another request.
  if (!request.complete) response.setHeader('connection', 'close')
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

async function answer(request: IncomingMessage, signer: TreeSigner): Promise<Reply> {
  const { method, url } = request
  if (url === LOG_PATH && method === 'GET') {
    const last = (await signer.last()) ?? { size: 0, root: emptyRoot() }
    return { status: 200, body: encodeFacts({ origin: signer.origin, keys: signer.keys, last }) }
  }
  if (url !== SIGN_PATH || method !== 'POST') return { status: 404, body: 'there is nothing here\n' }
  const body = await readBody(request)
  if (body === null) return { status: 413, body: `a request has at most ${MAX_SUBMISSION_BYTES} bytes\n` }
  const { origin, growth } = decodeGrowth(body)
  if (origin !== signer.origin)
    return { status: 403, body: `this is the signer of ${signer.origin}, not of ${origin}\n` }
  const signing = await signer.sign(growth)
  return signing.kind === 'signed'
    ? { status: 200, body: signing.checkpoint }
    : { status: 409, body: `${signing.size}\n` }
}

function refusalOf(error: unknown): Reply {
  if (error instanceof TlogError) return { status: 400, body: `${error.message}\n` }
  if (!(error instanceof HubError)) return { status: 500, body: 'this signer has a defect\n' }
  return { status: error.code === 'log-rolled-back' ? 422 : 503, body: `${error.message}\n` }
}

/** The whole body, or null when it is larger than any request or does not say how large it is. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | null> {
  const length = Number(request.headers['content-length'] ?? Number.NaN)
  return length <= MAX_SUBMISSION_BYTES ? new Uint8Array(await buffer(request)) : null
}

async function listenOn(server: Server, path: string): Promise<void> {
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if ((statSync(folder).mode & 0o007) !== 0)
    throw new HubError(
      'bad-options',
      `everybody may enter ${folder}; a signer's socket belongs into a folder of its own: chmod o= ${folder}`,
    )
  if (await isAnswered(path)) throw new HubError('port-in-use', `another process answers on ${path}`)
  rmSync(path, { force: true })
  await new Promise<void>((done, fail) => {
    server.once('error', (cause) =>
      fail(new HubError('bad-options', `cannot listen on ${path}: ${cause.message}`, { cause })),
    )
    server.listen(path, done)
  })
  // The folder decides who may ask: its group too, when the hub runs as another user.
  chmodSync(path, 0o660)
}

/** Whether somebody listens: a socket that a killed process left behind does not. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => resolve((socket.destroy(), true)))
    socket.once('error', () => resolve(false))
  })
}

function stopOnce(server: Server, signer: TreeSigner): () => Promise<void> {
  let stopped: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    const closed = new Promise<void>((done) => server.close(() => done()))
    server.closeIdleConnections()
    await closed
    await signer.close()
  }
  return () => (stopped ??= stop())
}
