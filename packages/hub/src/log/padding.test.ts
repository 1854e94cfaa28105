import { fromUtf8 } from '@sigillo/tlog/encoding'
import { LEAF_BYTES } from '@sigillo/tlog/leaf'
import { readLeaves } from '@sigillo/db/log-store'
import { openEmbedded } from '@sigillo/db/engine-embedded'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drawRecipient, readNote, release, sealFor, startTestHub, type TestHub } from '../programme.fixture.ts'

// Goal L9: who sees the log, and not what is in it, learns neither what happens nor how much nor when.

/** Seconds. */
const CADENCE = 0.2
const TICKS = 12

/** What an observer of the log sees of a run: the size of each checkpoint as it appears, and the leaves. */
interface Seen {
  readonly sizes: readonly number[]
  readonly leaves: readonly string[]
}

async function watch(hub: TestHub, work: () => Promise<void>): Promise<Seen> {
  const sizes: number[] = []
  const working = work()
  for (const until = Date.now() + CADENCE * 1000 * TICKS; Date.now() < until; ) {
    const { size } = readNote(await hub.vendor.checkpoint())
    if (sizes.at(-1) !== size) sizes.push(size)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await working
  await hub.stop()
  const engine = await openEmbedded({ dataDir: hub.dataDir })
  try {
    const leaves = await readLeaves(engine.db, 0, 16 * TICKS)
    return { sizes, leaves: leaves.map(fromUtf8) }
  } finally {
    await engine.close()
  }
}

/** Every place of a leaf with the character that all leaves have there, or `?`. */
const maskOf = (leaves: readonly string[]): string =>
  Array.from({ length: LEAF_BYTES }, (_, at) => {
    const [first, ...others] = new Set(leaves.map((leaf) => leaf.charAt(at)))
    return others.length === 0 ? first : '?'
  }).join('')

describe('two runs of different cases, watched from outside', () => {
  let quiet: Seen
  let busy: Seen
  beforeAll(async () => {
    const [one, other] = [
      await startTestHub({ cadenceSeconds: CADENCE }),
      await startTestHub({ cadenceSeconds: CADENCE }),
    ]
    quiet = await watch(one, () => Promise.resolve())
    busy = await watch(other, async () => {
      const recipients = await Promise.all(['a', 'b', 'c'].map((id) => drawRecipient(id)))
      await other.vendor.enrol(recipients.map(({ entry }) => entry))
      for (const recipient of recipients) {
        const id = `p-${recipient.id}`
        await other.vendor.putPackage(id, await sealFor(recipient, id), release.vkey)
        await other.partner(recipient).fetchPackage(id)
      }
    })
    hubs.push(one, other)
  })
  const hubs: TestHub[] = []
  afterAll(() => hubs.forEach((hub) => hub.remove()))

  test('have checkpoints of the same sizes: 16 leaves more each time', () => {
    for (const { sizes } of [quiet, busy]) {
      expect(sizes.length).toBeGreaterThanOrEqual(TICKS / 2)
      expect(sizes.map((size) => size - (sizes[0] ?? 0))).toEqual(sizes.map((_, at) => at * 16))
    }
  })

  test('have leaves of one length that differ in random places only', () => {
    const header = 'sigillo/leaf/v1\n'
    // 22 digits of a label of 16 bytes and 43 of a commitment of 32, with the padding that base64 gives each.
    const expected = `${header}${'?'.repeat(22)}==\n${'?'.repeat(43)}=\n`
    for (const { leaves } of [quiet, busy]) {
      expect(leaves.every((leaf) => leaf.length === LEAF_BYTES)).toBe(true)
      expect(maskOf(leaves)).toBe(expected)
    }
    expect(new Set([...quiet.leaves, ...busy.leaves]).size).toBe(quiet.leaves.length + busy.leaves.length)
  })
})
