import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compare, runTranscript, transcriptsIn } from './transcript.ts'

const MARKDOWN = [
  'Text',
  '```console',
  '$ echo one \\',
  '  two',
  'one two',
  '$ false',
  '(exit 1)',
  '$ seq 1 9',
  '1',
  '…',
  '9',
  '```',
  '```sh',
  'not this',
  '```',
].join('\n')

describe('transcripts in Markdown', () => {
  const [transcript] = transcriptsIn(MARKDOWN, 'README.md')

  test('commands, continued lines, expected output and status', () => {
    expect(transcript?.steps).toEqual([
      { line: 3, command: 'echo one \\\n  two', expected: ['one two'], status: 0 },
      { line: 6, command: 'false', expected: [], status: 1 },
      { line: 8, command: 'seq 1 9', expected: ['1', '…', '9'], status: 0 },
    ])
  })

  test('a true transcript passes when it is run', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'transcript-'))
    expect(transcript && (await runTranscript(transcript, folder, process.env))).toBeNull()
    rmSync(folder, { recursive: true })
  })

  test.each([
    ['another line', ['a', 'b'], 'a\nc\n', 0],
    ['a missing line', ['a', 'b'], 'a\n', 0],
    ['an extra line', ['a'], 'a\nb\n', 0],
    ['another status', ['a'], 'a\n', 2],
    ['a wildcard line that never ends', ['a', '…', 'z'], 'a\nb\n', 0],
  ])('%s is a difference', (_, expected, output, status) => {
    expect(compare({ line: 1, command: 'x', expected, status: 0 }, output, status)).toContain('line 1: $ x')
  })

  test('wildcards match within a line and over lines', () => {
    expect(
      compare(
        { line: 1, command: 'x', expected: ['p = …, done', '…', 'end'], status: 0 },
        'p = 1e-9, done\nq\nr\nend\n',
        0,
      ),
    ).toBeNull()
  })
})
