import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { runTranscript, transcriptsIn } from './transcript.ts'

const folder = mkdtempSync(join(tmpdir(), 'sigillo-docs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A folder with a `sigillo` that runs the command from source. */
function commandFolder(): string {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const main = resolve('packages/sigillo/src/main.ts')
  writeFileSync(
    join(bin, 'sigillo'),
    `#!/bin/sh\nexec '${process.execPath}' --conditions=@sigillo/source '${main}' "$@"\n`,
  )
  chmodSync(join(bin, 'sigillo'), 0o755)
  return bin
}

const env = {
  ...process.env,
  PATH: `${commandFolder()}${delimiter}${process.env['PATH'] ?? ''}`,
  EXAMPLES: resolve('examples'),
}

describe.each(['README.md', 'docs/tutorial.md'])('%s says what happens', (document) => {
  const transcripts = transcriptsIn(readFileSync(document, 'utf8'), document)
  const work = join(folder, document.replaceAll('/', '-'))
  mkdirSync(work)

  test('it has transcripts', () => expect(transcripts.length).toBeGreaterThan(0))
  test.each(transcripts.map((transcript) => [transcript.name, transcript] as const))(
    '%s',
    async (_, transcript) => {
      expect(await runTranscript(transcript, work, env)).toBeNull()
    },
    180_000,
  )
})
