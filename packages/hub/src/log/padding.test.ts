import { fromUtf8 } from '@sigillo/tlog/encoding'
import { LEAF_BYTES } from '@sigillo/tlog/leaf'
import { readLeaves } from '@sigillo/db/log-store'
import { openEmbedded } from '@sigillo/db/engine-embedded'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drawRecipient, readNote, release, sealFor, startTestHub, type TestHub } from '../programme.fixture.ts'

// Goal L9: who sees the log, and not what is in it, learns neither what happens nor how much nor when.

/** Seconds; many times what a batch takes, so that a busy machine makes no beat late. */
const CADENCE = 0.8
const BEATS = 8
/** Leaves of a checkpoint. */
const MULTIPLE = 16
/** Reports at once: with what else the work logs at once, fewer than a checkpoint has place for, so that none is larger than another. */
const MOST_WAITING = 8

/** What an observer of the log sees of a run: how large it was how many seconds after the beginning, and its leaves. */
interface Seen {
  readonly sizes: readonly number[]
  readonly seconds: number
  readonly leaves: readonly string[]
}

/** Looks at the checkpoints of a hub until `isOver`. */
async function watch(hub: TestHub, isOver: (checkpoints: number) => boolean): Promise<Omit<Seen, 'leaves'>> {
  const from = performance.now()
  const sizes = [readNote(await hub.vendor.checkpoint()).size]
  while (!isOver(checkpointsIn(sizes))) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    sizes.push(readNote(await hub.vendor.checkpoint()).size)
  }
  return { sizes, seconds: (performance.now() - from) / 1000 }
}

/** Stops a hub, and reads its leaves. */
async function leavesOf(hub: TestHub): Promise<readonly string[]> {
  await hub.stop()
  const engine = await openEmbedded({ dataDir: hub.dataDir })
  try {
    return (await readLeaves(engine.db, 0, 1000)).map(fromUtf8)
  } finally {
    await engine.close()
  }
}

/** How many checkpoints came after the first that was seen. By the size, so that none is missed by looking too late. */
function checkpointsIn(sizes: readonly number[]): number {
  return ((sizes.at(-1) ?? 0) - (sizes[0] ?? 0)) / MULTIPLE
}

/** A whole programme, and beside it reports without end, some at once. */
async function work(hub: TestHub, isOver: () => boolean): Promise<void> {
  const report = async (): Promise<void> => {
    while (!isOver()) await hub.vendor.commit([{ type: 'leak.reported', stream: 'admin', subject: 's', data: {} }])
  }
  await Promise.all([shareWithThree(hub), ...Array.from({ length: MOST_WAITING }, report)])
}

async function shareWithThree(hub: TestHub): Promise<void> {
  const recipients = await Promise.all(['a', 'b', 'c'].map((id) => drawRecipient(id)))
  await hub.vendor.enrol(recipients.map(({ entry }) => entry))
  for (const recipient of recipients) {
    const id = `p-${recipient.id}`
    await hub.vendor.putPackage(id, await sealFor(recipient, id), release.vkey)
    await hub.partner(recipient).fetchPackage(id)
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
    hubs.push(one, other)
    let over = false
    // At the same time, so that what slows one down slows both.
    const working = work(other, () => over)
    const busily = watch(other, () => over)
    const quietly = await watch(one, (checkpoints) => checkpoints >= BEATS)
    over = true
    const watched = await busily
    await working
    quiet = { ...quietly, leaves: await leavesOf(one) }
    busy = { ...watched, leaves: await leavesOf(other) }
  })
  const hubs: TestHub[] = []
  afterAll(() => hubs.forEach((hub) => hub.remove()))

  test('have checkpoints of a multiple of 16 leaves', () => {
    for (const { sizes } of [quiet, busy])
      expect(sizes.filter((size) => (size - (sizes[0] ?? 0)) % MULTIPLE !== 0)).toEqual([])
  })

  test('have as many of them in the same time, one each beat', () => {
    const [calm, full] = [checkpointsIn(quiet.sizes), checkpointsIn(busy.sizes)]
    expect(Math.abs(full - calm), `${String(full)} busy, ${String(calm)} quiet`).toBeLessThanOrEqual(2)
    for (const { sizes, seconds } of [quiet, busy])
      expect(checkpointsIn(sizes)).toBeLessThanOrEqual(Math.ceil(seconds / CADENCE) + 1)
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
