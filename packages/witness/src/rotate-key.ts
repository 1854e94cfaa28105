import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { generateNoteKey, noteSigner, noteVerifier } from '@sigillo/seal/ed25519'
import { signIntroduction } from '@sigillo/seal/key-introduction'
import { isOfKey, parseNote } from '@sigillo/tlog/note'
import { ED25519_COSIGNATURE } from '@sigillo/tlog/vkey'
import { WitnessError } from './errors.ts'
import { renameDurably, writeDurably } from '@sigillo/seal/durable-file'
import { KEY_FILE, lockWitnessFolder, NEXT_KEY_FILE, openWitnessFolder, readKeys } from './witness-folder.ts'

/** What became of the keys of a witness. */
export interface WitnessKeyRotation {
  readonly oldKey: string
  readonly newKey: string
  /** Signed note in which the old key introduces the new one. */
  readonly introduction: string
}

/**
 * Makes the key that will follow a witness's key. Once the witness has read it, both cosign, one line each. Asked again, it gives the same key. Throws
 * {@link WitnessError} `bad-folder`, `bad-key-file`.
 */
export async function rotateWitnessKey(
  dir: string,
  random: (length: number) => Uint8Array = randomBytes,
): Promise<WitnessKeyRotation> {
  const [old, made] = await readKeys(dir)
  if (old === undefined) throw new WitnessError('bad-folder', `${dir} holds no witness`)
  const secret = made === undefined ? generateNoteKey(old.name, random, ED25519_COSIGNATURE).secret : null
  if (secret !== null) await writeDurably(join(dir, NEXT_KEY_FILE), `${secret}\n`)
  const next = made ?? noteSigner(secret ?? '')
  return { oldKey: old.vkey, newKey: next.vkey, introduction: signIntroduction('witness', old, next) }
}

/**
 * Ends the overlap of a stopped witness: the old key, which must be `oldKey`, is destroyed. Throws {@link WitnessError} `bad-options` when
 * the new one has not cosigned the newest tree of every log, for then the witness would no longer know its own memory; `locked`.
 */
export async function retireWitnessKey(dir: string, oldKey: string): Promise<{ readonly newKey: string }> {
  const lock = lockWitnessFolder(dir)
  try {
    const { signers, state } = await openWitnessFolder(dir)
    const [old, next] = signers
    if (old?.vkey !== oldKey) throw new WitnessError('bad-options', `the key in ${dir} is not the one given`)
    if (next === undefined) throw new WitnessError('bad-options', `${dir} has no new key; make one first with: rotate`)
    for (const origin of state.origins()) {
      const signatures = parseNote(state.latest(origin)?.note ?? new Uint8Array(0)).signatures
      if (!signatures.some((signature) => isOfKey(signature, noteVerifier(next.vkey))))
        throw new WitnessError(
          'bad-options',
          `the new key has not cosigned ${origin} yet; run the witness with both keys until it has`,
        )
    }
    await renameDurably(join(dir, NEXT_KEY_FILE), join(dir, KEY_FILE))
    return { newKey: next.vkey }
  } finally {
    lock.release()
  }
}
