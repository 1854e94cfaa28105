import type { Engine } from '@sigillo/db/engine'
import { readLogState } from '@sigillo/db/log-store'
import { verifyEd25519 } from '@sigillo/seal/ed25519'
import { openCheckpoint } from '@sigillo/tlog/checkpoint'
import { verifierOf } from '@sigillo/tlog/vkey'
import type { HubLog } from '../routes/build-server.ts'
import { HubError } from '../errors.ts'
import { requireSuccessor } from '../log/log-guard.ts'
import { tilesOf } from '../log/read-log.ts'
import { latestAt } from './witness-client.ts'
import type { WitnessAddress, WitnessPolicy } from './witness-policy.ts'

/** Longest wait for a witness at the start, in milliseconds. */
const WAIT = 2_000

/**
 * Asks every witness for the newest checkpoint of this log that it cosigned, and refuses to go on from a log that is older or
 * another: a restored backup, even one whose high-water mark is gone. Only checkpoints with this log's own signature count, so no
 * witness can stop a hub with an invention; one that does not answer is reported. Throws {@link HubError} `log-rolled-back`.
 */
export async function requireNotBehind(engine: Engine, rules: WitnessPolicy, log: HubLog): Promise<void> {
  const notes = await Promise.all(
    rules.witnesses.map(async (witness) => ({ witness, note: await seenBy(rules, witness) })),
  )
  for (const { witness, note } of notes) {
    if (note === null) {
      log({ level: 'warn', message: `witness ${witness.name} shows no checkpoint of this log` })
      continue
    }
    const opened = openCheckpoint(
      note,
      rules.policy.logs.map(({ vkey }) => verifierOf(vkey, verifyEd25519)),
    )
    if (!opened.ok)
      log({ level: 'warn', message: `witness ${witness.name} shows a checkpoint that is not of this log` })
    else await compare(engine, witness, opened.checkpoint)
  }
}

async function seenBy(rules: WitnessPolicy, witness: WitnessAddress): Promise<Uint8Array | null> {
  const [log] = rules.policy.logs
  return log === undefined ? null : await latestAt(witness, log.vkey.name, WAIT)
}

async function compare(
  engine: Engine,
  witness: WitnessAddress,
  seen: { readonly size: number; readonly root: Uint8Array },
): Promise<void> {
  const state = await readLogState(engine.db)
  if (state === null) return
  try {
    await requireSuccessor(state, seen, tilesOf(engine.db))
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    throw new HubError(error.code, `witness ${witness.name} cosigned a newer log: ${error.message}`, { cause: error })
  }
}
