import { checkCopy } from '@sigillo/marks/check-copy'
import { cutFile } from '@sigillo/marks/cut-file'
import type { MarkPlan } from '@sigillo/marks/plan'
import { renderFile } from '@sigillo/marks/render'
import type { ChosenFile, CutFile } from '@sigillo/seal/cut-copy'
import { type Codebook, variantsOf } from './codebook.ts'
import { DeskError } from './errors.ts'
import { runTest, TEST_SECONDS } from './run-test.ts'

/** One file of a copy. */
export interface CopyFile {
  readonly path: string
  readonly bytes: Uint8Array
}

/**
 * Renders and checks the files of one recipient's copy: each parses and is, marks aside, the original.
 * @throws DeskError `test-failed` naming file and reason; then nothing may be sent
 */
export async function renderCopy(
  plan: MarkPlan,
  book: Codebook,
  recipient: string,
  paths: readonly string[],
): Promise<readonly CopyFile[]> {
  const variants = variantsOf(book, recipient)
  const files: CopyFile[] = []
  for (const file of plan.files.filter((candidate) => paths.includes(candidate.path))) {
    const variantOf = (site: string): number => variants.get(site) ?? 0
    const text = renderFile(file, variantOf)
    const check = await checkCopy(file, text, variantOf)
    if (!check.ok)
      throw new DeskError(
        'test-failed',
        `the copy for ${recipient} is not fit to send: ${check.reason}. Nothing was sent`,
      )
    files.push({ path: file.path, bytes: new TextEncoder().encode(text) })
  }
  return files
}

/** Some files of a plan, cut so that every copy of them is a choice of segments. */
export interface CutPlan {
  readonly files: readonly CutFile[]
  /** The recipient's choice. */
  choose(book: Codebook, recipient: string): readonly ChosenFile[]
}

/** A copy's segments are about so many, so that its keys stay below 10 KB; marks that stand close together make more. */
const SEGMENTS = 128
/** Shortest segment, in characters, that is not cut for its marks. */
const SHORTEST = 120

/** Cuts those files of a plan. @throws MarksError `bad-site` */
export function cutPlan(plan: MarkPlan, paths: readonly string[]): CutPlan {
  const chosen = plan.files.filter(({ path }) => paths.includes(path))
  const length = chosen.reduce((sum, { text }) => sum + text.length, 0)
  const target = Math.max(SHORTEST, Math.ceil(length / SEGMENTS))
  const cut = chosen.map((file) => cutFile(file, target))
  const utf8 = new TextEncoder()
  return {
    files: cut.map(({ path, segments }) => ({
      path,
      segments: segments.map((texts) => texts.map((text) => utf8.encode(text))),
    })),
    choose: (book, recipient) => {
      const variants = variantsOf(book, recipient)
      return cut.map(({ path, pieces }) => ({ path, pieces: pieces((site) => variants.get(site) ?? 0) }))
    },
  }
}

/**
 * Runs the author's test command on a copy, as `runTest` says.
 * @throws DeskError `test-failed` with the last line the command said
 */
export async function testCopy(command: string, files: readonly CopyFile[], recipient: string): Promise<void> {
  const { passed, why } = await runTest(command, files, TEST_SECONDS)
  if (!passed)
    throw new DeskError(
      'test-failed',
      `the artefact's test fails on the copy for ${recipient} (${why}). Nothing was sent`,
    )
}
