import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planOf } from './artefacts.ts'
import { openCodebook } from './codebook.ts'
import { renderCopy } from './copies.ts'
import type { DistributionDocument } from './documents.ts'
import {
  addMarked,
  addRecipients,
  type ExampleDesk,
  markedText,
  openExampleDesk,
  sealToAll,
} from './example-desk.fixture.ts'
import { shareOfLook } from './looks.ts'
import { requireTrace, saveTrace, tracesOf } from './trace-record.ts'
import {
  type BlindReading,
  type DistributionTrace,
  loadSamples,
  overallVerdict,
  traceSamples,
} from './trace-samples.ts'

const ALPHA = 1e-6
let world: ExampleDesk
let distribution: DistributionDocument

beforeAll(async () => {
  world = await openExampleDesk()
  await addRecipients(world.desk, Object.fromEntries(['p1', 'p2', 'p3', 'p4', 'p5'].map((id) => [id, 'full'])))
  await addMarked(world, 'a1', [16, 16])
  distribution = await sealToAll(world.desk, 'a1')
})
afterAll(() => world.remove())

/** A file of a recipient's copy, saved as a sample. */
async function leaked(recipient: string, path: string, name: string): Promise<string> {
  const plan = planOf(distribution)
  const book = openCodebook(plan, Buffer.from(distribution.key, 'hex'), distribution.id, distribution.family)
  const [file] = await renderCopy(plan, book, recipient, [path])
  return world.file(`samples/${name}`, file?.bytes ?? '')
}

const nobody = (): Promise<void> => Promise.resolve()

async function traced(paths: readonly string[], commit: (reading: BlindReading) => Promise<void> = nobody) {
  return traceSamples(world.desk, await loadSamples(paths), { alpha: ALPHA, caseId: 'c1', commit })
}

async function kept(
  paths: readonly string[],
): Promise<{ readonly id: string; readonly traces: readonly DistributionTrace[] }> {
  const samples = await loadSamples(paths)
  const traces = await traceSamples(world.desk, samples, { alpha: ALPHA, caseId: 'c1', commit: nobody })
  return { id: await saveTrace(world.desk, samples, traces, ALPHA), traces }
}

const accusedBy = (traces: readonly DistributionTrace[]): readonly string[] =>
  traces.flatMap(({ result }) => result.accusations.map(({ recipient }) => recipient))

describe('samples', () => {
  it('are files, or folders with every text file below them, named by the hash of their bytes', async () => {
    world.file('found/a/one.md', 'one')
    world.file('found/two.md', 'two')
    world.file('found/picture', new Uint8Array([0, 255]))
    const samples = await loadSamples([`${world.folder}/found`])
    expect(samples.map(({ text }) => text)).toEqual(['one', 'two'])
    expect(samples[0]?.sha256).toBe('7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed')
  })

  it.each([
    ['is not there', () => `${world.folder}/nothing`, 'missing-file'],
    ['is binary', () => world.file('raw', new Uint8Array([0, 1])), 'not-text'],
    ['is a folder without text', () => world.file('empty/raw', new Uint8Array([0])).slice(0, -4), 'missing-file'],
  ])('are refused when one %s', async (_, path, code) => {
    await expect(loadSamples([path()])).rejects.toMatchObject({ code, message: expect.stringMatching(/^[^\n]+$/) })
  })
})

