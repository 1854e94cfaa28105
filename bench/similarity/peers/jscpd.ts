import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, extname, join } from 'node:path'
import type { Contest, Scorer } from '../scorer.ts'
import { hasPeer, peersFolder } from './folder.ts'

/** What it reads, by ending. */
const READS = ['javascript', 'python', 'c', 'go', 'shell', 'markdown', 'sigma', 'java']

interface Report {
  readonly duplicates: readonly {
    readonly tokens: number
    readonly firstFile: { readonly name: string }
    readonly secondFile: { readonly name: string }
  }[]
}

/**
 * jscpd with identifiers and literals ignored, clones of at least 50 tokens: the tokens two files share for each byte of the smaller one.
 * Samples that may hold clones of each other are looked at in runs of their own, since it names one partner per clone only; where the
 * references hold some too, each pair has a run.
 */
export const JSCPD: Scorer = {
  name: 'jscpd',
  version: 'jscpd 5.3.3',
  missing: () => (hasPeer('jscpd') ? null : 'jscpd (npm run bench:similarity -- --install-peers)'),
  reads: (language) => READS.includes(language),
  score: (contest) => inFolder((folder) => scored(contest, folder)),
  scorePairs: (pairs) => inFolder((folder) => pairs.map(([a, b]) => scoreOfPair(a, b, folder))),
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'jscpd-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function scoreOfPair(a: string, b: string, folder: string): number {
  copyFileSync(a, join(folder, `a${extname(a)}`))
  copyFileSync(b, join(folder, `b${extname(b)}`))
  const between = clonesOf(folder).duplicates.filter(({ firstFile, secondFile }) => firstFile.name !== secondFile.name)
  const tokens = between.reduce((sum, clone) => sum + clone.tokens, 0)
  return tokens / Math.min(statSync(a).size, statSync(b).size)
}

function scored({ references, samples, strangersInARow }: Contest, folder: string): Float64Array {
  mkdirSync(join(folder, 'references'))
  for (const [at, path] of references.entries())
    copyFileSync(path, join(folder, 'references', `${at}-${basename(path)}`))
  const scores = new Float64Array(references.length * samples.length)
  const sizeOf = (path: string): number => statSync(path).size
  for (let from = 0; from < samples.length; from += strangersInARow) {
    const batch = samples.slice(from, from + strangersInARow)
    mkdirSync(join(folder, 'samples'))
    for (const [at, path] of batch.entries())
      copyFileSync(path, join(folder, 'samples', `sample-${at}-${basename(path)}`))
    for (const { tokens, firstFile, secondFile } of clonesOf(folder).duplicates) {
      const pair = pairOf(basename(firstFile.name), basename(secondFile.name))
      if (pair === null) continue
      const bytes = Math.min(sizeOf(references[pair.reference]!), sizeOf(batch[pair.sample]!))
      scores[pair.reference * samples.length + from + pair.sample]! += tokens / bytes
    }
    rmSync(join(folder, 'samples'), { recursive: true })
  }
  return scores
}

/** Which reference and which sample of the batch two files of a clone are; null for two of a sort. */
function pairOf(one: string, other: string): { readonly reference: number; readonly sample: number } | null {
  const [sample, reference] = one.startsWith('sample-') ? [one, other] : [other, one]
  if (!sample.startsWith('sample-') || reference.startsWith('sample-')) return null
  return { reference: Number.parseInt(reference, 10), sample: Number.parseInt(sample.slice('sample-'.length), 10) }
}

/** The program itself where its place is known: its wrapper starts Node each time, which takes longer than a pair. */
function programPath(): string {
  const modules = join(peersFolder(), 'node_modules')
  const own = join(modules, `jscpd-${process.platform}-${process.arch}-gnu/bin/jscpd`)
  return existsSync(own) ? own : join(modules, '.bin/jscpd')
}

function clonesOf(folder: string): Report {
  const out = join(folder, 'out')
  const options = [
    '--ignore-identifiers',
    '--ignore-literals',
    '--mode',
    'weak',
    '-k',
    '50',
    '-l',
    '1',
    '--max-size',
    '2mb',
    '-r',
    'json',
    '-o',
    out,
  ]
  const { status, stderr } = spawnSync(programPath(), [...options, folder], { encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`jscpd ended with ${status}: ${stderr.slice(-300)}`)
  const report = JSON.parse(readFileSync(join(out, 'jscpd-report.json'), 'utf8')) as Report
  rmSync(out, { recursive: true })
  return report
}
