import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { loadLogKey } from '@sigillo/hub/log/log-key'
import { type Hub, startHub } from '@sigillo/hub/start-hub'
import { startWitness, type Witness } from '@sigillo/witness/start-witness'
import { initWitness } from '@sigillo/witness/witness-folder'

const ORIGIN = 'replay.invalid/posta-log'
/** Key names of the stand-ins: two organisations that are not the vendor. */
const NAMES = ['cert.invalid/witness', 'lab.invalid/witness']

/** The hub of the replay and what a verifier has to know of its witnesses. */
export interface WitnessedHub extends Hub {
  /** Lines of a policy: both witnesses, and both asked for. */
  readonly quorum: readonly string[]
}

/**
 * Starts the hub with two witnesses. They run in this process, so here they prove nothing: in earnest each runs at an organisation
 * of its own, with `sigillo witness`.
 */
export async function startWitnessedHub(dataDir: string, witnessDir: string, clock: () => Date): Promise<WitnessedHub> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const { vkey } = await loadLogKey(dataDir, ORIGIN, randomBytes)
  const witnesses = await Promise.all(
    NAMES.map(async (name, index) => {
      const dir = join(witnessDir, String(index + 1))
      await initWitness(dir, { name, logs: [vkey] })
      return await startWitness({ dir, clock })
    }),
  )
  try {
    const quorum = quorumOf(witnesses)
    const hub = await startHub({ dataDir, port: 0, origin: ORIGIN, clock, witnesses: `${quorum.join('\n')}\n` })
    return { ...hub, quorum, stop: () => stopAll([hub, ...witnesses]) }
  } catch (error) {
    await stopAll(witnesses)
    throw error
  }
}

function quorumOf(witnesses: readonly Witness[]): readonly string[] {
  const names = witnesses.map((_, index) => `witness-${index + 1}`)
  return [
    ...witnesses.map(({ vkey, url }, index) => `witness ${names[index] ?? ''} ${vkey} ${url}`),
    `group witnesses all ${names.join(' ')}`,
    'quorum witnesses',
  ]
}

async function stopAll(running: readonly { stop(): Promise<void> }[]): Promise<void> {
  for (const one of running) await one.stop()
}
