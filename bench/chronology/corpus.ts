import { readdirSync, readFileSync } from 'node:fs'
import { type CaseFile, parseCaseFile } from '@sigillo/chronology/case-file'

const FOLDER = new URL('../../vectors/chronology/', import.meta.url)

/** The thirty cases, in the order of their names. */
export function readCorpus(): readonly CaseFile[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => parseCaseFile(JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))))
}
