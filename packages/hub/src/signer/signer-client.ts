import { Agent, request } from 'node:http'
import { noteVerifier } from '@sigillo/seal/ed25519'
import { SealError } from '@sigillo/seal/errors'
import { parseDecimal } from '@sigillo/tlog/encoding'
import { TlogError } from '@sigillo/tlog/errors'
import { HubError } from '../errors.ts'
import { decodeFacts, encodeGrowth, LOG_PATH, SIGN_PATH, type SignerFacts } from './messages.ts'
import { requireOverlap, type TreeSigner } from './tree-signer.ts'

/** Longest wait for one answer, in milliseconds. */
const ANSWER_TIMEOUT = 5_000
/** How long a hub that starts waits for its signer, which may be starting too, in milliseconds. */
const START_TIMEOUT = 10_000
const START_PAUSE = 100
/** Largest answer, in bytes: a note with a few signatures. */
const MOST_BYTES = 64 * 1024

/**
 * The signer behind a unix socket. Throws {@link HubError} `signer-unavailable` when none answers within `startMs` (default 10,000), and
 * `bad-options` when it signs for another log than `origin`.
 */
export async function connectSigner(socket: string, origin: string, startMs = START_TIMEOUT): Promise<TreeSigner> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  try {
    const facts = await firstFacts(agent, socket, performance.now() + startMs)
    requireKeysOf(facts, origin, socket)
    let { keys } = facts
    return {
      origin,
      get keys() {
        return keys
      },
      last: async () => (await readFacts(agent, socket)).last,
      sign: async (growth) => {
        const body = encodeGrowth(origin, growth)
        const { status, text } = await ask(agent, socket, { method: 'POST', path: SIGN_PATH, body })
        if (status === 200) return { kind: 'signed', checkpoint: text }
        const size = status === 409 ? parseDecimal(text.trimEnd()) : null
        if (size !== null) return { kind: 'at-size', size }
        throw new HubError(status === 422 ? 'log-rolled-back' : 'signer-unavailable', firstLine(text))
      },
      renewal: async () => {
        const now = await readFacts(agent, socket)
        requireKeysOf(now, origin, socket)
        requireOverlap(keys, now.keys, `the signer at ${socket}`)
        return { keys: now.keys, use: () => void (keys = now.keys) }
      },
      close: () => Promise.resolve(agent.destroy()),
    }
  } catch (error) {
    agent.destroy()
    throw error
  }
}

/** Throws unless these are keys of the log `origin`. */
function requireKeysOf(facts: SignerFacts, origin: string, socket: string): void {
  if (facts.origin !== origin)
    throw new HubError('bad-options', `the signer at ${socket} signs for ${facts.origin}, not for ${origin}`)
  for (const key of facts.keys) {
    if (nameOf(key) !== origin)
      throw new HubError('signer-unavailable', `the signer at ${socket} tells a key that is none of this log`)
  }
}

function nameOf(key: string): string | null {
  try {
    return noteVerifier(key).name
  } catch (error) {
    if (error instanceof SealError || error instanceof TlogError) return null
    throw error
  }
}

async function firstFacts(agent: Agent, socket: string, until: number): Promise<SignerFacts> {
  for (;;) {
    try {
      return await readFacts(agent, socket)
    } catch (error) {
      if (performance.now() >= until) throw error
      await new Promise((resolve) => setTimeout(resolve, START_PAUSE))
    }
  }
}

async function readFacts(agent: Agent, socket: string): Promise<SignerFacts> {
  const { status, text } = await ask(agent, socket, { method: 'GET', path: LOG_PATH })
  const facts = status === 200 ? decodeFacts(text) : null
  if (facts === null) throw new HubError('signer-unavailable', `what answers at ${socket} is no signer of a log`)
  return facts
}

interface Question {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: Uint8Array
}

interface Answer {
  readonly status: number
  readonly text: string
}

/** Asks a second time when a kept connection turns out to be closed: every request may be repeated. */
async function ask(agent: Agent, socket: string, question: Question): Promise<Answer> {
  try {
    return await askOnce(agent, socket, question)
  } catch (error) {
    if (!isCut(error)) throw unavailable(socket, error)
  }
  return await askOnce(agent, socket, question).catch((error: unknown) => {
    throw unavailable(socket, error)
  })
}

function askOnce(agent: Agent, socket: string, { method, path, body }: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-length': body.length }
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT)
    const sent = request({ agent, socketPath: socket, method, path, headers, signal }, (response) => {
      const parts: Buffer[] = []
      let length = 0
      response.on('data', (part: Buffer) => {
        length += part.length
        if (length > MOST_BYTES) sent.destroy(new Error('the answer is too long'))
        else parts.push(part)
      })
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }),
      )
      response.once('error', reject)
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

function isCut(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
}

function unavailable(socket: string, cause: unknown): HubError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new HubError('signer-unavailable', `the signer at ${socket} does not answer: ${firstLine(reason)}`, { cause })
}

function firstLine(text: string): string {
  return text.trimEnd().split('\n', 1)[0] ?? ''
}
