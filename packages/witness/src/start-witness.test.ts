import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateNoteKey, noteSigner, noteVerifier } from '@sigillo/seal/ed25519'
import { formatSubmission, MAX_SUBMISSION_BYTES } from '@sigillo/tlog/add-checkpoint'
import { formatCheckpoint, openCheckpoint, signCheckpoint } from '@sigillo/tlog/checkpoint'
import { cosignatureTime, verifyCosignature } from '@sigillo/tlog/cosignature'
import { fromUtf8, utf8 } from '@sigillo/tlog/encoding'
import { emptyRoot } from '@sigillo/tlog/merkle'
import { addSignatures, parseNote, parseSignatureLine, signNote } from '@sigillo/tlog/note'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startWitness, type Witness } from './start-witness.ts'
import { history, logKey, ORIGIN, post, submission } from './two-histories.fixture.ts'
import { initWitness } from './witness-folder.ts'

const NOW = new Date('2026-02-23T18:00:00Z')
let dir: string
let witness: Witness
let lines: string[]
const start = (options: object = {}): Promise<Witness> =>
  startWitness({ dir, clock: () => NOW, log: (line) => lines.push(line), ...options })

beforeEach(async () => {
  lines = []
  dir = mkdtempSync(join(tmpdir(), 'witness-'))
  await initWitness(dir, { name: 'witness.example/w1', logs: [logKey.vkey] })
  witness = await start()
})
afterEach(async () => {
  await witness.stop()
  rmSync(dir, { recursive: true, force: true })
})

const log = (size: number) => history('a', 0, size)
const fork = (size: number) => history('b', 3, size)
const bodyOf = async (of: ReturnType<typeof log>): Promise<string> => parseNote(await of.checkpoint()).text

/** Brings the witness to a tree of seven leaves. */
const atSeven = async (): Promise<void> => {
  expect(await post(witness.url, await submission(log(7), 0))).toMatchObject({ status: 200 })
}

describe('a witness', () => {
  test('answers a first checkpoint with one cosignature line over it, at its own time', async () => {
    const answer = await post(witness.url, await submission(log(7), 0))
    expect(answer.status).toBe(200)
    expect(answer.text).toMatch(/^— witness\.example\/w1 [A-Za-z0-9+/=]+\n$/)
    const line = parseSignatureLine(answer.text.trim())
    const checked = verifyCosignature(await bodyOf(log(7)), line, noteVerifier(witness.vkey))
    expect(checked).toEqual({ ok: true, time: NOW.getTime() / 1000 })
    expect(cosignatureTime(line)).toBeGreaterThan(0)
  })

  test('cosigns every tree that extends the last one, again the same one, and the empty one', async () => {
    const empty = signCheckpoint({ origin: ORIGIN, size: 0, root: emptyRoot() }, [noteSigner(logKey.secret)])
    expect((await post(witness.url, formatSubmission({ oldSize: 0, proof: [], checkpoint: empty }))).status).toBe(200)
    let last = 0
    for (const size of [1, 1, 2, 3, 7, 8, 255, 256, 257, 1000]) {
      expect(await post(witness.url, await submission(log(size), last)), `from ${last} to ${size}`).toMatchObject({
        status: 200,
      })
      last = size
    }
  })

  test('shows monitors the newest tree with the log signature and its own, and nothing else', async () => {
    const path = `${witness.url}/${createHash('sha256').update(ORIGIN).digest('hex')}/checkpoint`
    expect((await fetch(path)).status).toBe(404)
    const stranger = generateNoteKey('stranger.example')
    const extra = parseNote(signNote(await bodyOf(log(7)), [noteSigner(stranger.secret)])).signatures
    const checkpoint = addSignatures(await log(7).checkpoint(), extra)
    expect((await post(witness.url, formatSubmission({ oldSize: 0, proof: [], checkpoint }))).status).toBe(200)
    const shown = utf8(await (await fetch(path)).text())
    expect(parseNote(shown).signatures.map(({ name }) => name)).toEqual([ORIGIN, 'witness.example/w1'])
    expect(openCheckpoint(shown, [noteVerifier(logKey.vkey), noteVerifier(witness.vkey)])).toMatchObject({
      ok: true,
      checkpoint: { size: 7 },
    })
  })

  test('keeps its memory over a restart', async () => {
    await atSeven()
    await witness.stop()
    witness = await start()
    expect(await post(witness.url, await submission(log(9), 0))).toMatchObject({ status: 409, text: '7\n' })
    expect(await post(witness.url, await submission(fork(9), 7))).toMatchObject({ status: 422 })
    expect(await post(witness.url, await submission(log(9), 7))).toMatchObject({ status: 200 })
  })

  test('follows a log through a rotation of its key', async () => {
    const next = generateNoteKey(ORIGIN)
    await witness.stop()
    writeFileSync(join(dir, 'logs.txt'), `# our logs\nlog ${logKey.vkey}\n\nlog ${next.vkey}\n`)
    witness = await start()
    await atSeven()
    const rotated = signNote(await bodyOf(log(9)), [noteSigner(next.secret)])
    const proof = await log(9).consistency(7)
    expect((await post(witness.url, formatSubmission({ oldSize: 7, proof, checkpoint: rotated }))).status).toBe(200)
  })
})

