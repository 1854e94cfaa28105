import { concatBytes, fromUtf8, isCount, readU64be, u64be, utf8 } from './encoding.ts'
import { type Refusal, TlogError } from './errors.ts'
import { isOfKey, type NoteSignature, type Signer, type Verifier } from './note.ts'

/** What a witness signs: the header line, the time line, then the whole body of the checkpoint (c2sp.org/tlog-cosignature). */
export function cosignatureMessage(time: number, body: string): Uint8Array {
  if (!isCount(time)) throw new TlogError('bad-argument', `${time} is not a time in whole seconds since 1970`)
  return utf8(`cosignature/v1\ntime ${time}\n${body}`)
}

/**
 * Turns a plain Ed25519 signer into one whose signature lines are cosignatures of the given time, in seconds since 1970. The key id
 * of `signer` must be that of type 0x04. The witness that uses it has checked consistency before.
 */
export function cosignatureSigner(signer: Signer, time: number): Signer {
  return {
    name: signer.name,
    keyId: signer.keyId,
    sign: (body) => concatBytes(u64be(time), signer.sign(cosignatureMessage(time, fromUtf8(body)))),
  }
}

/** Turns a plain Ed25519 verifier with the key id of type 0x04 into one that checks cosignature lines of checkpoints. */
export function cosignatureVerifier(verifier: Verifier): Verifier {
  return {
    name: verifier.name,
    keyId: verifier.keyId,
    verify: (body, signature) => {
      const time = readU64be(signature, 0)
      if (time === null || signature.length !== 72) return false
      return verifier.verify(concatBytes(cosignatureMessage(time, ''), body), signature.subarray(8))
    },
  }
}

/** Time in a cosignature, in seconds since 1970; `null` if there is none or it exceeds 2^53-1. Says nothing before it is verified. */
export function cosignatureTime(signature: NoteSignature): number | null {
  return signature.signature.length === 72 ? readU64be(signature.signature, 0) : null
}

/** Checks one cosignature line over a checkpoint body. `verifier` comes from `cosignatureVerifier` or `verifierOf`. Never throws. */
export function verifyCosignature(
  body: string,
  signature: NoteSignature,
  verifier: Verifier,
): { readonly ok: true; readonly time: number } | Refusal {
  if (!isOfKey(signature, verifier)) return { ok: false, reason: `the cosignature is not of ${verifier.name}` }
  const time = cosignatureTime(signature)
  if (time === null || !verifier.verify(utf8(body), signature.signature)) {
    return { ok: false, reason: `bad cosignature of ${verifier.name}` }
  }
  return { ok: true, time }
}
