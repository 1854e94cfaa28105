import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { seededDraw } from '@sigillo/fingerprint/simulate'
import { cacheFolder } from '../peers/folder.ts'
import { castOf } from './draw.ts'
import type { DrawName } from './draw.ts'
import { JAVASCRIPT } from './javascript.ts'
import { C, GO, MARKDOWN, PYTHON, SHELL } from './other-languages.ts'
import { textOf } from './public-files.ts'
import type { RealKind } from './public-files.ts'
import { SIGMA, sigmaRule, YARA, yaraRule } from './rules.ts'
import type { Transformation } from './transformation.ts'

export type Kind = RealKind | 'sigma' | 'yara'

/** One text of a set, on disk. */
export interface Text {
  readonly path: string
  /** The original it derives from; absent for strangers. */
  readonly of?: number
  /** What was done to it; absent for strangers. */
  readonly transformation?: string
}

/** Originals, what was made of them, strangers, and public code for engines that learn from it. */
export interface RobustnessSet {
  readonly kind: Kind
  readonly draw: DrawName
  readonly originals: readonly string[]
  readonly samples: readonly Text[]
  readonly cohort: readonly string[]
  readonly background: readonly string[]
  /** Refusals of real tools: "transformation: how many of the originals". */
  readonly refused: Readonly<Record<string, number>>
  readonly missing: readonly string[]
}

export const TRANSFORMATIONS: Readonly<Record<Kind, readonly Transformation[]>> = {
  javascript: JAVASCRIPT,
  python: PYTHON,
  c: C,
  go: GO,
  shell: SHELL,
  markdown: MARKDOWN,
  sigma: SIGMA,
  yara: YARA,
}
const ENDINGS: Readonly<Record<Kind, string>> = {
  javascript: '.js',
  python: '.py',
  c: '.c',
  go: '.go',
  shell: '.sh',
  markdown: '.md',
  sigma: '.yml',
  yara: '.yar',
}

interface Parts {
  readonly originals: readonly string[]
  readonly hosts: readonly string[]
  readonly unrelated: readonly string[]
  readonly cohort: readonly string[]
  readonly background: readonly string[]
  readonly missing: readonly string[]
}

/** What the real tools made; kept between runs, since it takes minutes. */
type Derived = Pick<RobustnessSet, 'originals' | 'refused' | 'missing'> & { readonly derived: readonly Text[] }

/**
 * The set of a kind and draw, made with the real tools, or read when it was made before. It lies outside the repository.
 *
 * @param each - how many originals
 */
export async function robustnessSet(kind: Kind, draw: DrawName, each: number): Promise<RobustnessSet> {
  const folder = join(cacheFolder(), 'sets', `${kind}-${draw}-${each}`)
  const parts = partsOf(kind, draw, each)
  const keep = writer(folder, ENDINGS[kind])
  const manifest = join(folder, 'derived.json')
  if (!existsSync(manifest)) writeFileSync(manifest, JSON.stringify(await derive(kind, parts, keep)))
  const { originals, derived, refused, missing } = JSON.parse(readFileSync(manifest, 'utf8')) as Derived
  const strangers = [...parts.hosts, ...parts.unrelated].map((text): Text => ({ path: keep('unrelated', text) }))
  return {
    kind,
    draw,
    originals,
    samples: [...derived, ...strangers],
    cohort: parts.cohort.map((text) => keep('cohort', text)),
    background: parts.background.map((text) => keep('background', text)),
    refused,
    missing,
  }
}

async function derive(kind: Kind, parts: Parts, keep: Writer): Promise<Derived> {
  const refused: Record<string, number> = {}
  const missing = new Set(parts.missing)
  const derived: Text[] = []
  for (const transformation of TRANSFORMATIONS[kind]) {
    for (const [of, text] of parts.originals.entries()) {
      const made = await tried(transformation, text, parts.hosts, of)
      if (made === null) refused[transformation.name] = (refused[transformation.name] ?? 0) + 1
      else derived.push({ path: keep('derived', made), of, transformation: transformation.name })
    }
    if (refused[transformation.name] === parts.originals.length)
      missing.add(transformation.needs ?? transformation.name)
  }
  return { originals: parts.originals.map((text) => keep('originals', text)), derived, refused, missing: [...missing] }
}

/** An excerpt may not fit into every host; five are tried. */
async function tried(
  transformation: Transformation,
  text: string,
  hosts: readonly string[],
  of: number,
): Promise<string | null> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const host = hosts[(of + 7 * attempt) % hosts.length]!
    const draw = seededDraw(1000 * of + attempt)
    try {
      const made = await transformation.run(text, { host, draw })
      if (made.length > 0.1 * text.length) return made
    } catch {
      // The tool refuses this text: the next host, if there is one in it, may do.
    }
  }
  return null
}

function partsOf(kind: Kind, draw: DrawName, each: number): Parts {
  if (kind === 'sigma' || kind === 'yara') return madeRules(kind === 'sigma' ? sigmaRule : yaraRule, draw, each)
  const cast = castOf(kind, each)
  const texts = (files: readonly { readonly path: string }[]): string[] => files.map((file) => textOf(file))
  return {
    originals: texts(cast.originals[draw]),
    hosts: texts(cast.hosts),
    unrelated: texts(cast.unrelated),
    cohort: texts(cast.cohort),
    background: texts(cast.background),
    missing: cast.missing,
  }
}

function madeRules(rule: (seed: number) => string, draw: DrawName, each: number): Parts {
  const from = (seed: number, count: number): string[] => Array.from({ length: count }, (_, at) => rule(seed + at))
  const base = draw === 'tuning' ? 10_000 : 20_000
  return {
    originals: from(base, each),
    hosts: from(30_000, 20),
    unrelated: from(40_000, 80),
    cohort: from(50_000, 300),
    background: from(60_000, 600),
    missing: [],
  }
}

type Writer = (part: string, text: string) => string
function writer(folder: string, ending: string): Writer {
  return (part, text) => {
    const name = createHash('sha256').update(text).digest('hex').slice(0, 24)
    mkdirSync(join(folder, part), { recursive: true })
    const path = join(folder, part, `${name}${ending}`)
    if (!existsSync(path)) writeFileSync(path, text)
    return path
  }
}
