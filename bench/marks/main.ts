import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { betweenMarkers } from '../fingerprint/markdown.ts'
import { BUNDLES, openBundle } from './conviction/bundles.ts'
import { leakDamages } from './conviction/damages.ts'
import { measureConviction } from './conviction/measure.ts'
import type { ConvictionRow } from './conviction/measure.ts'
import { brokenPromises, convictionTable } from './conviction/table.ts'
import { equivalenceTable } from './equivalence-table.ts'
import type { EquivalenceRow } from './equivalence-table.ts'
import { readResults, writeResults } from './results.ts'
import { CORPORA } from './survival/corpus.ts'
import type { Corpus } from './survival/corpus.ts'
import { damagesOf, markedFiles, measureSurvival } from './survival/measure.ts'
import { brokenFloors, summaryTable, survivalTable, survivorTable } from './survival/tables.ts'
import { measureStrangers, strangerTable, tooManyRead } from './survival/strangers.ts'
import type { StrangerRow } from './survival/strangers.ts'
import type { SurvivalRow } from './survival/tally.ts'

// `npm run bench:marks`: a look in some minutes; nothing is kept. With --full: everything, kept in results/*.json as it comes, so that a run can be
// stopped and resumed; --fresh measures again what is kept. --match python/terser: only rows whose id holds one of these texts. --write-docs: puts
// what is kept into docs/marks-figures.md. Ends with status 1 when a floor is broken.

const SECTIONS = ['survival', 'strangers', 'conviction', 'equivalence'] as const

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    only: { type: 'string', default: SECTIONS.join(',') },
    match: { type: 'string', default: '' },
    fresh: { type: 'boolean', default: false },
    'write-docs': { type: 'boolean', default: false },
  },
})
const [files, trials, keys] = values.full ? [13, 3, 20] : [3, 1, 2]
const wanted = SECTIONS.filter((section) => values.only.split(',').includes(section))
const keeping = values.full || values['write-docs']
const missing = new Set<string>()
const survival = new Map<string, SurvivalRow>()
const strangers = new Map<string, StrangerRow>()
const conviction = new Map<string, ConvictionRow>()
if (keeping) {
  for (const row of readResults<SurvivalRow>('survival')) survival.set(row.id, row)
  for (const row of readResults<StrangerRow>('strangers')) strangers.set(row.id, row)
  for (const row of readResults<ConvictionRow>('conviction')) conviction.set(row.id, row)
}
const equivalence = readResults<EquivalenceRow>('equivalence')

if (values.full || !values['write-docs']) {
  if (wanted.includes('survival')) await measureAllSurvival()
  if (wanted.includes('strangers')) await measureAllStrangers()
  if (wanted.includes('conviction')) await measureAllConviction()
}
report()
if (values['write-docs']) writeDocs()

async function measureAllSurvival(): Promise<void> {
  for (const corpus of Object.keys(CORPORA) as Corpus[]) {
    const open = damagesOf(corpus, missing).filter(({ name }) => isOpen(`${corpus}/${name}`, survival))
    if (open.length === 0) continue
    const marked = await markedFiles(corpus, files)
    if (marked.length === 0) missing.add(`files in ${corpus} (install ${CORPORA[corpus].needs})`)
    for (const damage of marked.length === 0 ? [] : open) {
      const row = await measureSurvival(corpus, marked, damage, trials)
      survival.set(row.id, row)
      if (values.full) writeResults('survival', [...survival.values()])
      process.stderr.write(`${row.id}: ${brokenFloors(row).join('; ') || 'kept'}\n`)
    }
  }
}

async function measureAllStrangers(): Promise<void> {
  for (const corpus of Object.keys(CORPORA) as Corpus[]) {
    if (!isOpen(`${corpus}/other languages`, strangers)) continue
    const marked = await markedFiles(corpus, files)
    for (const row of await measureStrangers(corpus, marked, values.full ? 4 : 1)) strangers.set(row.id, row)
    if (values.full) writeResults('strangers', [...strangers.values()])
    process.stderr.write(`${corpus}: strangers read\n`)
  }
}

async function measureAllConviction(): Promise<void> {
  for (const name of Object.keys(BUNDLES)) {
    const open = leakDamages().filter((damage) => isOpen(`${name}/${damage.name}/bundle`, conviction))
    if (open.length === 0) continue
    const bundle = await openBundle(name)
    const languages = new Set(bundle.plan.files.map(({ language }) => language))
    for (const damage of open.filter(({ corpora }) => corpora.some((corpus) => languages.has(corpus)))) {
      const rows = await measureConviction(bundle, damage, keys)
      for (const row of rows) conviction.set(row.id, row)
      if (values.full) writeResults('conviction', [...conviction.values()])
      for (const row of rows) process.stderr.write(`${row.id}: ${row.named} of ${row.trials} named\n`)
    }
  }
}

function isOpen(id: string, kept: ReadonlyMap<string, unknown>): boolean {
  return values.match.split(',').some((text) => id.includes(text)) && (values.fresh || !kept.has(id))
}

function report(): void {
  const print = (title: string, text: string): boolean => process.stdout.write(`\n## ${title}\n\n${text}\n`)
  if (wanted.includes('survival')) {
    print('survival', survivalTable([...survival.values()]))
    print('survival in sum', summaryTable([...survival.values()]))
    print('structure that minifiers leave', survivorTable([...survival.values()]))
  }
  if (wanted.includes('strangers')) print('strangers', strangerTable([...strangers.values()]))
  if (wanted.includes('conviction')) print('conviction', convictionTable([...conviction.values()]))
  if (wanted.includes('equivalence')) print('equivalence', equivalenceTable(equivalence))
  const broken = brokenLines()
  for (const what of missing) process.stdout.write(`NOT MEASURED: ${what}\n`)
  for (const line of broken) process.stdout.write(`FAIL ${line}\n`)
  process.stdout.write(broken.length === 0 ? 'pass\n' : `${broken.length} lines fail\n`)
  process.exitCode = broken.length === 0 ? 0 : 1
}

/** What the rows of the wanted sections break of what is asked. */
function brokenLines(): string[] {
  return [
    ...(wanted.includes('survival') ? [...survival.values()] : []).flatMap((row) =>
      brokenFloors(row).map((text) => `${row.id}: ${text}`),
    ),
    ...(wanted.includes('strangers') ? [...strangers.values()] : [])
      .filter(tooManyRead)
      .map(({ id, read, asked }) => `${id}: ${read} of ${asked} read from strangers`),
    ...(wanted.includes('conviction') ? [...conviction.values()] : []).flatMap((row) =>
      brokenPromises(row).map((text) => `${row.id}: ${text}`),
    ),
    ...(wanted.includes('equivalence') ? equivalence : [])
      .filter(({ copies, passed }) => passed < copies)
      .map(({ id }) => `${id}: copies fail`),
  ]
}

function writeDocs(): void {
  const page = new URL('../../docs/marks-figures.md', import.meta.url)
  const sections = {
    'marks-survival': survivalTable([...survival.values()]),
    'marks-summary': summaryTable([...survival.values()]),
    'marks-survivors': survivorTable([...survival.values()]),
    'marks-strangers': strangerTable([...strangers.values()]),
    'marks-conviction': convictionTable([...conviction.values()]),
    'marks-equivalence': equivalenceTable(equivalence),
  }
  let document = readFileSync(page, 'utf8')
  for (const [section, text] of Object.entries(sections)) document = betweenMarkers(document, section, text)
  writeFileSync(page, document)
}
