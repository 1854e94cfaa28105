import { describe, expect, it } from 'vitest'
import { nodeEd25519, testKey } from '../test/node-ed25519.ts'
import { formatCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.ts'
import { cosignatureMessage, cosignatureSigner, cosignatureTime, verifyCosignature } from './cosignature.ts'
import { fromUtf8, utf8 } from './encoding.ts'
import { createMemoryLog, type MemoryLog } from './memory-log.ts'
import { emptyRoot, leafHash, verifyConsistency } from './merkle.ts'
import { parseNote, signNote } from './note.ts'
import { isOwnWitness, parsePolicy } from './policy.ts'
import { formatProofFile, parseProofFile, verifyProofFile } from './proof-file.ts'
import { ED25519_COSIGNATURE } from './vkey.ts'
import { verifyWitnessed } from './witnessed.ts'

const log = testKey('vendor.example/log')
const w1 = testKey('cert.example/w1', ED25519_COSIGNATURE)
const w2 = testKey('partner-017.example/w', ED25519_COSIGNATURE)
const w3 = testKey('auditor.example/w', ED25519_COSIGNATURE)
const own = testKey('vendor.example/witness', ED25519_COSIGNATURE)

const policyText = (quorum: string): string => `# trusted keys
log ${log.vkey} https://vendor.example/log
witness cert ${w1.vkey}
witness partner ${w2.vkey}
\twitness  auditor\t${w3.vkey}

witness vendor ${own.vkey}
group outside 2 cert partner auditor
group both all outside vendor
quorum ${quorum}
`
const twoOutside = parsePolicy(utf8(policyText('outside')))
const entries = Array.from({ length: 300 }, (_, at) => utf8(`entry ${at}`))

function witnessedLog(): MemoryLog {
  const made = createMemoryLog(log.signer)
  made.append(entries)
  made.cosign(w1.signer, 1_700_000_100)
  made.cosign(w2.signer, 1_700_000_050)
  return made
}

describe('checkpoints', () => {
  const checkpoint = { origin: 'vendor.example/log', size: 7, root: emptyRoot() }

  it('have three lines and read back', () => {
    const body = formatCheckpoint(checkpoint)
    expect(body).toBe('vendor.example/log\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n')
    expect(parseCheckpoint(body)).toEqual(checkpoint)
  })

  it.each([
    ['', 'three lines'],
    ['a\n1\n', 'three lines'],
    ['a\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n', 'decimal'],
    ['a\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n', 'decimal'],
    ['a\n9007199254740992\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n', 'decimal'],
    ['\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n', 'origin'],
    ['a b\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n', 'origin'],
    ['a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n', 'base64'],
    ['a\n1\nAAAA\n', '3 bytes'],
    ['a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nmore\n', 'extension'],
    ['a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=', 'three lines'],
  ])('refuse %j', (body, reason) => {
    expect(() => parseCheckpoint(body)).toThrow(new RegExp(reason))
  })

  it('open only with a key that bears the name of the origin', () => {
    expect(openCheckpoint(signCheckpoint(checkpoint, [log.signer]), [log.verifier])).toMatchObject({
      ok: true,
      checkpoint,
    })
    const foreign = testKey('other.example/log')
    const note = signNote(formatCheckpoint(checkpoint), [foreign.signer])
    expect(openCheckpoint(note, [foreign.verifier])).toMatchObject({
      ok: false,
      reason: expect.stringContaining('no key of the log'),
    })
    expect(openCheckpoint(signNote('hello\n', [log.signer]), [log.verifier]).ok).toBe(false)
    expect(() => signCheckpoint(checkpoint, [foreign.signer])).toThrow(/origin/)
  })
})

describe('cosignatures', () => {
  const body = 'vendor.example/log\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n'

  it('sign header, time and body', () => {
    expect(fromUtf8(cosignatureMessage(1679315147, body))).toBe(`cosignature/v1\ntime 1679315147\n${body}`)
    const [signature] = parseNote(signNote(body, [cosignatureSigner(w1.signer, 1679315147)])).signatures
    if (signature === undefined) throw new Error('no signature')
    expect(signature.signature).toHaveLength(72)
    expect(cosignatureTime(signature)).toBe(1679315147)
    expect(verifyCosignature(body, signature, w1.verifier)).toEqual({ ok: true, time: 1679315147 })
    expect(verifyCosignature(body, signature, w2.verifier).ok).toBe(false)
    expect(verifyCosignature(body.replace('7', '8'), signature, w1.verifier).ok).toBe(false)
    for (let at = 0; at < 72; at++) {
      const blob = signature.signature.slice()
      blob[at] = (blob[at] ?? 0) ^ 1
      expect(verifyCosignature(body, { ...signature, signature: blob }, w1.verifier).ok).toBe(false)
    }
  })
})

describe('policies', () => {
  const vkey = { log: log.vkey, w1: w1.vkey, w2: w2.vkey }
  it.each([
    ['', 'no quorum'],
    ['quorum none', 'newline'],
    ['quorum none\nquorum none\n', 'second quorum'],
    ['quorum a\n', 'not defined'],
    ['logg x\nquorum none\n', 'unknown keyword'],
    ['log x\nquorum none\n', 'not a verifier key'],
    [`log ${vkey.w1}\nquorum none\n`, 'type'],
    [`witness a ${vkey.log}\nquorum a\n`, 'type'],
    [`log ${vkey.log}\nlog ${vkey.log}\nquorum none\n`, 'listed already'],
    [`witness a ${vkey.w1}\nwitness b ${vkey.w1}\nquorum a\n`, 'listed already'],
    [`witness a ${vkey.w1}\nwitness a ${vkey.w2}\nquorum a\n`, 'name is taken'],
    [`witness none ${vkey.w1}\nquorum none\n`, 'name is taken'],
    [`group g any a\nwitness a ${vkey.w1}\nquorum g\n`, 'not defined above'],
    [`witness a ${vkey.w1}\ngroup g 2 a\nquorum g\n`, 'threshold'],
    [`witness a ${vkey.w1}\ngroup g 0 a\nquorum g\n`, 'threshold'],
    [`witness a ${vkey.w1}\ngroup g 01 a\nquorum g\n`, 'threshold'],
    [`witness a ${vkey.w1}\ngroup g any\nquorum g\n`, 'expected group'],
    [`witness a ${vkey.w1}\ngroup g constructor a\nquorum g\n`, 'threshold'],
    [`witness a ${vkey.w1}\ngroup g 2 a a\nquorum g\n`, 'in a group already'],
    [`witness a ${vkey.w1}\ngroup g any a\ngroup h any a\nquorum h\n`, 'in a group already'],
    [`group g any g\nquorum g\n`, 'not defined above'],
    ['quorum none\r\n', 'control'],
    ['quorum none x\n', 'expected quorum'],
  ])('refuse %j', (text, reason) => {
    expect(() => parsePolicy(utf8(text))).toThrow(new RegExp(reason))
  })

  it('read comments, tabs, URLs and names in any octets', () => {
    expect(twoOutside.logs[0]?.url).toBe('https://vendor.example/log')
    expect(twoOutside.witnesses.map((witness) => witness.name)).toEqual(['cert', 'partner', 'auditor', 'vendor'])
    const kelvin = parsePolicy(utf8(`witness K ${w1.vkey}\nwitness \u212a ${w2.vkey}\nquorum K\n`))
    expect(kelvin.witnesses).toHaveLength(2)
  })

  it('count organisations, and the time by which the quorum stood', async () => {
    const judged = verifyWitnessed(await witnessedLog().checkpoint(), twoOutside, nodeEd25519)
    expect(judged).toMatchObject({
      ok: true,
      witnessed: true,
      organisations: ['cert', 'partner'],
      notAfter: 1_700_000_100,
    })
  })

  it("never count the log's own witness", async () => {
    const made = createMemoryLog(log.signer)
    made.append(entries)
    made.cosign(w1.signer, 5)
    made.cosign(own.signer, 5)
    const note = await made.checkpoint()
    expect(verifyWitnessed(note, parsePolicy(utf8(policyText('vendor'))), nodeEd25519).ok).toBe(false)
    expect(verifyWitnessed(note, parsePolicy(utf8(policyText('cert'))), nodeEd25519).ok).toBe(true)
    expect(verifyWitnessed(note, twoOutside, nodeEd25519)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('quorum'),
    })
    expect(twoOutside.witnesses.map((witness) => isOwnWitness(twoOutside, witness))).toEqual([
      false,
      false,
      false,
      true,
    ])
  })

  it('say when nobody had to witness, and refuse logs they do not list', async () => {
    const note = await witnessedLog().checkpoint()
    const none = parsePolicy(utf8(policyText('none')))
    expect(verifyWitnessed(note, none, nodeEd25519)).toMatchObject({
      ok: true,
      witnessed: false,
      notAfter: null,
      organisations: [],
    })
    const stranger = testKey('stranger.example/log')
    expect(verifyWitnessed(note, parsePolicy(utf8(`log ${stranger.vkey}\nquorum none\n`)), nodeEd25519).ok).toBe(false)
    expect(verifyWitnessed(note, parsePolicy(utf8('quorum none\n')), nodeEd25519).ok).toBe(false)
  })

  it('do not take a double cosignature of one witness for two', async () => {
    const made = createMemoryLog(log.signer)
    made.append(entries)
    made.cosign(w1.signer, 5)
    made.cosign(w1.signer, 6)
    expect(verifyWitnessed(await made.checkpoint(), twoOutside, nodeEd25519).ok).toBe(false)
  })
})

