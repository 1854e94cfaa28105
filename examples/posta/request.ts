import type { IncomingMessage } from 'node:http'

/** A request as the routes see it: where a value came from no longer matters, because six generations of clients put it elsewhere. */
export interface PostaRequest {
  readonly method: string
  /** Path as sent, without the query. */
  readonly path: string
  /** Lower-case path segments; `.json` and the like cut off, `hand-off` and `hand_off` spelled `handoff`. */
  readonly segments: readonly string[]
  /** Query, then form, JSON or multipart fields; a later one wins. Nested JSON is flattened to its leaves. */
  readonly fields: ReadonlyMap<string, string>
  /** Every value that could be a pass: words of all header values, cookie values, fields. */
  readonly credentials: readonly string[]
  /** The first body part of a multipart request, or the raw body. */
  readonly content: string
}

/** Largest body that is read, in bytes. */
export const BODY_LIMIT = 1 << 20

/** Thrown for a body beyond `BODY_LIMIT`. */
export class BodyTooLarge extends Error {}

/** Reads the whole request. Rejects with `BodyTooLarge`; a body that does not parse yields no fields. */
export async function readRequest(incoming: IncomingMessage): Promise<PostaRequest> {
  const body = await readBody(incoming)
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1')
  const fields = new Map<string, string>(url.searchParams)
  const type = incoming.headers['content-type'] ?? ''
  const parts = multipartBodies(type, body)
  for (const [name, value] of parts === null ? bodyFields(body) : []) fields.set(name, value)
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    segments: url.pathname.split('/').filter(Boolean).map(plainSegment),
    fields,
    credentials: [...headerWords(incoming), ...fields.values()],
    content: parts?.[0] ?? body,
  }
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > BODY_LIMIT) throw new BodyTooLarge(`body beyond ${BODY_LIMIT} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function plainSegment(segment: string): string {
  return segment
    .toLowerCase()
    .replace(/\.(json|html|do)$/, '')
    .replace(/^hand[-_]off$/, 'handoff')
}

/** Fields of a JSON object or of an url-encoded form, whatever the content type says. */
function bodyFields(body: string): Iterable<readonly [string, string]> {
  if (!body.trimStart().startsWith('{')) return body.includes('=') ? new URLSearchParams(body) : []
  try {
    return leaves(JSON.parse(body) as unknown, '', 0)
  } catch {
    return []
  }
}

function leaves(value: unknown, name: string, depth: number): (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [[name, String(value)]]
  if (depth >= 8) return []
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, key, depth + 1))
}

/** Bodies of the parts, or null when this is not multipart. */
function multipartBodies(type: string, body: string): readonly string[] | null {
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1]
  if (!type.toLowerCase().startsWith('multipart/') || boundary === undefined) return null
  return body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => part.slice(part.indexOf('\r\n\r\n') + 4).replace(/\r\n$/, ''))
}

function headerWords(incoming: IncomingMessage): readonly string[] {
  const values = Object.values(incoming.headers).flatMap((value) => value ?? [])
  return values.flatMap((value) => value.split(/[\s;,=]+/))
}
