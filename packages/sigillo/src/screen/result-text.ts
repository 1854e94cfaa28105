import type { TraceOutlook } from '@sigillo/desk/screen-explanation'
import type { ArtefactHit } from '@sigillo/desk/screen-sample'
import type { Region } from '@sigillo/similarity/align'
import type { ExplainedHit } from './result-json.ts'
import type { RawSample } from './sample.ts'

const SHOWN_REGIONS = 3
const SHOWN_LINES = 6
const SHOWN_FEATURES = 8
const COLUMN = 54
/** No smaller rate is printed for people. */
const LEAST_RATE = 1e-6

/** What a person reads about one sample with hits. */
export function resultText(sample: RawSample, hits: readonly ExplainedHit[]): readonly string[] {
  return hits.flatMap(({ hit, explanation }) => [
    `${sample.id}: derives in part from "${hit.artefact}", file ${hit.watched.path} (case ${hit.watched.case})`,
    `  evidence: ${hit.nats.toFixed(0)} nats; ${rateText(hit)}`,
    `  of what only ${hit.watched.path} has, ${percent(hit.containment.artefactInSample)} is in the sample; of what only the sample has, ${percent(hit.containment.sampleInArtefact)} is in the file`,
    ...(hit.others.length === 0 ? [] : [`  it also has something of ${hit.others.join(', ')}`]),
    ...whyText(hit),
    ...regionsText(sample, hit, explanation.regions),
    `  trace: ${outlookText(explanation.trace)}`,
    `  next: ${nextText(sample, hit)}`,
  ])
}

function rateText({ falseAlarmRate, extrapolated, uncalibrated, cohort }: ArtefactHit): string {
  if (falseAlarmRate === null) return `no false-alarm rate: ${uncalibrated ?? 'not calibrated'}`
  const basis = `against ${cohort?.size ?? 0} public files on the subject`
  // Beyond what was seen the figure rests on the shape of the tail: its order of magnitude is all that can be said.
  return extrapolated
    ? `false-alarm rate below ${Math.max(falseAlarmRate, LEAST_RATE).toExponential(0)}, ${basis}, beyond anything seen there`
    : `false-alarm rate ${falseAlarmRate.toExponential(1)}, ${basis}`
}

function whyText({ evidence }: ArtefactHit): readonly string[] {
  const shown = evidence.slice(0, SHOWN_FEATURES)
  if (shown.length === 0) return []
  return [
    '  why: not in public code, not required by the flaw, and in both:',
    ...shown.map(
      ({ line, text, channel, nats }) =>
        `    line ${line}: ${oneLine(text, 80)}  (${channel}, ${nats.toFixed(1)} nats)`,
    ),
  ]
}

function regionsText(sample: RawSample, hit: ArtefactHit, regions: readonly Region[]): readonly string[] {
  if (regions.length === 0) return []
  const found = linesOf(sample.bytes)
  const shared = (hit.watched.source?.file.text ?? '').split('\n')
  const shown = regions.slice(0, SHOWN_REGIONS).flatMap((region) => {
    const { sample: left, artefact: right } = region
    return [
      `    lines ${left.firstLine}-${left.lastLine} | ${hit.watched.path} ${right.firstLine}-${right.lastLine}: ${region.tokens} tokens, ${kindText(region)}`,
      ...sideBySide(found, left.firstLine, left.lastLine, shared, right.firstLine, right.lastLine),
    ]
  })
  const more = regions.length - SHOWN_REGIONS
  return ['  regions (sample | shared file):', ...shown, ...(more > 0 ? [`    and ${more} more; see --json`] : [])]
}

function kindText({ kind }: Region): string {
  if (kind === 'verbatim') return 'as written'
  return kind === 'renamed' ? 'but for names' : 'the same names and values in order'
}

function sideBySide(
  left: readonly string[],
  leftFirst: number,
  leftLast: number,
  right: readonly string[],
  rightFirst: number,
  rightLast: number,
): readonly string[] {
  const rows = Math.min(SHOWN_LINES, Math.max(leftLast - leftFirst, rightLast - rightFirst) + 1)
  return Array.from({ length: rows }, (_, row) => {
    const a = leftFirst + row <= leftLast ? (left[leftFirst + row - 1] ?? '') : ''
    const b = rightFirst + row <= rightLast ? (right[rightFirst + row - 1] ?? '') : ''
    return `      ${oneLine(a, COLUMN).padEnd(COLUMN)} | ${oneLine(b, COLUMN)}`
  })
}

function outlookText({ verdict, readable, marks, recipients }: TraceOutlook): string {
  if (verdict === 'unknown') return 'not tried: the sample is no text or large, or only the index is here'
  const read = `${readable} of ${marks} marks can be read`
  if (recipients === 0) return `${read}; nothing of this artefact was sealed to anybody yet`
  const said = {
    enough: 'enough to name one copy among',
    perhaps: 'perhaps enough to name one copy among',
    'too few': 'too few to name one copy among',
  }
  return `${read}, ${said[verdict]} ${recipients}`
}

function nextText({ id, path }: RawSample, { watched }: ArtefactHit): string {
  const command = `sigillo trace ${shellWord(path ?? 'SAMPLE')} --case ${watched.case}`
  return path === undefined ? `take ${id} out of what it came in, then: ${command}` : command
}

function shellWord(text: string): string {
  return /^[\w./+:@%-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** Lines of the sample, of its first MiB. */
function linesOf(bytes: Uint8Array): readonly string[] {
  return Buffer.from(bytes.subarray(0, 1 << 20))
    .toString('utf8')
    .split('\n')
}

function oneLine(text: string, width: number): string {
  const flat = text
    .slice(0, 4 * width)
    .replaceAll(/\s+/g, ' ')
    .trimEnd()
  return flat.length > width ? `${flat.slice(0, width - 1)}…` : flat
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`
}
