import { createHash, randomBytes } from 'node:crypto'

/** A hand-off that waits for its second device. The ticket is public: the sign-in board shows it. */
export interface Handoff {
  readonly ticket: string
  readonly who: string
  readonly since: string
  /** Session id that a patched gateway asks for; never shown on the board. */
  readonly secret: string
}

/** Opens a hand-off for `who` with a fresh ticket. */
export function openHandoff(who: string, now: Date): Handoff {
  return {
    ticket: `T-${randomBytes(6).toString('hex').toUpperCase()}`,
    who,
    since: now.toISOString(),
    secret: randomBytes(24).toString('hex'),
  }
}

const DIGESTS = ['sha1', 'sha256', 'sha384', 'sha512', 'md5'] as const
const SHORTEST_ID = 10

/**
 * THE FLAW (a toy one, on purpose): a session id counts as right when it is any prefix word, a separator and an abbreviation of any
 * digest of the ticket, in any encoding that some client generation used. All of that can be computed from the public ticket alone.
 */
export function sessionFitsTicket(session: string, ticket: string): boolean {
  const match = /^[a-z0-9]+[-.:~](.+)$/i.exec(session)
  const id = comparable(match?.[1] ?? '')
  if (id.length < SHORTEST_ID) return false
  return DIGESTS.some((name) => {
    const digest = createHash(name).update(ticket).digest()
    return [digest.toString('hex'), digest.toString('base64url'), base32(digest)].some((text) =>
      comparable(text).startsWith(id),
    )
  })
}

/** Mail clients fold case and swap the two base64 alphabets; so does the comparison. */
function comparable(text: string): string {
  return text.toLowerCase().replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

function base32(bytes: Buffer): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
  let bits = 0
  let held = 0
  let text = ''
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(held >> (bits - 5)) & 31]
  }
  return bits > 0 ? text + alphabet[(held << (5 - bits)) & 31] : text
}
