import { EVENT_KINDS, type EventKind } from '@sigillo/chronology/event-kinds'
import { EXPLANATION_IDS, type ExplanationId } from '@sigillo/chronology/explanations'
import { type RecordReader, readRecord } from '@sigillo/seal/record-reader'
import type { ChronologyOptions } from '../content.ts'
import { DossierError } from '../errors.ts'

type Evidence = NonNullable<ChronologyOptions['evidence']>[number]
type RuledOut = NonNullable<ChronologyOptions['ruledOut']>[number]

/**
 * Reads `chronology/options.json`.
 *
 * @throws DossierError 'bad-dossier'
 */
export function readExplainOptions(value: unknown): ChronologyOptions {
  const fields = readRecord(value, 'chronology options', fail)
  const names = new Set(fields.names())
  const options: { -readonly [K in keyof ChronologyOptions]: ChronologyOptions[K] } = {}
  if (names.has('evidence')) options.evidence = readers(fields, 'evidence').map(readEvidence)
  if (names.has('ruledOut')) options.ruledOut = readers(fields, 'ruledOut').map(readRuledOut)
  if (names.has('completeFor')) options.completeFor = fields.list('completeFor').map(eventKind)
  if (names.has('maxReadings')) options.maxReadings = Math.min(fields.count('maxReadings'), 1000)
  fields.end()
  return options
}

function readers(fields: RecordReader, name: string): readonly RecordReader[] {
  return fields.list(name).map((value, index) => readRecord(value, `chronology options: ${name}[${index}]`, fail))
}

function readEvidence(fields: RecordReader): Evidence {
  const given = fields.record('ratios')
  const ratios: Partial<Record<ExplanationId, number>> = {}
  for (const id of EXPLANATION_IDS) if (given.names().includes(id)) ratios[id] = given.number(id)
  const evidence = { wave: fields.text('wave'), ratios, source: anyText(fields, 'source') }
  given.end()
  fields.end()
  return evidence
}

function readRuledOut(fields: RecordReader): RuledOut {
  const ruledOut = {
    wave: fields.text('wave'),
    explanation: fields.oneOf('explanation', EXPLANATION_IDS),
    source: anyText(fields, 'source'),
  }
  fields.end()
  return ruledOut
}

function eventKind(value: unknown): EventKind {
  const kind = EVENT_KINDS.find((known) => known === value)
  if (kind === undefined) throw fail('chronology options: completeFor must list kinds of event')
  return kind
}

function anyText(fields: RecordReader, name: string): string {
  const value = fields.any(name)
  if (typeof value !== 'string') throw fail(`chronology options: ${name} must be text`)
  return value
}

function fail(message: string): DossierError {
  return new DossierError('bad-dossier', message)
}
