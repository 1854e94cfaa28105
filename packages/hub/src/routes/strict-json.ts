import { HubError } from '../errors.ts'

/** Deepest nesting of a request body. */
const MAX_DEPTH = 64
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:]/gs

/**
 * Parses the body of a request. What two readers could understand in two ways is refused: bytes that are no UTF-8, a byte order mark,
 * a member named twice, a lone surrogate, nesting beyond 64, and members named `__proto__` (I-JSON, RFC 7493, and then some).
 * Throws {@link HubError} `bad-request`.
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  const text = decode(bytes)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw refused('is not JSON')
  }
  checkTokens(text)
  return value
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw refused('is not UTF-8')
  }
}

/** Walks over a text that is known to be JSON: only strings and brackets matter. */
function checkTokens(text: string): void {
  const open: (Set<string> | null)[] = []
  let last = '""'
  for (const [token] of text.matchAll(TOKENS)) {
    if (token.startsWith('"')) {
      last = token
      checkText(token)
    } else if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : null)
      if (open.length > MAX_DEPTH) throw refused(`is nested more than ${String(MAX_DEPTH)} deep`)
    } else if (token === ':') {
      addMember(open.at(-1) ?? null, JSON.parse(last))
    } else {
      open.pop()
    }
  }
}

function checkText(token: string): void {
  if (!token.includes('\\u') && token.isWellFormed()) return
  const text: unknown = JSON.parse(token)
  if (typeof text !== 'string' || !text.isWellFormed()) throw refused('holds half of a surrogate pair')
}

function addMember(members: Set<string> | null, name: unknown): void {
  if (typeof name !== 'string') return
  if (members?.has(name) === true) throw refused(`names the member ${JSON.stringify(name.slice(0, 40))} twice`)
  if (name === '__proto__') throw refused('has a member __proto__')
  members?.add(name)
}

function refused(what: string): HubError {
  return new HubError('bad-request', `the body ${what}`)
}
