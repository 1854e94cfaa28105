import type { SourceFile } from './document.ts'
import { mix } from './internal/hashing.ts'
import { type TokenSequence, tokenSequence } from './internal/token-sequence.ts'
import { lineAt, lineStarts } from './line-starts.ts'

/** Bytes `start..end` of a file and the lines they lie on, counted from 1. */
export interface Span {
  readonly start: number
  readonly end: number
  readonly firstLine: number
  readonly lastLine: number
}

/** A part of the sample beside the part of the artefact that it equals. */
export interface Region {
  readonly sample: Span
  readonly artefact: Span
  /** Tokens that agree, and how many of them agree as written. */
  readonly tokens: number
  readonly exact: number
  /** Equal as written, equal but for the names of variables, or only the same names and literals in the same order. */
  readonly kind: 'anchors' | 'renamed' | 'verbatim'
}

export interface AlignOptions {
  /** Shortest region. Default 12 tokens; regions of anchors need half as many. */
  readonly minimumTokens?: number
  /** Regions returned at most, the longest first. Default 50. */
  readonly limit?: number
}

/** A window that occurs more often in the artefact than this says nothing about where it came from. */
const REPEATS = 8
/** Tokens that may differ between two equal stretches of one region. */
const GAP = 4
/** Equal tokens after a gap. */
const RESUMED = 5
const WINDOW = 6
const ANCHOR_WINDOW = 3

/**
 * The regions in which a sample follows an artefact: greedy, longest match first at every place, every token of the sample in one region
 * at most. Public code is not left out, so that a reader sees what stands around the evidence. Time grows with the sum of both sizes.
 */
export function alignedRegions(
  sample: SourceFile,
  artefact: SourceFile,
  options: AlignOptions = {},
): readonly Region[] {
  const { minimumTokens = 12, limit = 50 } = options
  const lines = { sample: lineStarts(sample.bytes), artefact: lineStarts(artefact.bytes) }
  const code = matchesOf(tokenSequence(sample, false), tokenSequence(artefact, false), WINDOW, minimumTokens)
  const regions = code.map((match) => regionOf(match, lines, false))
  const least = Math.max(ANCHOR_WINDOW, Math.ceil(minimumTokens / 2))
  const anchors = matchesOf(tokenSequence(sample, true), tokenSequence(artefact, true), ANCHOR_WINDOW, least)
  for (const match of anchors) {
    const region = regionOf(match, lines, true)
    if (!regions.some((other) => overlaps(other.sample, region.sample))) regions.push(region)
  }
  return regions.sort((a, b) => b.tokens - a.tokens || a.sample.start - b.sample.start).slice(0, limit)
}

interface Match {
  readonly sample: readonly [number, number]
  readonly artefact: readonly [number, number]
  readonly tokens: number
  readonly exact: number
}

interface Lines {
  readonly sample: Uint32Array
  readonly artefact: Uint32Array
}

function regionOf(match: Match, lines: Lines, anchors: boolean): Region {
  const { tokens, exact } = match
  return {
    sample: spanOf(match.sample, lines.sample),
    artefact: spanOf(match.artefact, lines.artefact),
    tokens,
    exact,
    kind: anchors ? 'anchors' : exact === tokens ? 'verbatim' : 'renamed',
  }
}

function spanOf([start, end]: readonly [number, number], lines: Uint32Array): Span {
  return { start, end, firstLine: lineAt(lines, start), lastLine: lineAt(lines, Math.max(start, end - 1)) }
}

function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end
}

