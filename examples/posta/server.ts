import { randomBytes } from 'node:crypto'
import { createWriteStream, type WriteStream } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { parseArgs } from 'node:util'
import { BodyTooLarge, readRequest } from './request.ts'
import { dispatch, type Answer, type Gateway, type Outcome } from './routes.ts'
import { newStore } from './store.ts'

/** Posta's own banner: sent with every answer; the proofs of concept refuse a server without it. */
const BANNER = 'posta-toy/2.4.1'

interface Settings {
  readonly port: number
  readonly canary: string
  readonly patched: boolean
  readonly log: WriteStream | null
  /** True: ends when standard input does, so that no gateway outlives the program that started it. */
  readonly attached: boolean
}

function readSettings(args: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '0' },
      canary: { type: 'string', default: `posta canary ${randomBytes(6).toString('hex')}` },
      patched: { type: 'boolean', default: false },
      log: { type: 'string' },
      attached: { type: 'boolean', default: false },
    },
  })
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port ${values.port}: want 0 to 65535`)
  const log = values.log === undefined ? null : createWriteStream(values.log, { flags: 'a' })
  return { port, canary: values.canary, patched: values.patched, log, attached: values.attached }
}

async function answerRequest(gateway: Gateway, incoming: IncomingMessage, log: WriteStream | null): Promise<Answer> {
  const request = await readRequest(incoming)
  const outcome = dispatch(gateway, request)
  log?.write(`${JSON.stringify(logEntry(gateway, incoming, request.path, outcome))}\n`)
  return outcome.answer
}

/** One line of the access log: the fields the detection rules speak of. */
function logEntry(
  gateway: Gateway,
  incoming: IncomingMessage,
  path: string,
  { route, grant, answer }: Outcome,
): object {
  return {
    time: gateway.now().toISOString(),
    client: incoming.socket.remoteAddress ?? '',
    method: incoming.method ?? '',
    path,
    route,
    status: answer.status,
    who: grant?.account.address ?? null,
    role: grant?.account.role ?? null,
    via: grant?.via ?? null,
  }
}

function send(response: ServerResponse, { status, body, pass }: Answer): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, {
    Server: BANNER,
    'Content-Type': typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json',
    'Content-Length': Buffer.byteLength(text),
    ...(pass === undefined ? {} : { 'Set-Cookie': `posta=${pass}; HttpOnly; SameSite=Strict` }),
  })
  response.end(text)
}

function postaServer(gateway: Gateway, log: WriteStream | null): Server {
  return createServer((incoming, response) => {
    answerRequest(gateway, incoming, log)
      .catch((error: unknown): Answer => {
        const status = error instanceof BodyTooLarge ? 413 : 400
        return { status, body: { error: error instanceof Error ? error.message : 'bad request' } }
      })
      .then((answer) => send(response, answer))
      .catch(() => response.destroy())
  })
}

function now(): Date {
  return new Date()
}

function main(): void {
  const settings = readSettings(process.argv.slice(2))
  const gateway = { store: newStore(settings.canary, now()), patched: settings.patched, now }
  const server = postaServer(gateway, settings.log)
  server.on('error', fail)
  server.listen(settings.port, '127.0.0.1', () => {
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port was bound')
    process.stdout.write(`posta listening on 127.0.0.1:${address.port}\n`)
  })
  const stop = (): void => {
    server.close(() => (settings.log === null ? process.exit(0) : settings.log.end(() => process.exit(0))))
    server.closeAllConnections()
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop)
  if (settings.attached) process.stdin.once('end', stop).resume()
}

function fail(error: unknown): void {
  process.stderr.write(`posta: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(2)
}

try {
  main()
} catch (error) {
  fail(error)
}
