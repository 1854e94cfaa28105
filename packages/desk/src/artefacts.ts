import { lstat, readdir } from 'node:fs/promises'
import { basename, join, relative, resolve, sep } from 'node:path'
import { withoutImportedNames } from '@sigillo/marks/across-files'
import { findSites } from '@sigillo/marks/find-sites'
import { createPlan, type MarkPlan, parsePlan } from '@sigillo/marks/plan'
import { requireCase } from './cases.ts'
import type { Desk } from './context.ts'
import { type ArtefactDocument, artefactDocument, type RequiredLines } from './documents.ts'
import { DeskError } from './errors.ts'
import { readTextInput } from './read-input.ts'
import { checkName } from './vault.ts'

const FILE_LIMIT = 500

/**
 * Registers the files of an artefact and finds their mark sites. Folders are walked; hidden files and links are left out.
 * @param paths files or folders; one folder gives paths relative to it
 * @throws DeskError `missing-file`, `not-text` (marks live in text), `exists`, `unknown-case`; MarksError for a bad declaration
 */
export async function addArtefact(
  desk: Desk,
  caseId: string,
  paths: readonly string[],
  options: { name?: string; test?: string } = {},
): Promise<ArtefactDocument> {
  await requireCase(desk, caseId)
  const id = checkName(options.name ?? nameOf(paths), 'the artefact')
  if ((await desk.vault.read('artefacts', id, artefactDocument)) !== null) {
    throw new DeskError('exists', `there is an artefact "${id}" already; give another --name. Nothing was changed`)
  }
  const inputs = await collect(paths)
  const files: MarkPlan['files'][number][] = []
  const warnings: string[] = []
  const requiredLines: RequiredLines[] = []
  for (const { path, from } of inputs) {
    desk.progress(`finding mark sites in ${path}`)
    const found = await findSites(path, await readTextInput(from, 'the artefact'))
    files.push(found.file)
    warnings.push(...found.warnings)
    requiredLines.push(...found.required.map((lines) => ({ path, ...lines })))
  }
  const plan = createPlan(id, withoutImportedNames(files))
  const document: ArtefactDocument = {
    schema: 'sigillo-desk-artefact/1',
    id,
    case: caseId,
    plan,
    test: options.test ?? null,
    ...(requiredLines.length === 0 ? {} : { requiredLines }),
    warnings,
  }
  await desk.vault.write('artefacts', id, document)
  return document
}

/** The artefact of that id. @throws DeskError `unknown-artefact` */
export async function requireArtefact(desk: Desk, id: string): Promise<ArtefactDocument> {
  const document = await desk.vault.read('artefacts', checkName(id, 'the artefact'), artefactDocument)
  if (document === null)
    throw new DeskError(
      'unknown-artefact',
      `there is no artefact "${id}"; add one with: sigillo artefact add CASE PATH`,
    )
  return document
}

/** The artefacts of a case, by id. */
export async function artefactsOf(desk: Desk, caseId: string): Promise<readonly ArtefactDocument[]> {
  const found: ArtefactDocument[] = []
  for (const id of await desk.vault.list('artefacts')) {
    const document = await requireArtefact(desk, id)
    if (document.case === caseId) found.push(document)
  }
  return found
}

/** The artefact's mark plan. */
export function planOf(document: { readonly plan: unknown }): MarkPlan {
  return parsePlan(document.plan)
}

interface Input {
  readonly path: string
  readonly from: string
}

async function collect(paths: readonly string[]): Promise<readonly Input[]> {
  const inputs: Input[] = []
  for (const path of paths) {
    const info = await lstat(path).catch(() => null)
    if (info === null) throw new DeskError('missing-file', `the artefact: there is no file or folder ${path}`)
    if (info.isDirectory()) inputs.push(...(await walk(resolve(path), resolve(path))))
    else inputs.push({ path: basename(path), from: path })
  }
  const sorted = inputs.sort((a, b) => (a.path < b.path ? -1 : 1))
  const twice = sorted.find((input, index) => input.path === sorted[index + 1]?.path)
  if (twice !== undefined)
    throw new DeskError(
      'bad-name',
      `the artefact: two files would both be called ${twice.path}; give their common folder instead`,
    )
  if (sorted.length === 0) throw new DeskError('missing-file', `the artefact: ${paths.join(', ')} holds no files`)
  if (sorted.length > FILE_LIMIT)
    throw new DeskError('too-large', `the artefact: more than ${FILE_LIMIT} files; share the ones that matter`)
  return sorted
}

async function walk(root: string, folder: string): Promise<readonly Input[]> {
  const found: Input[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const from = join(folder, entry.name)
    if (entry.name.startsWith('.') || entry.isSymbolicLink() || entry.name === '__pycache__') continue
    if (entry.isDirectory()) found.push(...(await walk(root, from)))
    else if (entry.isFile()) found.push({ path: relative(root, from).split(sep).join('/'), from })
  }
  return found
}

function nameOf(paths: readonly string[]): string {
  return basename(resolve(paths[0] ?? '.'))
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
}
