import { readFile } from 'node:fs/promises'
import { type Background, extendBackground, parseBackground, serialiseBackground } from '@sigillo/similarity/background'
import { buildCohort, type Cohort } from '@sigillo/similarity/cohort'
import type { Document } from '@sigillo/similarity/document'
import type { Desk } from './context.ts'
import { DeskError } from './errors.ts'
import { backgroundDocument, subjectDocument, toBase64 } from './screen-documents.ts'

const COLLECTION = 'screen-public'
/** Files on the subject that are kept; more make every start slower and no rate better. */
export const SUBJECT_LIMIT = 600

/** One file of public code. */
export interface PublicFile {
  readonly id: string
  readonly name: string
  readonly bytes: Uint8Array
}

/** The background of the vault: what it learned, or what ships with the program when it learned nothing. */
export async function loadBackground(desk: Desk): Promise<Background> {
  const learned = await desk.vault.read(COLLECTION, 'background', backgroundDocument)
  return learned === null ? shippedBackground() : parseBackground(learned.background)
}

/** The background that ships with the program; `data/README.md` says what it holds. */
export async function shippedBackground(): Promise<Background> {
  return parseBackground(await readFile(new URL('../data/public-code.background', import.meta.url)))
}

/** The cohort: public code on the subject, as the vault was given it. Null when it was given none. */
export async function loadCohort(desk: Desk, background: Background): Promise<Cohort | null> {
  const files = await loadSubject(desk)
  return files.length === 0 ? null : buildCohort(files.map(documentOf), background)
}

/**
 * Adds public code to the background. Only ever call it for code that anybody can get: what is learned raises no alarm again.
 * @throws DeskError `nothing-to-do` without files
 */
export async function learnBackground(desk: Desk, files: readonly PublicFile[]): Promise<Background> {
  if (files.length === 0) throw nothingToLearn()
  const known = await loadBackground(desk)
  const background = extendBackground(known, { version: desk.now().toISOString(), documents: files.map(documentOf) })
  await desk.vault.write(COLLECTION, 'background', {
    schema: 'sigillo-desk-background/1',
    background: toBase64(serialiseBackground(background)),
  })
  return background
}

/**
 * Keeps public code on the subject of an artefact, one of each id; what it scores is what chance scores.
 * @returns how many files are kept now
 * @throws DeskError `nothing-to-do` without files; `too-large` beyond `SUBJECT_LIMIT`
 */
export async function learnSubject(desk: Desk, files: readonly PublicFile[]): Promise<number> {
  if (files.length === 0) throw nothingToLearn()
  const all = new Map([...(await loadSubject(desk)), ...files].map((file) => [file.id, file]))
  if (all.size > SUBJECT_LIMIT)
    throw new DeskError(
      'too-large',
      `more than ${SUBJECT_LIMIT} files on the subject; give the nearest ones. Nothing was changed`,
    )
  await desk.vault.write(COLLECTION, 'subject', {
    schema: 'sigillo-desk-subject/1',
    files: [...all.values()].map((file) => ({ ...file, bytes: toBase64(file.bytes) })),
  })
  return all.size
}

async function loadSubject(desk: Desk): Promise<readonly PublicFile[]> {
  return (await desk.vault.read(COLLECTION, 'subject', subjectDocument))?.files ?? []
}

function documentOf({ id, name, bytes }: PublicFile): Document {
  return { id, files: [{ name, bytes }] }
}

function nothingToLearn(): DeskError {
  return new DeskError('nothing-to-do', 'there is no file to learn from')
}