describe('proof files', () => {
  it('prove every leaf of a log, also at the first and last place', async () => {
    const made = witnessedLog()
    for (const index of [0, 1, 255, 256, 299]) {
      const file = await made.proofFile(index, utf8('extra'))
      const leaf = leafHash(entries[index] ?? utf8(''))
      expect(verifyProofFile(file, leaf, twoOutside, nodeEd25519)).toMatchObject({
        ok: true,
        index,
        checkpoint: { size: 300 },
      })
      expect(verifyProofFile(file, leafHash(utf8('other')), twoOutside, nodeEd25519).ok).toBe(false)
      expect(formatProofFile(parseProofFile(file))).toEqual(file)
    }
  })

  it('start with their header and hold the checkpoint verbatim', async () => {
    const made = witnessedLog()
    const text = fromUtf8(await made.proofFile(299, utf8('salt')))
    expect(text).toMatch(
      /^c2sp\.org\/tlog-proof@v1\nextra c2FsdA==\nindex 299\n([A-Za-z0-9+/]{43}=\n)+\nvendor\.example\/log\n300\n/,
    )
    expect(text.endsWith(fromUtf8(await made.checkpoint()))).toBe(true)
    expect(parseProofFile(await made.proofFile(0)).extra).toBeNull()
  })

  it('fail when any byte is changed, left out or cut off, if every signature in them is needed', async () => {
    const file = await witnessedLog().proofFile(77)
    const leaf = leafHash(entries[77] ?? utf8(''))
    const holds = (bytes: Uint8Array): boolean => verifyProofFile(bytes, leaf, twoOutside, nodeEd25519).ok
    expect(holds(file)).toBe(true)
    for (let at = 0; at < file.length; at++) {
      const changed = file.slice()
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8))
      expect(holds(changed)).toBe(false)
      expect(holds(new Uint8Array([...file.subarray(0, at), ...file.subarray(at + 1)]))).toBe(false)
      expect(holds(file.subarray(0, at))).toBe(false)
    }
  })

  it('have a consistency proof between any two checkpoints of the log', async () => {
    const made = createMemoryLog(log.signer)
    made.append(entries.slice(0, 200))
    const oldRoot = made.root()
    made.append(entries.slice(200))
    const claim = { oldSize: 200, oldRoot, newSize: 300, newRoot: made.root(), proof: await made.consistency(200) }
    expect(verifyConsistency(claim)).toEqual({ ok: true })
  })

  it('refuse malformed files in one line', () => {
    const policy = twoOutside
    for (const text of [
      '',
      'c2sp.org/tlog-proof@v1\n',
      'c2sp.org/tlog-proof@v2\nindex 0\n\nx',
      'c2sp.org/tlog-proof@v1\nindex 00\n\nx',
      '\n\n',
    ]) {
      const answer = verifyProofFile(utf8(text), emptyRoot(), policy, nodeEd25519)
      expect(answer).toMatchObject({ ok: false, reason: expect.stringMatching(/^.+$/) })
    }
  })
})
