import type { CodeSite } from '@sigillo/fingerprint/generator'
import type { ArchiveFile } from '@sigillo/seal/archive'
import { isHash, isLabel, type RecordReader, readRecord } from '@sigillo/seal/record-reader'
import { parseCanonicalJson } from '@sigillo/tlog/canonical-json'
import { TlogError } from '@sigillo/tlog/errors'
import type { OpenedDistribution, SiteReading } from '../content.ts'
import { DossierError } from '../errors.ts'
import { isDecimalText } from '../portable.ts'
import { readExplainOptions } from './explain-options.ts'
import { type DecodedDossier, DOSSIER_SCHEMA, ID, MEMBERS, type StoredMatch, type StoredProof } from './decoded.ts'

/** A dossier's JSON member may have this many bytes: a match over 16,384 sites fits. */
const MAX_JSON_BYTES = 32 * 2 ** 20

type Members = ReadonlyMap<string, Uint8Array>

/**
 * Parses the members of a dossier.
 *
 * @throws DossierError 'bad-dossier' naming the member that is missing, unknown or malformed
 */
export function decodeContent(files: readonly ArchiveFile[]): DecodedDossier {
  const members = new Map(files.map((file) => [file.path, file.bytes]))
  checkPaths(members)
  const claims = readRecord(canonical(members, MEMBERS.claims), MEMBERS.claims, fail)
  claims.oneOf('schema', [DOSSIER_SCHEMA])
  const keys = claims.record('keys')
  return {
    programme: claims.text('programme'),
    case: claims.text('case'),
    title: claims.text('title'),
    createdAt: claims.instant('createdAt'),
    investigatorKey: keys.text('investigator'),
    logKey: keys.any('log') === null ? null : keys.text('log'),
    distributions: below(members, 'openings/').map(({ path }) => readOpening(members, path)),
    matches: below(members, 'match/').map(({ path }) => readMatch(members, path)),
    chronology: readChronology(members),
    checkpoint: members.get(MEMBERS.checkpoint) ?? null,
    proofs: below(members, 'events/'),
    receipts: below(members, 'receipts/'),
    replies: below(members, 'reply/'),
  }
}

const FIXED: ReadonlySet<string> = new Set(Object.values(MEMBERS))
const FOLDERS = [
  /^events\/(?:0|[1-9]\d{0,15})\.tlog-proof$/,
  /^openings\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.json$/,
  /^match\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.json$/,
  /^receipts\/[1-9]\d{0,5}\.note$/,
  /^reply\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
]

function checkPaths(members: Members): void {
  for (const path of members.keys()) {
    if (!FIXED.has(path) && !FOLDERS.some((folder) => folder.test(path))) {
      throw fail(`${path} is not a member that a dossier of this version has`)
    }
  }
  for (const path of [MEMBERS.readme, MEMBERS.report, MEMBERS.claims]) {
    if (!members.has(path)) throw fail(`the dossier lacks ${path}`)
  }
}

function readOpening(members: Members, path: string): OpenedDistribution {
  const fields = readRecord(canonical(members, path), path, fail)
  fields.oneOf('schema', ['sigillo-opening/1'])
  const opened: OpenedDistribution = {
    id: fileId(fields, 'distribution', path),
    key: Buffer.from(fields.hash('key'), 'hex'),
    commitment: fields.hash('commitment'),
    planHash: fields.hash('planHash'),
    recipients: fields.count('recipients'),
    sites: fields.list('sites').map((value, index) => readSite(readRecord(value, `${path}: sites[${index}]`, fail))),
  }
  fields.end()
  return opened
}

function readSite(fields: RecordReader): CodeSite {
  const site = {
    id: fields.text('id'),
    q: fields.count('q'),
    family: fields.oneOf('family', ['HALF', 'JOINT6', 'GL6', 'GL8']),
  }
  fields.end()
  return site
}