describe('a witness at a tree of seven leaves', () => {
  beforeEach(atSeven)
  const signed = (size: number, root: Uint8Array): Uint8Array =>
    signCheckpoint({ origin: ORIGIN, size, root }, [noteSigner(logKey.secret)])
  const other = generateNoteKey('other.example/log')
  const imposter = generateNoteKey(ORIGIN)

  const cases: [string, number, () => Promise<Uint8Array | string>][] = [
    ['nothing', 400, async () => ''],
    ['something else', 400, async () => '{"old":7}'],
    ['no proof and no checkpoint', 400, async () => 'old 7\n\n'],
    ['a note that is no checkpoint', 400, async () => formatNoteOf('hello\n')],
    ['a checkpoint with an extension line', 400, async () => formatNoteOf(`${await bodyOf(log(9))}more\n`)],
    ['an unsigned checkpoint', 400, async () => `old 7\n\n${await bodyOf(log(9))}`],
    ['a proof line too many', 400, async () => `old 7\n${`${'A'.repeat(43)}=\n`.repeat(64)}\n${await bodyOf(log(9))}`],
    ['an old size above the new one', 400, () => submissionOf(9, log(7).checkpoint(), [])],
    ['a smaller tree and its own old size', 400, () => submissionOf(7, log(5).checkpoint(), [])],
    [
      'a log that it does not follow',
      404,
      async () =>
        withNote(
          signNote(formatCheckpoint({ origin: 'other.example/log', size: 9, root: emptyRoot() }), [
            noteSigner(other.secret),
          ]),
        ),
    ],
    [
      'an origin that differs in case',
      404,
      async () => withNote(signNote((await bodyOf(log(9))).replace('log', 'Log'), [noteSigner(logKey.secret)])),
    ],
    [
      'a checkpoint signed by another log',
      403,
      async () => withNote(signNote(await bodyOf(log(9)), [noteSigner(other.secret)])),
    ],
    [
      'a checkpoint signed by another key of this name',
      403,
      async () => withNote(signNote(await bodyOf(log(9)), [noteSigner(imposter.secret)])),
    ],
    [
      'a checkpoint signed by the witness only',
      403,
      async () =>
        withNote(signNote(await bodyOf(log(9)), [noteSigner(readFileSync(join(dir, 'witness.key'), 'utf8'))])),
    ],
    [
      'a log signature over another tree',
      403,
      async () => withNote(utf8(fromUtf8(await log(9).checkpoint()).replace('\n9\n', '\n10\n'))),
    ],
    [
      'a good log signature beside a bad one of the same key',
      403,
      async () => withNote(addSignatures(await log(9).checkpoint(), parseNote(await log(8).checkpoint()).signatures)),
    ],
    ['an honest tree from an older size', 409, () => submission(log(9), 5)],
    ['an honest tree from the empty one', 409, () => submission(log(9), 0)],
    ['an older tree and an honest old size: a rollback', 409, () => submission(log(5), 3)],
    ['an older tree, again from its own size', 409, () => submission(log(5), 5)],
    ['a forked tree from a size before the fork', 409, () => submission(fork(9), 3)],
    ['a forked tree of the same size', 422, () => submission(fork(7), 7)],
    ['the same size and an invented root', 422, () => submissionOf(7, Promise.resolve(signed(7, emptyRoot())), [])],
    ['a forked tree with its own proof', 422, () => submission(fork(9), 7)],
    [
      'a forked tree with the proof of the honest one',
      422,
      async () => submissionOf(7, fork(9).checkpoint(), await log(9).consistency(7)),
    ],
    [
      'an honest tree with the proof of the fork',
      422,
      async () => submissionOf(7, log(9).checkpoint(), await fork(9).consistency(7)),
    ],
    ['an honest tree without a proof', 422, async () => submissionOf(7, log(9).checkpoint(), [])],
    [
      'a proof that is too short',
      422,
      async () => submissionOf(7, log(9).checkpoint(), (await log(9).consistency(7)).slice(1)),
    ],
    [
      'a proof that is too long',
      422,
      async () => submissionOf(7, log(9).checkpoint(), [...(await log(9).consistency(7)), emptyRoot()]),
    ],
    [
      'a proof with two hashes swapped',
      422,
      async () => submissionOf(7, log(9).checkpoint(), (await log(9).consistency(7)).toReversed()),
    ],
    ['a proof where none is needed', 422, async () => submissionOf(7, log(7).checkpoint(), [emptyRoot()])],
  ]
  const submissionOf = async (
    oldSize: number,
    checkpoint: Promise<Uint8Array>,
    proof: readonly Uint8Array[],
  ): Promise<Uint8Array> => formatSubmission({ oldSize, proof, checkpoint: await checkpoint })
  const withNote = async (checkpoint: Uint8Array): Promise<Uint8Array> =>
    formatSubmission({ oldSize: 7, proof: await log(9).consistency(7), checkpoint })
  const formatNoteOf = (text: string): Promise<Uint8Array> => withNote(signNote(text, [noteSigner(logKey.secret)]))

  test.each(cases)('given %s answers %i in one line and stays where it was', async (_, status, body) => {
    const answer = await post(witness.url, await body())
    expect(answer).toMatchObject({ status, text: expect.stringMatching(/^[^\n]+\n$/) })
    if (status === 409) expect(answer).toMatchObject({ type: 'text/x.tlog.size', text: '7\n' })
    expect(await post(witness.url, await submission(log(8), 7))).toMatchObject({ status: 200 })
  })

  test('tells its operator of a fork, with the signed evidence', async () => {
    await post(witness.url, await submission(fork(7), 7))
    expect(lines.at(-1)).toContain('REFUSED')
    expect(lines.at(-1)).toContain(fromUtf8(await fork(7).checkpoint()))
  })
})

