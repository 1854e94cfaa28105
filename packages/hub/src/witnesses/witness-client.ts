import { createHash } from 'node:crypto'
import { formatSubmission, type Submission } from '@sigillo/tlog/add-checkpoint'
import { verifyCosignature } from '@sigillo/tlog/cosignature'
import { fromUtf8, parseDecimal } from '@sigillo/tlog/encoding'
import { TlogError } from '@sigillo/tlog/errors'
import { formatSignature, isOfKey, type NoteSignature, parseNote, parseSignatureLine } from '@sigillo/tlog/note'
import type { WitnessAddress } from './witness-policy.ts'

/** What a witness said to a submission; nothing of it is believed but a cosignature that verifies. */
export type WitnessReply =
  | { readonly kind: 'cosigned'; readonly line: string; readonly time: number }
  /** The tree it cosigned last has another size than the submission says. */
  | { readonly kind: 'at-size'; readonly size: number }
  /** It will not cosign this: 403, 404, 422 and the like. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** No answer, or one that is none of a witness. */
  | { readonly kind: 'unreachable'; readonly reason: string }

/** Answers of witnesses are short: a few signature lines, or a checkpoint. */
const mostAnswerBytes = 64 * 1024

/** Submits a checkpoint (c2sp.org/tlog-witness). Never throws. */
export async function submitTo(
  witness: WitnessAddress,
  submission: Submission,
  signal: AbortSignal,
): Promise<WitnessReply> {
  try {
    const response = await fetch(`${witness.url}/add-checkpoint`, {
      method: 'POST',
      body: new Uint8Array(formatSubmission(submission)),
      redirect: 'error',
      signal,
    })
    const text = await readShort(response)
    if (response.status === 200) return cosignatureIn(text, witness, parseNote(submission.checkpoint).text)
    if (response.status === 409) return sizeIn(text)
    const reason = `status ${response.status}: ${text.split('\n', 1)[0]?.slice(0, 200) ?? ''}`
    return { kind: response.status >= 500 ? 'unreachable' : 'refused', reason }
  } catch (error) {
    return { kind: 'unreachable', reason: whyUnreachable(error) }
  }
}

/** The newest checkpoint that a witness shows for a log, unverified; null when it shows none or does not answer. */
export async function latestAt(witness: WitnessAddress, origin: string, timeoutMs: number): Promise<Uint8Array | null> {
  const hash = createHash('sha256').update(origin).digest('hex')
  try {
    const response = await fetch(`${witness.url}/${hash}/checkpoint`, {
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await readShort(response)
    return response.status === 200 ? new TextEncoder().encode(text) : null
  } catch {
    return null
  }
}

function cosignatureIn(text: string, witness: WitnessAddress, body: string): WitnessReply {
  for (const line of text.split('\n').filter((candidate) => candidate !== '')) {
    const signature = tryParse(line)
    if (signature === null || !isOfKey(signature, witness.verifier)) continue
    const checked = verifyCosignature(body, signature, witness.verifier)
    if (!checked.ok) return { kind: 'unreachable', reason: checked.reason }
    if (checked.time > 0) return { kind: 'cosigned', line: formatSignature(signature), time: checked.time }
  }
  return { kind: 'unreachable', reason: 'the answer holds no cosignature of its key' }
}

function sizeIn(text: string): WitnessReply {
  const size = parseDecimal(text.trim())
  return size === null ? { kind: 'unreachable', reason: 'a conflict without a size' } : { kind: 'at-size', size }
}

function tryParse(line: string): NoteSignature | null {
  try {
    return parseSignatureLine(line)
  } catch (error) {
    if (error instanceof TlogError) return null
    throw error
  }
}

async function readShort(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.length
    if (length > mostAnswerBytes) throw new Error(`the answer has more than ${mostAnswerBytes} bytes`)
    parts.push(part)
  }
  return fromUtf8(new Uint8Array(Buffer.concat(parts)))
}

function whyUnreachable(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time'
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : 'unknown'
}