function readMatch(members: Members, path: string): StoredMatch {
  const fields = readRecord(canonical(members, path), path, fail)
  fields.oneOf('schema', ['sigillo-match/1'])
  const result = fields.any('result')
  const match: StoredMatch = {
    id: fileId(fields, 'id', path),
    distribution: fields.text('distribution'),
    samples: allOf(fields.list('samples'), isHash, `${path}: samples must be SHA-256 hashes`),
    readings: fields
      .list('readings')
      .map((value, index) => readReading(readRecord(value, `${path}: readings[${index}]`, fail))),
    candidates: allOf(fields.list('candidates'), isLabel, `${path}: candidates must be ids`),
    alpha: decimal(fields, 'alpha', path),
    leadAlpha: decimal(fields, 'leadAlpha', path),
    result,
    accused: recipientsIn(result, ['accusations'], path),
    named: recipientsIn(result, ['accusations', 'leads'], path),
  }
  fields.end()
  return match
}

function readReading(fields: RecordReader): SiteReading {
  const variant = fields.any('variant')
  const where = fields.recordOrNull('where')
  const reading: SiteReading = {
    site: fields.text('site'),
    variant: variant === null ? null : fields.count('variant'),
    where: where && { file: anyText(where, 'file'), line: where.count('line') },
    why: anyText(fields, 'why'),
  }
  where?.end()
  fields.end()
  return reading
}

function readChronology(members: Members): DecodedDossier['chronology'] {
  const parts = [MEMBERS.caseFile, MEMBERS.options, MEMBERS.explanation]
  const present = parts.filter((path) => members.has(path))
  if (present.length === 0) return null
  if (present.length < parts.length) throw fail(`a chronology is ${parts.join(', ')}, all three`)
  return {
    caseFile: plain(members, MEMBERS.caseFile),
    options: readExplainOptions(plain(members, MEMBERS.options)),
    report: canonical(members, MEMBERS.explanation),
  }
}

/** Recipients under `accusations` and the like in a claimed result; the result itself is compared as a whole later. */
function recipientsIn(result: unknown, lists: readonly string[], path: string): readonly string[] {
  const fields = readRecord(result, `${path}: result`, fail)
  return lists.flatMap((list) =>
    fields
      .list(list)
      .map((value, index) => readRecord(value, `${path}: result.${list}[${index}]`, fail).text('recipient')),
  )
}

function below(members: Members, folder: string): readonly StoredProof[] {
  return [...members].filter(([path]) => path.startsWith(folder)).map(([path, bytes]) => ({ path, bytes }))
}

function fileId(fields: RecordReader, name: string, path: string): string {
  const id = fields.text(name)
  if (!ID.test(id) || path !== `${path.split('/')[0]}/${id}.json`)
    throw fail(`${path}: ${name} must be the file's name`)
  return id
}

function decimal(fields: RecordReader, name: string, path: string): number {
  const value = fields.any(name)
  if (!isDecimalText(value)) throw fail(`${path}: ${name} must be a decimal number as text`)
  return Number(value)
}

function anyText(fields: RecordReader, name: string): string {
  const value = fields.any(name)
  if (typeof value !== 'string') throw fail(`${name} must be text`)
  return value
}

function allOf<T>(list: readonly unknown[], accepts: (value: unknown) => value is T, message: string): readonly T[] {
  if (!list.every(accepts)) throw fail(message)
  return list
}

function canonical(members: Members, path: string): unknown {
  const bytes = members.get(path)
  if (bytes === undefined) throw fail(`the dossier lacks ${path}`)
  try {
    return parseCanonicalJson(bytes, MAX_JSON_BYTES)
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause
    throw fail(`${path}: ${cause.message}`)
  }
}

function plain(members: Members, path: string): unknown {
  const bytes = members.get(path)
  if (bytes === undefined || bytes.length > MAX_JSON_BYTES) throw fail(`${path} is missing or too large`)
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return value
  } catch {
    throw fail(`${path} is not JSON`)
  }
}

function fail(message: string): DossierError {
  return new DossierError('bad-dossier', message)
}
