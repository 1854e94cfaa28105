import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkCopy } from '@sigillo/marks/check-copy'
import type { MarkPlan } from '@sigillo/marks/plan'
import { renderFile } from '@sigillo/marks/render'
import { type Codebook, variantsOf } from './codebook.ts'
import { writeDurably } from './durable-file.ts'
import { DeskError } from './errors.ts'

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
 * Runs the author's test command on a copy laid out in a temporary folder, whose path is appended to the command.
 * @throws DeskError `test-failed` with the last line the command said
 */
export async function testCopy(command: string, files: readonly CopyFile[], recipient: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sigillo-copy-'))
  try {
    for (const file of files) await writeDurably(join(folder, file.path), file.bytes, 0o700)
    const { status, output } = await run(command, folder)
    if (status !== 0) {
      throw new DeskError(
        'test-failed',
        `the artefact's test fails on the copy for ${recipient} (exit ${status}: ${output.trim().split('\n').at(-1) ?? ''}). Nothing was sent`,
      )
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function run(command: string, folder: string): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', `${command} "$1"`, 'sigillo-test', folder], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-4000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, output }))
  })
}
