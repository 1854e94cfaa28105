import { checkCopy } from '@sigillo/marks/check-copy'
import type { MarkPlan } from '@sigillo/marks/plan'
import { renderFile } from '@sigillo/marks/render'
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
