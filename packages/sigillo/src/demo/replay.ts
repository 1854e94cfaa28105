import { spawnSync } from 'node:child_process'
import { partnerClient } from '@sigillo/api/client'
import { openCheckpoint } from '@sigillo/tlog/checkpoint'
import { noteVerifier } from '@sigillo/seal/ed25519'
import type { Io } from '../io.ts'
import { explain, prove, trace } from './act-answer.ts'
import { leak } from './act-leak.ts'
import { share } from './act-share.ts'
import type { DemoReport } from './report.ts'
import { openWorld } from './world.ts'

/**
 * Plays the whole story with the product's own commands in an empty folder.
 * @param say one line of progress
 * @param tell one line of the story, as soon as it is true
 */
export async function replay(
  io: Io,
  options: { folder: string; seed: string; say: (line: string) => void; tell: (line: string) => void },
): Promise<DemoReport> {
  const started = performance.now()
  const world = await openWorld(io, options.folder, options.seed, options.say, options.tell)
  try {
    const skipped = missingParts()
    for (const line of skipped) options.tell(`SKIPPED     ${line}`)
    const shared = await share(world)
    const leaks = await trace(world, await leak(world, shared))
    const waves = await explain(world)
    const dossier = await prove(world, shared)
    const hub = await world.hub
    const [first] = shared.recipients
    const note = await partnerClient(hub.url, first?.key.token ?? '').checkpoint()
    const opened = openCheckpoint(new TextEncoder().encode(note), [noteVerifier(hub.logKey)])
    if (!opened.ok) throw new Error(`the hub's checkpoint does not verify: ${opened.reason}`)
    const { size, root } = opened.checkpoint
    return {
      seed: options.seed,
      partners: shared.recipients.filter(({ record }) => record.kind === 'partner').length,
      recipients: shared.recipients.length,
      copies: shared.copies,
      descriptionOnly: shared.descriptionOnly,
      sites: shared.sites,
      log: { size, root: Buffer.from(root).toString('hex') },
      leaks,
      waves,
      dossier,
      skipped,
      folder: options.folder,
      seconds: Math.round((performance.now() - started) / 100) / 10,
    }
  } finally {
    await (await world.hub.catch(() => null))?.stop()
  }
}

/** Parts of the machine that the replay can do without, but not silently. */
function missingParts(): readonly string[] {
  const python = spawnSync('python3', ['--version'], { stdio: 'ignore' })
  return python.status === 0
    ? []
    : ['python3 is not installed: the Python copies are checked but not run against Posta']
}
