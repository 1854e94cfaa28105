import { append, emptyEdge } from '@sigillo/tlog/append'
import { fsck } from '@sigillo/tlog/fsck'
import { leafHash, verifyConsistency, verifyInclusion } from '@sigillo/tlog/merkle'
import { consistencyFromTiles, inclusionFromTiles } from '@sigillo/tlog/tile-reader'
import { logVerifier, readerOf, sampleLeaf, type SampleLog, signTree } from './sample-log.ts'
import { seededNumbers } from './seeded-numbers.ts'

/** One duration: medians in milliseconds. Processor time counts all threads and does not grow when others use the machine. */
export interface SpeedRow {
  readonly id: string
  readonly what: string
  readonly leaves: number
  /** How often the work is done in one run. */
  readonly times: number
  readonly processor: number
  readonly elapsed: number
}

const RUNS = 5

/** Times appends behind the log, proofs out of it, and a check of all of it. Everything in memory: no disk, no database. */
export async function measureSpeed(log: SampleLog): Promise<SpeedRow[]> {
  const rows: SpeedRow[] = []
  const time = async (what: string, times: number, work: () => unknown): Promise<void> => {
    rows.push(await timed(what, log.size, times, work))
  }
  const edge = append(
    emptyEdge,
    Array.from({ length: log.size }, (_, at) => sampleLeaf(at)),
  ).edge
  for (const count of [1, 16, 128, 1024]) {
    const batch = Array.from({ length: count }, (_, at) => sampleLeaf(log.size + at))
    await time(`append a batch of ${count} and sign`, 20, () => {
      for (let run = 0; run < 20; run++) {
        const { edge: next, root } = append(edge, batch)
        signTree(next.size, root)
      }
    })
  }
  const note = log.checkpoints.at(-1)?.note ?? new Uint8Array(0)
  const { tile } = readerOf(log.files, note)
  const { below } = seededNumbers('speed')
  const root = log.root
  const places = Array.from({ length: 200 }, () => below(log.size))
  await time('make an inclusion proof from tiles', places.length, async () => {
    for (const index of places) await inclusionFromTiles(index, log.size, tile)
  })
  const inclusions = await Promise.all(
    places.map(async (index) => ({ index, proof: await inclusionFromTiles(index, log.size, tile) })),
  )
  const leafHashes = new Map(places.map((index) => [index, leafHash(sampleLeaf(index))]))
  await time('verify an inclusion proof', places.length, () => {
    for (const { index, proof } of inclusions) {
      const claim = { leafHash: leafHashes.get(index) ?? root, index, size: log.size, root, proof }
      if (!verifyInclusion(claim).ok) throw new Error(`no proof of ${index}`)
    }
  })
  const older = Array.from({ length: 200 }, () => log.checkpoints[below(log.checkpoints.length)] ?? { size: 1, root })
  await time('make a consistency proof from tiles', older.length, async () => {
    for (const { size } of older) await consistencyFromTiles(size, log.size, tile)
  })
  const consistencies = await Promise.all(
    older.map(async (old) => ({ old, proof: await consistencyFromTiles(old.size, log.size, tile) })),
  )
  await time('verify a consistency proof', older.length, () => {
    for (const { old, proof } of consistencies) {
      const claim = { oldSize: old.size, oldRoot: old.root, newSize: log.size, newRoot: root, proof }
      if (!verifyConsistency(claim).ok) throw new Error(`no proof from ${old.size}`)
    }
  })
  const reader = { checkpoint: () => Promise.resolve(note), tile }
  await time('fsck of the newest tree', 1, async () => mustBeWhole(await fsck(reader, [logVerifier])))
  await time('fsck of everything stored', 1, async () =>
    mustBeWhole(await fsck(readerOf(log.files, note), [logVerifier])),
  )
  return rows
}

function mustBeWhole(answer: { readonly ok: boolean }): void {
  if (!answer.ok) throw new Error('the sample log is not whole')
}

async function timed(what: string, leaves: number, times: number, work: () => unknown): Promise<SpeedRow> {
  const runs: { elapsed: number; processor: number }[] = []
  for (let run = 0; run < RUNS; run++) {
    const used = process.cpuUsage()
    const start = performance.now()
    await work()
    const { user, system } = process.cpuUsage(used)
    runs.push({ elapsed: performance.now() - start, processor: (user + system) / 1000 })
  }
  const median = (key: 'elapsed' | 'processor'): number => {
    const sorted = runs.map((one) => one[key] / times).sort((a, b) => a - b)
    return Number((sorted[Math.floor(RUNS / 2)] ?? 0).toPrecision(3))
  }
  return { id: what, what, leaves, times, processor: median('processor'), elapsed: median('elapsed') }
}
