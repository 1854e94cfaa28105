import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { verifyCosignature } from './cosignature.ts'
import { toHex } from './encoding.ts'
import { type Refusal, TlogError } from './errors.ts'
import { isOfKey, type NoteSignature, parseNote } from './note.ts'
import { isOwnWitness, type Policy, type PolicyWitness, quorumRule, satisfiedNames } from './policy.ts'
import { type Ed25519Verify, verifierOf } from './vkey.ts'

/** A witness of the policy that cosigned a checkpoint. */
export interface Cosigner {
  /** Its name in the policy. */
  readonly name: string
  /** When it saw this checkpoint as the newest, in seconds since 1970: the earliest of its good cosignatures. */
  readonly time: number
  /** Whether it is the log's own witness, which never counts. */
  readonly own: boolean
}

/** A checkpoint that a policy accepts. */
export interface WitnessedCheckpoint {
  readonly ok: true
  readonly checkpoint: Checkpoint
  readonly cosigners: readonly Cosigner[]
  /** False when the policy asks for no witness: then one party alone vouches for the log, and whoever reports must say so. */
  readonly witnessed: boolean
  /** Members of the quorum's group (or the one witness) that are satisfied: the organisations, if the policy is written so. */
  readonly organisations: readonly string[]
  /**
   * Earliest time by which the cosigners that count satisfy the quorum, in seconds since 1970: the tree existed then. `null` when
   * not witnessed.
   */
  readonly notAfter: number | null
}

/**
 * Judges a signed checkpoint by a policy (c2sp.org/tlog-policy): signed by one of its logs, cosigned by its quorum. A bad signature
 * or cosignature of a listed key refuses it. The log's own witnesses never count (`isOwnWitness`). Never throws on hostile input.
 */
export function verifyWitnessed(
  note: Uint8Array,
  policy: Policy,
  ed25519: Ed25519Verify,
): WitnessedCheckpoint | Refusal {
  if (policy.logs.length === 0) return { ok: false, reason: 'the policy names no log' }
  const opened = openCheckpoint(
    note,
    policy.logs.map((log) => verifierOf(log.vkey, ed25519)),
  )
  if (!opened.ok) return { ok: false, reason: `${opened.reason}${namesOf(note, policy)}` }
  const cosigners: Cosigner[] = []
  for (const witness of policy.witnesses) {
    const found = cosignaturesOf(witness, opened.body, opened.ignored, ed25519)
    if (!found.ok) return found
    if (found.time !== null)
      cosigners.push({ name: witness.name, time: found.time, own: isOwnWitness(policy, witness) })
  }
  const counted = cosigners.filter((cosigner) => !cosigner.own)
  const satisfied = satisfiedNames(policy, new Set(counted.map((cosigner) => cosigner.name)))
  if (policy.quorum !== null && !satisfied.has(policy.quorum)) {
    return {
      ok: false,
      reason: `the quorum ${policy.quorum} is not met: ${counted.length} witnesses that count cosigned`,
    }
  }
  return {
    ok: true,
    checkpoint: opened.checkpoint,
    cosigners,
    witnessed: policy.quorum !== null,
    organisations: (quorumRule(policy)?.members ?? []).filter((name) => satisfied.has(name)),
    notAfter: quorumTime(policy, counted),
  }
}

/** The keys that signed in the name of a log of the policy and are not in it: what whoever reads the refusal has to look for. */
function namesOf(note: Uint8Array, policy: Policy): string {
  let signatures: readonly NoteSignature[]
  try {
    ;({ signatures } = parseNote(note))
  } catch (error) {
    if (error instanceof TlogError) return ''
    throw error
  }
  const unknown = signatures.filter(
    (one) =>
      policy.logs.some((log) => log.vkey.name === one.name) && !policy.logs.some((log) => isOfKey(one, log.vkey)),
  )
  const keys = [...new Set(unknown.map(({ name, keyId }) => `${name}+${toHex(keyId)}`))]
  return keys.length === 0 ? '' : `; the policy does not list ${keys.join(', ')}`
}

function cosignaturesOf(
  witness: PolicyWitness,
  body: string,
  signatures: readonly NoteSignature[],
  ed25519: Ed25519Verify,
): { readonly ok: true; readonly time: number | null } | Refusal {
  const verifier = verifierOf(witness.vkey, ed25519)
  let time: number | null = null
  for (const signature of signatures) {
    if (!isOfKey(signature, verifier)) continue
    const checked = verifyCosignature(body, signature, verifier)
    if (!checked.ok) return checked
    time = time === null ? checked.time : Math.min(time, checked.time)
  }
  return { ok: true, time }
}

function quorumTime(policy: Policy, counted: readonly Cosigner[]): number | null {
  const { quorum } = policy
  if (quorum === null) return null
  const times = counted.map((cosigner) => cosigner.time).sort((a, b) => a - b)
  const metBy = (time: number): boolean => {
    const names = counted.filter((cosigner) => cosigner.time <= time).map((cosigner) => cosigner.name)
    return satisfiedNames(policy, new Set(names)).has(quorum)
  }
  return times.find(metBy) ?? null
}