describe('a trace', () => {
  it('names the copy and no other, under any file name', async () => {
    const traces = await traced([await leaked('p3', 'poc/tool.md', 'renamed.txt')])
    expect(accusedBy(traces)).toEqual(['p3'])
    expect(overallVerdict(traces)).toBe('accusation')
  })

  it('reads several samples as one: pieces that are too short alone name the copy together', async () => {
    const whole = readFileSync(await leaked('p2', 'guidance.md', 'whole.md'), 'utf8').split('\n')
    const pieces = [whole.slice(2, 8), whole.slice(8, 14)].map((lines, n) =>
      world.file(`piece-${n}.md`, lines.join('\n')),
    )
    for (const piece of pieces) expect(accusedBy(await traced([piece]))).toEqual([])
    const together = await traced(pieces)
    expect(accusedBy(together)).toEqual(['p2'])
    expect(together[0]?.samples).toHaveLength(2)
  })

  it('cannot tell from a file that has none of the marks', async () => {
    expect(overallVerdict(await traced([world.file('other.md', '# Something else\n')]))).toBe('insufficient')
  })

  it('accuses nobody on the original with variants that nobody was given', async () => {
    const plain = markedText(16).replace(/ <!--.*-->/g, '')
    expect(accusedBy(await traced([world.file('original.md', plain)]))).toEqual([])
  })

  it('fixes the blind reading before the code key is used: when that cannot be recorded, nothing is decided', async () => {
    const sample = await leaked('p3', 'guidance.md', 'g.md')
    const seen: BlindReading[] = []
    const [decided] = await traced([sample], async (reading) => void seen.push(reading))
    expect(seen).toHaveLength(1)
    expect(seen[0]).not.toHaveProperty('result')
    expect(seen[0]?.hash).toBe(decided?.hash)
    await expect(traced([sample], () => Promise.reject(new Error('the log is away')))).rejects.toThrow(
      'the log is away',
    )
  })

  it('is refused when nothing was shared in the case', async () => {
    const samples = await loadSamples([await leaked('p1', 'guidance.md', 'g1.md')])
    const attempt = traceSamples(world.desk, samples, { alpha: ALPHA, caseId: 'c9', commit: nobody })
    await expect(attempt).rejects.toMatchObject({ code: 'nothing-to-do' })
  })
})

describe('the error budget of a case', () => {
  it('is never overspent, however often one looks', () => {
    const spent = Array.from({ length: 100_000 }, (_, n) => shareOfLook(n + 1)).reduce((sum, share) => sum + share, 0)
    expect(spent).toBeLessThan(1)
    expect(spent).toBeGreaterThan(0.9999)
  })

  it('shrinks with every further look; the same reading again is the same look', async () => {
    const [first, second] = [await leaked('p4', 'guidance.md', 'l1.md'), await leaked('p5', 'guidance.md', 'l2.md')]
    const looks = []
    for (const paths of [[first], [second], [first], [second]]) looks.push((await kept(paths)).traces[0])
    expect(looks.map((each) => each?.look)).toEqual([1, 2, 1, 2])
    const [a = 0, b = 0, c = 0] = looks.map((each) => each?.result.alpha)
    expect(a).toBeCloseTo((ALPHA * 6) / Math.PI ** 2, 15)
    expect(b).toBeCloseTo(a / 4, 15)
    expect(c).toBe(a)
  })

  it('is divided among the distributions that are looked at', async () => {
    await sealToAll(world.desk, 'a1', { to: ['p1', 'p2'] })
    const traces = await traced([await leaked('p1', 'poc/tool.md', 'divided.md')])
    expect(traces).toHaveLength(2)
    const alphas = traces.map(({ result }) => result.alpha)
    expect(alphas[0]).toBe(alphas[1])
    expect(alphas[0]).toBeCloseTo((ALPHA * shareOfLook(5)) / 2, 15)
    expect(accusedBy(traces)).toEqual(['p1'])
  })
})

describe('a trace that is kept', () => {
  it('holds what a dossier needs, under the next number, and nothing of the sample but its hash', async () => {
    const sample = await leaked('p1', 'poc/tool.md', 'kept.md')
    const { id, traces } = await kept([sample])
    const document = await requireTrace(world.desk, id)
    expect(document).toMatchObject({ id, alpha: ALPHA, samples: [{ path: sample }] })
    expect(document.parts.map(({ readingHash }) => readingHash)).toEqual(traces.map(({ hash }) => hash))
    expect(document.parts[0]?.result).toEqual(traces[0]?.result)
    expect(JSON.stringify(document)).not.toContain('It is')
    expect((await tracesOf(world.desk, 'c1')).map((each) => each.id)).toEqual([
      'trace-1',
      'trace-2',
      'trace-3',
      'trace-4',
      id,
    ])
  })

  it('is asked for by its number', async () => {
    await expect(requireTrace(world.desk, 'trace-99')).rejects.toMatchObject({ code: 'unknown-trace' })
  })
})
