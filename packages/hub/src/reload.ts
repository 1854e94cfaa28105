import type { Engine } from '@sigillo/db/engine'
import type { Sequencer } from './log/sequencer.ts'
import type { HubLog } from './routes/build-server.ts'
import type { TreeSigner } from './signer/tree-signer.ts'
import type { RenewableWitnesses } from './witnesses/renewable-witnesses.ts'
import { requireNotBehind } from './witnesses/witness-guard.ts'
import { parseWitnessPolicy, type WitnessPolicy } from './witnesses/witness-policy.ts'
import { noWitnesses, startWitnesses, type Witnesses } from './witnesses/witnesses.ts'

/** What of a hub can be read again while it runs, and what has to hear of it. */
export interface ReloadParts {
  readonly engine: Engine
  readonly signer: TreeSigner
  readonly sequencer: Sequencer
  readonly witnesses: RenewableWitnesses
  readonly clock: () => Date
  readonly log: HubLog
}

/** What is in use after it was read again. */
export interface Reloaded {
  /** Verifier keys of the log, the oldest first. */
  readonly logKeys: readonly string[]
  /** Number of witnesses that are asked. */
  readonly witnesses: number
}

/**
 * Reads the keys of the log again and takes `policy`, the text of the witness policy, instead of the one so far; undefined for no witnesses. All of it is
 * checked before any of it is used. No request notices: what is signed and remembered stays, and the next tree has to extend it whatever keys sign.
 *
 * Throws {@link HubError} `bad-key-file`, `bad-options`, `signer-unavailable`, `log-rolled-back`; then everything is as it was.
 */
async function reload(parts: ReloadParts, policy: string | undefined): Promise<Reloaded> {
  const { signer, sequencer, witnesses, log } = parts
  const renewal = await signer.renewal()
  const rules = policy === undefined ? null : parseWitnessPolicy(policy, renewal.keys)
  const next = await startFollowing(parts, rules)
  renewal.use()
  await witnesses.replace(next)
  await sequencer.signAgain().catch((error: unknown) => {
    log({ level: 'warn', message: 'the newest tree is signed with the keys of before until the next event', error })
  })
  witnesses.notify()
  return { logKeys: signer.keys, witnesses: rules?.witnesses.length ?? 0 }
}

/** Starts the witnesses of a policy, with what is known of those that were there already. */
async function startFollowing(parts: ReloadParts, rules: WitnessPolicy | null): Promise<Witnesses> {
  if (rules === null) return noWitnesses
  const { engine, clock, log, witnesses } = parts
  await requireNotBehind(engine, rules, log)
  return await startWitnesses({ db: engine.db, rules, clock, log, known: witnesses.members() })
}

/** Runs one reload after the other; `settled` resolves when none runs. */
export function reloader(parts: ReloadParts): {
  reload(policy: string | undefined): Promise<Reloaded>
  settled(): Promise<void>
} {
  let turn: Promise<unknown> = Promise.resolve()
  return {
    reload: (policy) => {
      const reloading = turn.then(() => reload(parts, policy))
      turn = reloading.catch(() => undefined)
      return reloading
    },
    settled: async () => void (await turn),
  }
}
