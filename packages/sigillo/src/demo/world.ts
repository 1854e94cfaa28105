import { join } from 'node:path'
import { writeDurably } from '@sigillo/desk/durable-file'
import { formatIdentityFile, generateIdentity } from '@sigillo/seal/identity'
import type { Io } from '../io.ts'
import { type Examples, findExamples } from './examples.ts'
import { type ReplayClock, replayClock } from './replay-clock.ts'
import { seededRandom } from './seeded-random.ts'
import { openStage, type Stage } from './stage.ts'
import { startWitnessedHub, type WitnessedHub } from './witnessed-hub.ts'

/** Everything the acts of the replay share. */
export interface World {
  readonly folder: string
  readonly seed: string
  readonly clock: ReplayClock
  readonly random: (length: number) => Uint8Array
  readonly stage: Stage
  readonly hub: Promise<WitnessedHub>
  readonly examples: Examples
  /** One line of the story. */
  readonly tell: (line: string) => void
  /** One line of progress. */
  readonly say: (line: string) => void
}

/** The case that the replay is about. */
export const CASE = 'posta-2021'

/** Builds the world in an empty folder: the hub starts at once, beside whatever comes next. */
export async function openWorld(
  io: Io,
  folder: string,
  seed: string,
  say: World['say'],
  tell: World['tell'],
): Promise<World> {
  const clock = replayClock('2021-02-22T09:00:00Z', () => performance.now())
  const random = seededRandom(seed)
  const identity = await generateIdentity()
  const identityFile = join(folder, 'keys', 'desk.key')
  await writeDurably(identityFile, formatIdentityFile(identity, clock.now().toISOString()))
  const env = { ...io.env, SIGILLO_VAULT: join(folder, 'vault'), SIGILLO_IDENTITY: identityFile }
  const hub = startWitnessedHub(join(folder, 'hub'), join(folder, 'witnesses'), clock.now)
  hub.catch(() => undefined)
  return {
    folder,
    seed,
    clock,
    random,
    stage: openStage({ ...io, env, now: clock.now, random, randomness: 'seeded' }),
    hub,
    examples: findExamples(),
    tell,
    say,
  }
}
