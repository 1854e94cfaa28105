import { checkCopy } from '@sigillo/marks/check-copy'
import { createPlan, type MarkPlan, planHash } from '@sigillo/marks/plan'
import { renderFile } from '@sigillo/marks/render'
import type { MarkSite } from '@sigillo/marks/site'
import { planOf, requireArtefact } from './artefacts.ts'
import type { Desk } from './context.ts'
import type { CopyFile } from './copies.ts'
import { culprits } from './culprits.ts'
import type { ArtefactDocument, PlanTest } from './documents.ts'
import { DeskError } from './errors.ts'
import { numbersOf } from './plan-draw.ts'
import { runTest, TEST_SECONDS, type TestRun } from './run-test.ts'
import { distributionsOf } from './seal-distribution.ts'

export interface TestOptions {
  /** The artefact's own test; the one named when it was added otherwise. */
  readonly command?: string
  /** Random codewords that must pass. */
  readonly codewords?: number
  /** Time limit of one run. */
  readonly seconds?: number
}

/** One variant of one site, other than the original. */
interface Flip {
  readonly site: MarkSite
  readonly variant: number
}

/** Sites that failed, by id. */
type Dropped = Map<string, PlanTest['dropped'][number]>

/** What is tried on copies, and how often it was. */
interface Bench {
  readonly plan: MarkPlan
  run(flips: readonly Flip[], what: string): Promise<boolean>
  /** What the last failing run said. */
  said(): string
  runs(): number
}

/**
 * Runs an artefact's own test on the original, on copies that together show every variant of every site, and on random codewords; sites that
 * fail are taken out of the plan. Variants are flipped in groups and a group is taken apart only when it fails, so that a plan without faults
 * costs as many runs as its largest pool has words, and the codewords.
 *
 * @returns the artefact with what was found, as stored
 * @throws DeskError `unknown-artefact`; `nothing-to-do` without a command; `exists` once the artefact has been sealed, as its key is drawn;
 *   `test-failed` when the original itself fails. Nothing is stored then
 */
export async function testArtefact(desk: Desk, id: string, options: TestOptions = {}): Promise<ArtefactDocument> {
  const document = await requireArtefact(desk, id)
  const command = options.command ?? document.test
  if (command === null)
    throw new DeskError(
      'nothing-to-do',
      `artefact "${id}" has no test; name one with: sigillo plan ${id} --test COMMAND`,
    )
  await demandUnsealed(desk, document)
  const plan = planOf(document)
  const bench = createBench(desk, plan, command, options.seconds ?? TEST_SECONDS)
  if (!(await bench.run([], 'the original')))
    throw new DeskError(
      'test-failed',
      `the test fails on the original, which no mark has touched (${bench.said()}); it runs in the copy's folder, so name programs outside of it by their full path. Nothing was changed`,
    )
  const dropped = new Map<string, PlanTest['dropped'][number]>()
  await flipAll(bench, dropped)
  const codewords = options.codewords ?? 50
  await tryCodewords(bench, codewords, dropped)
  const files = plan.files.map((file) => ({ ...file, sites: file.sites.filter((site) => !dropped.has(site.id)) }))
  const tested: ArtefactDocument = { ...document, plan: createPlan(plan.artefact, files), test: command }
  const record: PlanTest = {
    command,
    at: desk.now().toISOString(),
    planHash: planHash(planOf(tested)),
    runs: bench.runs(),
    codewords,
    dropped: [...(document.tested?.dropped ?? []), ...dropped.values()],
  }
  const stored = { ...tested, tested: record }
  await desk.vault.write('artefacts', id, stored)
  return stored
}

async function demandUnsealed(desk: Desk, document: ArtefactDocument): Promise<void> {
  const sealed = (await distributionsOf(desk, document.case)).find(({ artefact }) => artefact === document.id)
  if (sealed !== undefined)
    throw new DeskError(
      'exists',
      `artefact "${document.id}" was sealed as ${sealed.id}, so its plan stays; add the files again under another --name to test a new plan`,
    )
}

function createBench(desk: Desk, plan: MarkPlan, command: string, seconds: number): Bench {
  let runs = 0
  let last = ''
  const known = new Map<string, TestRun>()
  return {
    plan,
    runs: () => runs,
    said: () => last,
    run: async (flips, what) => {
      const word = new Map(flips.map(({ site, variant }) => [site.id, variant]))
      const key = JSON.stringify([...word].sort(([a], [b]) => (a < b ? -1 : 1)))
      const found = known.get(key) ?? (await tryCopy(word))
      known.set(key, found)
      if (!found.passed) last = found.why
      return found.passed

      async function tryCopy(variants: ReadonlyMap<string, number>): Promise<TestRun> {
        desk.progress(`run ${runs + 1} of the artefact's test: ${what}`)
        const copy = await render(plan, variants)
        if (typeof copy === 'string') return { passed: false, why: copy }
        runs += 1
        return runTest(command, copy, seconds)
      }
    },
  }
}

/** The files of a copy, or why it is none. */
async function render(plan: MarkPlan, word: ReadonlyMap<string, number>): Promise<readonly CopyFile[] | string> {
  const files: CopyFile[] = []
  for (const file of plan.files) {
    const variantOf = (site: string): number => word.get(site) ?? 0
    const text = renderFile(file, variantOf)
    const check = await checkCopy(file, text, variantOf)
    if (!check.ok) return check.reason
    files.push({ path: file.path, bytes: new TextEncoder().encode(text) })
  }
  return files
}

/** Shows every variant of every site once: the n-th copy has variant n of each site that has one. */
async function flipAll(bench: Bench, dropped: Dropped): Promise<void> {
  const sites = bench.plan.files.flatMap((file) => file.sites)
  const most = Math.max(0, ...sites.map((site) => site.variants.length - 1))
  for (let variant = 1; variant <= most; variant += 1) {
    const flips = sites
      .filter((site) => variant < site.variants.length && !dropped.has(site.id))
      .map((site) => ({ site, variant }))
    await dropCulprits(bench, flips, `variant ${variant} of ${most} of every site`, dropped)
  }
}

async function tryCodewords(bench: Bench, count: number, dropped: Dropped): Promise<void> {
  const next = numbersOf(planHash(bench.plan))
  for (let index = 1; index <= count; index += 1) {
    const flips = bench.plan.files
      .flatMap((file) => file.sites)
      .map((site) => ({ site, variant: next() % site.variants.length }))
      .filter(({ site, variant }) => variant > 0 && !dropped.has(site.id))
    await dropCulprits(bench, flips, `random copy ${index} of ${count}`, dropped)
  }
}

async function dropCulprits(bench: Bench, flips: readonly Flip[], what: string, dropped: Dropped): Promise<void> {
  const passes = (some: readonly Flip[]): Promise<boolean> => bench.run(some, what)
  const trusted = flips.toSorted((a, b) => worth(b.site) - worth(a.site))
  for (const { site, variant } of await culprits(trusted, passes)) {
    const alone = !(await bench.run([{ site, variant }], what))
    dropped.set(site.id, {
      site: site.id,
      line: site.line,
      kind: site.kind,
      shown: site.variants[variant]?.shown ?? '',
      why: alone ? bench.said() : `only together with other marks: ${bench.said()}`,
    })
  }
}

/** Of two sites that do not go together the one that survives more is kept. */
function worth({ survival }: MarkSite): number {
  return survival.rewrite + survival.refactor
}
