import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatSubmission, MAX_SUBMISSION_BYTES, parseSubmission } from './add-checkpoint.ts'
import { parseCheckpoint } from './checkpoint.ts'
import { fromUtf8, toBase64, utf8 } from './encoding.ts'
import { parseNote } from './note.ts'

/** In the form of c2sp.org/tlog-witness, section "add-checkpoint"; hashes and signatures are made up. */
const example = `old 700
ERERERERERERERERERERERERERERERERERERERERERE=
IiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiI=
MzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzM=

log.example/lantern
1024
REREREREREREREREREREREREREREREREREREREREREQ=

— log.example/lantern BQUFBQYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgY=
— witness.example/harbour CQkJCQoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgo=
`

describe('a submission to a witness', () => {
  test('is read, and written again byte for byte', () => {
    const submission = parseSubmission(utf8(example))
    expect(submission.oldSize).toBe(700)
    expect(submission.proof.map(toBase64)[2]).toBe('MzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzM=')
    const note = parseNote(submission.checkpoint)
    expect(parseCheckpoint(note.text)).toMatchObject({ origin: 'log.example/lantern', size: 1024 })
    expect(note.signatures).toHaveLength(2)
    expect(fromUtf8(formatSubmission(submission))).toBe(example)
  })

  test('has one spelling only', () => {
    fc.assert(
      fc.property(
        fc.record({
          oldSize: fc.nat(),
          proof: fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 63 }),
          checkpoint: fc.uint8Array({ maxLength: 300 }),
        }),
        (submission) => {
          expect(parseSubmission(formatSubmission(submission))).toEqual(submission)
        },
      ),
    )
  })

  test.each([
    ['nothing', ''],
    ['no empty line', 'old 0\n'],
    ['no size line', '\n\nlog.example\n'],
    ['a size with a leading zero', 'old 07\n\nx'],
    ['a negative size', 'old -1\n\nx'],
    ['a size above 2^53-1', 'old 9007199254740992\n\nx'],
    ['another keyword', 'new 1\n\nx'],
    ['two spaces', 'old  1\n\nx'],
    ['carriage returns', 'old 1\r\n\r\nx\n\n'],
    ['a hash that is too short', 'old 1\nAAAA\n\nx'],
    ['a hash that is not base64', `old 1\n${'*'.repeat(44)}\n\nx`],
    ['a hash with another last character', `old 1\n${'A'.repeat(42)}B=\n\nx`],
    ['64 proof lines', `old 1\n${`${toBase64(new Uint8Array(32))}\n`.repeat(64)}\nx`],
    ['more bytes than any note needs', `old 1\n\n${'x'.repeat(MAX_SUBMISSION_BYTES)}`],
  ])('with %s is refused in one line', (_, text) => {
    expect(() => parseSubmission(utf8(text))).toThrow(
      expect.objectContaining({ code: 'bad-submission', message: expect.stringMatching(/^[^\n]+$/) }),
    )
  })

  test('does not look like one of ours when its bytes are not text', () => {
    expect(() => parseSubmission(new Uint8Array([0xff, 0x0a, 0x0a]))).toThrow(/UTF-8/)
  })
})
