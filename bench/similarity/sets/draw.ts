import { readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { publicFiles } from './public-files.ts'
import type { PublicFile, RealKind } from './public-files.ts'

/** The two draws of originals. Nobody who changes the engine looks into the held-back one; it is only reported. */
export type DrawName = 'tuning' | 'held-back'

/** Who plays which part. Families are disjoint between all parts but the hosts of the two draws. */
export interface Cast {
  readonly originals: Readonly<Record<DrawName, readonly PublicFile[]>>
  /** Files that excerpts are pasted into. */
  readonly hosts: readonly PublicFile[]
  /** Negatives that no original had anything to do with. */
  readonly unrelated: readonly PublicFile[]
  /** Public code of the same kind from which an engine may learn what independent code scores. */
  readonly cohort: readonly PublicFile[]
  /** Public code that an engine may have seen before. */
  readonly background: readonly PublicFile[]
  readonly missing: readonly string[]
}

const SIZES: Readonly<Record<RealKind, readonly [number, number]>> = {
  javascript: [4000, 30_000],
  python: [4000, 30_000],
  c: [4000, 40_000],
  go: [4000, 30_000],
  shell: [2000, 40_000],
  markdown: [3000, 40_000],
}

/**
 * The parts of a kind's public files, drawn by a fixed seed: the order of families is that of their hashes, so a package more or less moves few others.
 *
 * @param each - originals per draw; all draws of fewer are the beginning of those of more
 */
export function castOf(kind: RealKind, each: number): Cast {
  const { files, missing } = publicFiles(kind)
  const [least, most] = SIZES[kind]
  const families = [...Map.groupBy(distinct(files), (file) => file.family).values()].sort(byHash(kind))
  const fits = (file: PublicFile): boolean => file.bytes >= least && file.bytes <= most
  const able = families.filter((family) => family.some(fits))
  const one = (family: readonly PublicFile[]): PublicFile => [...family].filter(fits).sort(fileByHash(kind))[0]!
  const share = Math.min(FULL, Math.floor(able.length / 4))
  const tuning = able.slice(0, share)
  const heldBack = able.slice(share, 2 * share)
  const hosts = able.slice(2 * share, 2 * share + Math.min(20, share))
  const taken = new Set([...tuning, ...heldBack, ...hosts])
  const rest = families.filter((family) => !taken.has(family))
  const part = (from: readonly number[], most: number): PublicFile[] =>
    rest.filter((_, at) => from.includes(at % 6)).flatMap((family) => [...family].sort(fileByHash(kind)).slice(0, most))
  return {
    originals: { tuning: tuning.slice(0, each).map(one), 'held-back': heldBack.slice(0, each).map(one) },
    hosts: hosts.map(one),
    unrelated: part([0], 12).slice(0, 80),
    cohort: part([1, 2], 40).slice(0, 300),
    background: rest.filter((_, at) => at % 6 > 2).flat(),
    missing,
  }
}

/** Originals of a full draw. */
export const FULL = 30

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
const byHash = (kind: string) => (a: readonly PublicFile[], b: readonly PublicFile[]) =>
  hash(`${kind} ${a[0]!.family}`) < hash(`${kind} ${b[0]!.family}`) ? -1 : 1
const fileByHash = (kind: string) => (a: PublicFile, b: PublicFile) =>
  hash(kind + a.path.split('/').slice(-3).join('/')) < hash(kind + b.path.split('/').slice(-3).join('/')) ? -1 : 1

/** Every text once: packages carry copies of each other. A text that two families hold belongs to the first. */
function distinct(files: readonly PublicFile[]): PublicFile[] {
  const seen = new Set<string>()
  return files.filter((file) => {
    if (file.bytes < 1000 || file.bytes > 200_000) return false
    const digest = hash(readFileSync(file.path, 'utf8').replaceAll(/\s+/g, ''))
    if (seen.has(digest)) return false
    seen.add(digest)
    return true
  })
}
