import { generateNoteKey } from '@sigillo/seal/ed25519'
import { ED25519_COSIGNATURE } from '@sigillo/tlog/vkey'
import { describe, expect, test } from 'vitest'
import { parseWitnessPolicy } from './witness-policy.ts'

const log = generateNoteKey('hub.example/log').vkey
const key = generateNoteKey('cert.example/w1', undefined, ED25519_COSIGNATURE).vkey
const parse = (...lines: readonly string[]) => parseWitnessPolicy(`${lines.join('\n')}\n`, [log])

describe('the witness policy of a hub', () => {
  test('names witnesses with their addresses, and is about the log of the hub', () => {
    const { policy, witnesses, release } = parse(`witness w ${key} https://w.example/prefix/`, 'quorum w')
    expect(witnesses).toMatchObject([{ name: 'w', vkey: key, url: 'https://w.example/prefix' }])
    expect(policy.logs.map(({ vkey }) => vkey.name)).toEqual(['hub.example/log'])
    expect(release).toBe('signed')
  })

  test('may hold packages back until the quorum is met', () => {
    expect(parse(`witness w ${key} http://127.0.0.1:1`, 'quorum w', 'release witnessed').release).toBe('witnessed')
  })

  test('may list the log of the hub', () => {
    expect(parse(`log ${log}`, 'quorum none').policy.logs).toHaveLength(1)
  })

  test.each([
    ['no address', /no http\(s\) address of witness w/, [`witness w ${key}`, 'quorum w']],
    ['an address of another kind', /no http\(s\) address/, [`witness w ${key} file:///etc/passwd`, 'quorum w']],
    ['no quorum', /no quorum line/, [`witness w ${key} https://w.example`]],
    ['an unknown keyword', /policy line 2: unknown keyword/, ['release signed', 'vendor x', 'quorum none']],
    ['another word for release', /policy line 1: expected release signed/, ['release sometimes', 'quorum none']],
    ['witnessed release without a quorum', /asks for no quorum/, ['quorum none', 'release witnessed']],
    ['another log', /another log than this hub/, [`log ${generateNoteKey('other.example').vkey}`, 'quorum none']],
    ['a key of a log as witness', /type 1 where 4/, [`witness w ${log} https://w.example`, 'quorum w']],
  ])('with %s is refused in one line', (_, message, lines) => {
    expect(() => parse(...lines)).toThrow(
      expect.objectContaining({ code: 'bad-options', message: expect.stringMatching(message) }),
    )
  })
})
