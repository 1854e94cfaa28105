import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatSubmission, MAX_SUBMISSION_BYTES, parseSubmission } from './add-checkpoint.ts'
import { parseCheckpoint } from './checkpoint.ts'
import { fromUtf8, toBase64, utf8 } from './encoding.ts'
import { parseNote } from './note.ts'

/** The example of c2sp.org/tlog-witness, section "add-checkpoint". */
const example = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
`
describe('a submission to a witness', () => {
  test('of the specification is read, and written again byte for byte', () => {
    const submission = parseSubmission(utf8(example))
    expect(submission.oldSize).toBe(20_852_014)
    expect(submission.proof.map(toBase64)[3]).toBe('/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=')
    const note = parseNote(submission.checkpoint)
    expect(parseCheckpoint(note.text)).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 })
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