describe('a first submission', () => {
  test.each([
    ['with a proof from the empty tree', 1, [emptyRoot()]],
    ['of an empty tree with another root than that of nothing', 0, []],
  ] as const)('%s is refused', async (_, size, proof) => {
    const root = createHash('sha256').update('x').digest()
    const checkpoint = signCheckpoint({ origin: ORIGIN, size, root }, [noteSigner(logKey.secret)])
    expect((await post(witness.url, formatSubmission({ oldSize: 0, proof, checkpoint }))).status).toBe(422)
  })
})

describe('the server of a witness', () => {
  test('has two paths and no others', async () => {
    const status = async (path: string, method = 'GET'): Promise<number> =>
      (await fetch(witness.url + path, { method })).status
    expect(await status('/add-checkpoint')).toBe(405)
    expect(await status('/')).toBe(404)
    expect(await status('/witness.key')).toBe(404)
    expect(await status(`/${'0'.repeat(64)}/checkpoint`)).toBe(404)
    expect(await status(`/${'0'.repeat(64)}/checkpoint`, 'POST')).toBe(404)
    expect(await status('/sign-subtree', 'POST')).toBe(404)
  })

  test('reads no body that is larger than any submission, announced or not', async () => {
    expect((await post(witness.url, 'x'.repeat(MAX_SUBMISSION_BYTES + 1))).status).toBe(413)
    const { port } = new URL(witness.url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write('POST /add-checkpoint HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n')
    const chunk = `8000\r\n${'x'.repeat(0x8000)}\r\n`
    for (let i = 0; i < 4; i++) socket.write(chunk)
    const answer = await new Promise<string>((done) => socket.once('data', (data: Buffer) => done(data.toString())))
    expect(answer).toContain('413')
    socket.destroy()
  })

  test('cosigns nothing that it cannot remember', async () => {
    await atSeven()
    const before = readFileSync(join(dir, 'witness.state'))
    rmSync(join(dir, 'witness.state'))
    mkdirSync(join(dir, 'witness.state'))
    expect((await post(witness.url, await submission(log(9), 7))).status).toBe(503)
    rmSync(join(dir, 'witness.state'), { recursive: true })
    writeFileSync(join(dir, 'witness.state'), before)
    expect((await post(witness.url, await submission(fork(9), 7))).status).toBe(422)
    expect((await post(witness.url, await submission(log(9), 7))).status).toBe(200)
  })

  test('runs once for one folder', async () => {
    await expect(start()).rejects.toMatchObject({ code: 'locked', message: expect.stringContaining(`${process.pid}`) })
    await witness.stop()
    witness = await start()
  })

  test('takes over the lock of a process that is gone', async () => {
    await witness.stop()
    writeFileSync(join(dir, 'witness.lock'), '4194305 1')
    witness = await start()
    await atSeven()
  })
})

describe('the folder of a witness', () => {
  test('keeps its files to its owner', () => {
    for (const file of ['witness.key', 'witness.state', 'logs.txt'])
      expect(statSync(join(dir, file)).mode & 0o077).toBe(0)
  })

  test.each([
    ['whose state is gone', 'bad-state', () => rmSync(join(dir, 'witness.state'))],
    ['whose state is damaged', 'bad-state', () => writeFileSync(join(dir, 'witness.state'), '{')],
    ['whose state is of another form', 'bad-state', () => writeFileSync(join(dir, 'witness.state'), '{"logs":{}}')],
    ['whose key is gone', 'bad-folder', () => rmSync(join(dir, 'witness.key'))],
    ['whose key is damaged', 'bad-key-file', () => writeFileSync(join(dir, 'witness.key'), 'PRIVATE+KEY+x')],
    ['whose key is a log key', 'bad-key-file', () => writeFileSync(join(dir, 'witness.key'), logKey.secret)],
    ['whose list of logs is gone', 'bad-folder', () => rmSync(join(dir, 'logs.txt'))],
    ['whose list of logs has a bad line', 'bad-options', () => writeFileSync(join(dir, 'logs.txt'), 'log x')],
    [
      'whose list names a witness as a log',
      'bad-options',
      () => writeFileSync(join(dir, 'logs.txt'), `log ${witness.vkey}`),
    ],
  ])('%s does not start, and says why in one line', async (_, code, spoil) => {
    await atSeven()
    await witness.stop()
    spoil()
    await expect(start()).rejects.toMatchObject({ code, message: expect.stringMatching(/^[^\n]+$/) })
  })

  test('does not start on the state of another witness, or on one whose tree was edited', async () => {
    await atSeven()
    await witness.stop()
    const state = readFileSync(join(dir, 'witness.state'), 'utf8')
    writeFileSync(join(dir, 'witness.state'), state.replace('\\n7\\n', '\\n5\\n'))
    await expect(start()).rejects.toMatchObject({ code: 'bad-state' })
    const key = generateNoteKey('witness.example/w1', undefined, 4)
    writeFileSync(join(dir, 'witness.state'), state)
    writeFileSync(join(dir, 'witness.key'), key.secret)
    await expect(start()).rejects.toMatchObject({ code: 'bad-state' })
  })

  test('is made once, with a name and logs that can be', async () => {
    const init = (target: string, name: string, logs: readonly string[]) => initWitness(target, { name, logs })
    await expect(init(dir, 'witness.example/w1', [])).rejects.toMatchObject({ code: 'exists' })
    await expect(init(`${dir}-2`, 'two words', [])).rejects.toMatchObject({ code: 'bad-options' })
    await expect(init(`${dir}-2`, 'w', ['nonsense'])).rejects.toMatchObject({ code: 'bad-options' })
  })

  test('is needed, and its port too', async () => {
    await expect(startWitness({ dir: `${dir}-none` })).rejects.toMatchObject({ code: 'bad-folder' })
    const second = `${dir}-3`
    await initWitness(second, { name: 'witness.example/w3', logs: [] })
    const port = Number(new URL(witness.url).port)
    await expect(startWitness({ dir: second, port })).rejects.toMatchObject({ code: 'port-in-use' })
    rmSync(second, { recursive: true })
  })
})
