import type { Document } from '../document.ts'
import { isSampled } from '../evidence.ts'
import { CHANNELS, type ChannelName } from '../features.ts'
import { lineAt, lineStarts } from '../line-starts.ts'
import type { FeatureSet } from './feature-set.ts'

/** One piece of evidence: a literal, a name or a run of code of the sample that the artefact has and public code has not. */
export interface EvidenceFeature {
  readonly channel: ChannelName
  /** As it stands in the sample, cut to 160 bytes; unreadable bytes replaced. */
  readonly text: string
  /** Bytes `start..end` of `files[file]` of the sample, and the line on which they begin. */
  readonly file: number
  readonly start: number
  readonly end: number
  readonly line: number
  readonly nats: number
}

const LONGEST_TEXT = 160

interface Piece {
  readonly channel: number
  readonly file: number
  readonly start: number
  end: number
  nats: number
}

/** Joins overlapping matches of a channel to pieces and lists those that weigh most. */
export function evidenceList(
  sample: Document,
  features: FeatureSet,
  matched: readonly number[],
  weights: Float64Array,
  density: number,
  limit: number,
): readonly EvidenceFeature[] {
  const ordered = [...matched].sort(
    (a, b) =>
      features.channel[a]! - features.channel[b]! ||
      features.file[a]! - features.file[b]! ||
      features.start[a]! - features.start[b]!,
  )
  const pieces: Piece[] = []
  for (const at of ordered) {
    const channel = features.channel[at]!
    const nats = weights[channel]! * (isSampled(channel) ? density : 1)
    const last = pieces.at(-1)
    const start = features.start[at]!
    if (last !== undefined && last.channel === channel && last.file === features.file[at] && start < last.end) {
      last.end = Math.max(last.end, features.end[at]!)
      last.nats += nats
    } else pieces.push({ channel, file: features.file[at]!, start, end: features.end[at]!, nats })
  }
  const best = pieces.sort((a, b) => b.nats - a.nats || a.start - b.start).slice(0, limit)
  const lines = new Map<number, Uint32Array>()
  return best.map((piece) => {
    const { bytes } = sample.files[piece.file]!
    const starts = lines.get(piece.file) ?? lineStarts(bytes)
    lines.set(piece.file, starts)
    const { file, start, end, nats } = piece
    const text = new TextDecoder().decode(bytes.subarray(start, Math.min(end, start + LONGEST_TEXT)))
    return { channel: CHANNELS[piece.channel]!, text, file, start, end, line: lineAt(starts, start), nats }
  })
}