function matchesOf(sample: TokenSequence, artefact: TokenSequence, window: number, least: number): Match[] {
  const places = placesOf(artefact, window)
  const matches: Match[] = []
  let at = 0
  let free = 0
  while (at + window <= sample.length) {
    let best: Run | null = null
    for (const place of places.get(windowHash(sample, at, window)) ?? []) {
      const run = runFrom(sample, artefact, at, place)
      if (best === null || run.tokens > best.tokens || (run.tokens === best.tokens && run.exact > best.exact))
        best = run
    }
    if (best === null || best.tokens < least) {
      at++
      continue
    }
    const back = equalBefore(sample, artefact, at, best.artefactStart, free)
    matches.push({
      sample: [sample.start[at - back.tokens]!, sample.end[best.sampleEnd - 1]!],
      artefact: [artefact.start[best.artefactStart - back.tokens]!, artefact.end[best.artefactEnd - 1]!],
      tokens: best.tokens + back.tokens,
      exact: best.exact + back.exact,
    })
    free = best.sampleEnd
    at = best.sampleEnd
  }
  return matches
}

/** Equal tokens before two places, back to token `least` of the sample: windows that repeat were not looked up there. */
function equalBefore(
  sample: TokenSequence,
  artefact: TokenSequence,
  from: number,
  place: number,
  least: number,
): { readonly tokens: number; readonly exact: number } {
  let tokens = 0
  let exact = 0
  while (from - tokens > least && place - tokens > 0) {
    const i = from - tokens - 1
    const j = place - tokens - 1
    if (sample.normalised[i] !== artefact.normalised[j]) break
    if (sample.written[i] === artefact.written[j]) exact++
    tokens++
  }
  return { tokens, exact }
}

/** Where every window of the artefact begins; windows that repeat too often are left out. */
function placesOf(sequence: TokenSequence, window: number): ReadonlyMap<number, readonly number[]> {
  const places = new Map<number, number[]>()
  for (let at = 0; at + window <= sequence.length; at++) {
    const hash = windowHash(sequence, at, window)
    const known = places.get(hash)
    if (known === undefined) places.set(hash, [at])
    else if (known.length <= REPEATS) known.push(at)
  }
  for (const [hash, known] of places) if (known.length > REPEATS) places.delete(hash)
  return places
}

function windowHash(sequence: TokenSequence, at: number, window: number): number {
  let hash = 0
  for (let step = 0; step < window; step++) hash = mix(Math.imul(hash, 31) + sequence.normalised[at + step]!)
  return hash
}

interface Run {
  readonly sampleEnd: number
  readonly artefactStart: number
  readonly artefactEnd: number
  readonly tokens: number
  readonly exact: number
}

/** The stretch of equal tokens that begins at two places, over gaps after which it goes on. */
function runFrom(sample: TokenSequence, artefact: TokenSequence, from: number, place: number): Run {
  let i = from
  let j = place
  let tokens = 0
  let exact = 0
  let ends: readonly [number, number] = [from, place]
  while (i < sample.length && j < artefact.length) {
    if (sample.normalised[i] === artefact.normalised[j]) {
      tokens++
      if (sample.written[i] === artefact.written[j]) exact++
      ends = [++i, ++j]
      continue
    }
    const resumed = resume(sample, artefact, i, j)
    if (resumed === null) break
    i = resumed[0]
    j = resumed[1]
  }
  return { sampleEnd: ends[0], artefactStart: place, artefactEnd: ends[1], tokens, exact }
}

/** The nearest places after `i` and `j` from which a few tokens agree again. */
function resume(
  sample: TokenSequence,
  artefact: TokenSequence,
  i: number,
  j: number,
): readonly [number, number] | null {
  for (let distance = 1; distance <= 2 * GAP; distance++) {
    for (let left = Math.max(0, distance - GAP); left <= Math.min(GAP, distance); left++) {
      if (agree(sample, artefact, i + left, j + distance - left)) return [i + left, j + distance - left]
    }
  }
  return null
}

function agree(sample: TokenSequence, artefact: TokenSequence, i: number, j: number): boolean {
  if (i + RESUMED > sample.length || j + RESUMED > artefact.length) return false
  for (let step = 0; step < RESUMED; step++) {
    if (sample.normalised[i + step] !== artefact.normalised[j + step]) return false
  }
  return true
}
