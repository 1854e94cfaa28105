import { SealError } from '@sigillo/seal/errors'
import { noteVerifier, verifyEd25519 } from '@sigillo/seal/ed25519'
import { type Checkpoint, openCheckpoint } from '@sigillo/tlog/checkpoint'
import { TlogError } from '@sigillo/tlog/errors'
import { decodeEvent, type LogEvent } from '@sigillo/tlog/event'
import { decodeOpening, leafOfOpening } from '@sigillo/tlog/leaf'
import { leafHash, verifyInclusion } from '@sigillo/tlog/merkle'
import { parseNote } from '@sigillo/tlog/note'
import { type Policy, quorumRule } from '@sigillo/tlog/policy'
import { parseProofFile } from '@sigillo/tlog/proof-file'
import { verifyWitnessed } from '@sigillo/tlog/witnessed'
import type { Claim, ClaimVerdict } from '../claim.ts'
import type { StoredProof } from './decoded.ts'
import { indexOf } from './statements.ts'

/** An event of the dossier whose inclusion in the log was verified. */
export interface ProvenEvent {
  readonly index: number
  readonly event: LogEvent
}

/** What is known of the log. */
export interface LogState {
  /** How far claims that rest on the log can go: its own verdict, or `unproven` without a log. */
  readonly level: ClaimVerdict
  readonly claims: readonly Claim[]
  /** Events that hold, in log order. */
  readonly events: readonly ProvenEvent[]
}

/** Judges the checkpoint of a dossier and every event proof against it. */
export function checkLog(
  checkpoint: Uint8Array | null,
  proofs: readonly StoredProof[],
  ownKey: string | null,
  policy: Policy | null,
): LogState {
  if (checkpoint === null) {
    const reason = 'nothing in this dossier was logged, so nothing shows when anything was fixed'
    const events = proofs.map(
      ({ path }): Claim => ({
        id: `event/${indexOf(path)}`,
        verdict: 'failed',
        reason: 'the dossier holds no checkpoint',
      }),
    )
    return { level: 'unproven', claims: [{ id: 'log', verdict: 'unproven', reason }, ...events], events: [] }
  }
  const judged = judgeCheckpoint(checkpoint, ownKey, policy)
  const log: Claim = { id: 'log', verdict: judged.verdict, reason: judged.reason }
  const checked = proofs.map((proof) => checkProof(proof, checkpoint, judged))
  return {
    level: judged.verdict,
    claims: [log, ...checked.map(({ claim }) => claim)],
    events: checked.flatMap(({ proven }) => (proven === null ? [] : [proven])).sort((a, b) => a.index - b.index),
  }
}

/** What a checkpoint is worth to this verifier; `checkpoint` is null when it failed. */
export interface JudgedCheckpoint {
  readonly verdict: ClaimVerdict
  readonly reason: string
  readonly checkpoint: Checkpoint | null
}

/** Judges a signed checkpoint by the policy's logs and witnesses, or, without a policy, by the key the file names for itself. */
export function judgeCheckpoint(note: Uint8Array, ownKey: string | null, policy: Policy | null): JudgedCheckpoint {
  if (policy === null || policy.logs.length === 0) return judgeByOwnKey(note, ownKey, policy !== null)
  const witnessed = verifyWitnessed(note, policy, verifyEd25519)
  if (witnessed.ok && witnessed.witnessed) {
    const rule = quorumRule(policy)
    const quorum = rule === null ? '' : ` (quorum ${rule.threshold} of ${rule.members.length})`
    const until = witnessed.notAfter === null ? '' : ` by ${new Date(witnessed.notAfter * 1000).toISOString()}`
    const who = `witnessed by ${witnessed.organisations.join(', ')}${quorum}${until}`
    const reason = `checkpoint of ${describe(witnessed.checkpoint)}, ${who}`
    return { verdict: 'proven', reason, checkpoint: witnessed.checkpoint }
  }
  const alone = verifyWitnessed(note, { ...policy, quorum: null }, verifyEd25519)
  if (!alone.ok) return { verdict: 'failed', reason: alone.reason, checkpoint: null }
  const why = witnessed.ok ? 'the policy asks for no witness' : witnessed.reason
  const reason = `checkpoint of ${describe(alone.checkpoint)}, unwitnessed (${why}): only the log's own key vouches for it`
  return { verdict: 'unwitnessed', reason, checkpoint: alone.checkpoint }
}

function judgeByOwnKey(note: Uint8Array, ownKey: string | null, policyGiven: boolean): JudgedCheckpoint {
  if (ownKey === null)
    return {
      verdict: 'failed',
      reason: 'there is a checkpoint, but no key of a log to check it with',
      checkpoint: null,
    }
  try {
    const opened = openCheckpoint(note, [noteVerifier(ownKey)])
    if (!opened.ok) return { verdict: 'failed', reason: opened.reason, checkpoint: null }
    const why = policyGiven ? 'the policy names no log' : 'keys not checked against a policy'
    return {
      verdict: 'consistent',
      reason: `checkpoint of ${describe(opened.checkpoint)}; ${why}`,
      checkpoint: opened.checkpoint,
    }
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return { verdict: 'failed', reason: `the log key in the file is malformed: ${error.message}`, checkpoint: null }
  }
}

function describe(checkpoint: Checkpoint): string {
  return `${checkpoint.origin} at size ${checkpoint.size}`
}

interface CheckedProof {
  readonly claim: Claim
  readonly proven: ProvenEvent | null
}

function checkProof(proof: StoredProof, checkpoint: Uint8Array, judged: JudgedCheckpoint): CheckedProof {
  const id = `event/${indexOf(proof.path)}`
  const failed = (reason: string): CheckedProof => ({ claim: { id, verdict: 'failed', reason }, proven: null })
  if (judged.checkpoint === null) return failed('its checkpoint does not hold')
  try {
    const opened = openProof(proof.bytes)
    if (opened.index !== indexOf(proof.path)) return failed(`the proof is about event ${opened.index}`)
    if (parseNote(opened.checkpoint).text !== parseNote(checkpoint).text)
      return failed('the proof is not under the checkpoint of this dossier')
    const { size, root } = judged.checkpoint
    const included = verifyInclusion({
      leafHash: opened.leafHash,
      index: opened.index,
      size,
      root,
      proof: opened.proof,
    })
    if (!included.ok) return failed(included.reason)
    const reason = `${opened.event.type} of ${opened.event.at} about ${opened.event.subject}`
    return { claim: { id, verdict: judged.verdict, reason }, proven: { index: opened.index, event: opened.event } }
  } catch (error) {
    if (!(error instanceof TlogError)) throw error
    return failed(error.message)
  }
}

/** A proof file taken apart: the event that it opens and the leaf that follows from it. */
export interface OpenedProof {
  readonly index: number
  readonly event: LogEvent
  readonly leafHash: Uint8Array
  readonly proof: readonly Uint8Array[]
  readonly checkpoint: Uint8Array
}

/** @throws TlogError when the file, its opening or its event is malformed, or the opening is missing */
export function openProof(bytes: Uint8Array): OpenedProof {
  const file = parseProofFile(bytes)
  if (file.extra === null) throw new TlogError('bad-proof', 'the proof holds no opening of its event (extra line)')
  const opening = decodeOpening(file.extra)
  const event = decodeEvent(opening.body)
  return {
    index: file.index,
    event,
    leafHash: leafHash(leafOfOpening(opening)),
    proof: file.proof,
    checkpoint: file.checkpoint,
  }
}
