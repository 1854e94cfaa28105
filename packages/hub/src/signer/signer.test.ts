import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { noteVerifier } from '@sigillo/seal/ed25519'
import { spawnSigner } from '@sigillo/testkit/signer-process'
import { MAX_SUBMISSION_BYTES } from '@sigillo/tlog/add-checkpoint'
import { openCheckpoint } from '@sigillo/tlog/checkpoint'
import { utf8 } from '@sigillo/tlog/encoding'
import type { Growth, TreeHead } from '@sigillo/tlog/growth'
import { consistencyProof, hashesInMemory, leafHash, rootOf } from '@sigillo/tlog/merkle'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encodeGrowth } from './messages.ts'
import { rotateLogKey } from './rotate-key.ts'
import { type RunningSigner, serveSigner } from './serve-signer.ts'
import { connectSigner } from './signer-client.ts'
import { moveKeyToSigner } from './signer-folder.ts'
import type { TreeSigner } from './tree-signer.ts'

const ORIGIN = 'hub.example/log'
const random = (length: number) => new Uint8Array(randomBytes(length))

/** The first `size` leaves of a history; two histories part at leaf 5. */
function treeOf(history: 'a' | 'b', size: number) {
  const hashAt = hashesInMemory(
    Array.from({ length: size }, (_, i) => leafHash(utf8(`${i < 5 ? 'a' : history}${String(i)}`))),
  )
  return { hashAt, head: { size, root: rootOf(size, hashAt) } satisfies TreeHead }
}

/** A request to sign a tree of one history, with its proof from `oldSize`. */
function growth(oldSize: number, newSize: number, history: 'a' | 'b' = 'a'): Growth {
  const { hashAt, head } = treeOf(history, newSize)
  const bare = oldSize === 0 || oldSize >= newSize
  return { oldSize, proof: bare ? [] : consistencyProof(oldSize, newSize, hashAt), next: head }
}

let folder: string
let socket: string
let running: RunningSigner
let client: TreeSigner
let said: string[]
const dataDir = () => join(folder, 'data')
const serve = () =>
  serveSigner({ dataDir: dataDir(), socket, origin: ORIGIN, random, log: (line) => void said.push(line) })

beforeEach(async () => {
  said = []
  folder = mkdtempSync(join(tmpdir(), 'signer-'))
  socket = join(folder, 'run', 'socket')
  running = await serve()
  client = await connectSigner(socket, ORIGIN)
})
afterEach(async () => {
  await client.close()
  await running.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** The bytes of a request as they are, with the status and text that answer them. */
function raw(
  method: string,
  path: string,
  body: Uint8Array = new Uint8Array(0),
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath: socket, method, path, agent: false }, (response) => {
      let text = ''
      response.on('data', (part: Buffer) => (text += part.toString()))
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

const post = (asked: Growth, origin = ORIGIN) => raw('POST', '/sign', encodeGrowth(origin, asked))

describe('a signer', () => {
  test('signs every tree that extends the last one, and the last one again with the same bytes', async () => {
    let last = 0
    for (const size of [0, 1, 1, 2, 7, 8, 255, 256, 257, 1000, 1000]) {
      const signing = await client.sign(growth(last, size))
      expect(await client.sign(growth(size, size))).toEqual(signing)
      const note = signing.kind === 'signed' ? signing.checkpoint : ''
      expect(openCheckpoint(utf8(note), client.keys.map(noteVerifier))).toMatchObject({
        ok: true,
        checkpoint: { origin: ORIGIN, ...treeOf('a', size).head },
      })
      last = size
    }
    expect(await client.last()).toEqual(treeOf('a', 1000).head)
  })

  const refused: [string, () => Promise<{ status: number; text: string }>, number][] = [
    ['another tree of the same size', () => post(growth(7, 7, 'b')), 422],
    ['a longer tree of another history', () => post(growth(7, 9, 'b')), 422],
    ['a tree with the proof of another', () => post({ ...growth(7, 9), proof: growth(7, 10).proof }), 422],
    ['a tree with a proof that is cut', () => post({ ...growth(7, 9), proof: growth(7, 9).proof.slice(1) }), 422],
    [
      'a tree with a proof that is too long',
      () => post({ ...growth(7, 9), proof: [...growth(7, 9).proof, new Uint8Array(32)] }),
      422,
    ],
    [
      'a count of leaves that the proof does not fit',
      () => post({ ...growth(7, 9), next: { ...growth(7, 9).next, size: 20 } }),
      422,
    ],
    ['a smaller tree, as if from itself', () => post(growth(3, 3)), 409],
    ['a smaller tree, from a smaller one', () => post(growth(3, 5)), 409],
    ['the empty tree', () => post(growth(0, 0)), 409],
    ['a tree proven from the empty one', () => post(growth(0, 9)), 409],
    ['a tree proven from one it has not signed', () => post(growth(8, 9)), 409],
    ['a size that shrinks', () => post(growth(7, 5)), 422],
    ['the tree of another log', () => post(growth(7, 9), 'other.example/log'), 403],
    ['no request at all', () => raw('POST', '/sign', utf8('sign this')), 400],
    ['a checkpoint of four lines', () => raw('POST', '/sign', utf8(`old 7\n\n${ORIGIN}\n9\nAAAA\nmore\n`)), 400],
    ['more bytes than any request has', () => raw('POST', '/sign', new Uint8Array(MAX_SUBMISSION_BYTES + 1)), 413],
    ['a request for anything else', () => raw('GET', '/sign'), 404],
  ]
  test.each(refused)('refuses %s', async (_, ask, status) => {
    await client.sign(growth(0, 7))
    const answer = await ask()
    expect(answer.status).toBe(status)
    expect(answer.text).toMatch(/^[^\n—]+\n$/)
    expect(await client.last()).toEqual(treeOf('a', 7).head)
    expect((await client.sign(growth(7, 9))).kind).toBe('signed')
  })

  test('tells of a second history, to who asks and to its operator', async () => {
    await client.sign(growth(0, 7))
    await expect(client.sign(growth(7, 9, 'b'))).rejects.toMatchObject({ code: 'log-rolled-back' })
    expect(said).toEqual([expect.stringMatching(/^the signer refuses: /)])
  })

  test('signs one of two histories when both are asked for at once on two connections', async () => {
    await client.sign(growth(0, 4))
    const second = await connectSigner(socket, ORIGIN)
    const outcomes = await Promise.allSettled([
      client.sign(growth(4, 7)),
      second.sign(growth(4, 7, 'b')),
      client.sign(growth(4, 7)),
      second.sign(growth(4, 7, 'b')),
    ])
    await second.close()
    const signed = outcomes.filter((one) => one.status === 'fulfilled' && one.value.kind === 'signed')
    expect(signed).toHaveLength(1)
  })

  test('goes on after a stop from what it signed last, with the same key', async () => {
    await client.sign(growth(0, 7))
    const { keys } = running
    await running.stop()
    running = await serve()
    expect(running.keys).toEqual(keys)
    expect(await client.last()).toEqual(treeOf('a', 7).head)
    expect((await post(growth(7, 9, 'b'))).status).toBe(422)
  })

  test('remembers what it signed at whatever instant it is killed', async () => {
    await running.stop()
    let last: TreeHead = (await openLast()).last
    for (let round = 0; round < 5; round++) {
      const signer = await spawnSigner(dataDir(), socket)
      const asker = await connectSigner(socket, ORIGIN)
      const { size } = (await asker.last()) ?? { size: 0 }
      expect(size).toBeGreaterThanOrEqual(last.size)
      let acknowledged = size
      const asking = (async () => {
        for (let next = size + 1; ; next++) {
          await asker.sign(growth(next - 1, next))
          acknowledged = next
        }
      })()
      const ended = expect(asking).rejects.toMatchObject({ code: 'signer-unavailable' })
      await new Promise((resolve) => setTimeout(resolve, 20 + 30 * round))
      await signer.kill()
      await ended
      await asker.close()
      // On disk is what was answered, or the one after it that was asked for: that one again is the same history.
      last = (await openLast()).last
      expect([acknowledged, acknowledged + 1]).toContain(last.size)
      expect(last).toEqual(treeOf('a', last.size).head)
    }
    expect(last.size).toBeGreaterThan(5)
    running = await serve()
  })

  test('signs nothing that it cannot remember', async () => {
    await client.sign(growth(0, 7))
    const file = join(dataDir(), 'log.high-water')
    const kept = readFileSync(file)
    rmSync(file)
    mkdirSync(file)
    await expect(client.sign(growth(7, 9))).rejects.toMatchObject({ code: 'signer-unavailable' })
    rmSync(file, { recursive: true })
    writeFileSync(file, kept)
    expect((await client.sign(growth(7, 8))).kind).toBe('signed')
  })

  test('shows its socket to nobody else, and refuses a folder that everybody may enter', async () => {
    expect(statSync(join(folder, 'run')).mode & 0o777).toBe(0o700)
    expect(statSync(join(dataDir(), 'log.key')).mode & 0o777).toBe(0o600)
    await running.stop()
    chmodSync(join(folder, 'run'), 0o755)
    await expect(serve()).rejects.toMatchObject({ code: 'bad-options', message: expect.stringContaining('chmod') })
    chmodSync(join(folder, 'run'), 0o750)
    running = await serve()
  })

  test('does not start where it could sign a second history, and says why in one line', async () => {
    await client.sign(growth(0, 7))
    await expect(serve()).rejects.toMatchObject({ code: 'locked' })
    const elsewhere = { dataDir: join(folder, 'other'), socket, origin: ORIGIN, random }
    await expect(serveSigner(elsewhere)).rejects.toMatchObject({ code: 'port-in-use' })
    await running.stop()
    const file = join(dataDir(), 'log.high-water')
    const kept = readFileSync(file)
    for (const damage of ['', 'garbage', '{"size":1}', '{"size":-1,"root":""}']) {
      writeFileSync(file, damage)
      await expect(serve()).rejects.toMatchObject({ code: 'bad-key-file', message: expect.stringMatching(/^[^\n]+$/) })
    }
    rmSync(file)
    await expect(serve()).rejects.toMatchObject({
      code: 'bad-key-file',
      message: expect.stringContaining('must not sign again'),
    })
    writeFileSync(file, kept)
    const key = readFileSync(join(dataDir(), 'log.key'))
    rmSync(join(dataDir(), 'log.key'))
    await expect(serve()).rejects.toMatchObject({ code: 'bad-key-file', message: expect.stringContaining('log.key') })
    writeFileSync(join(dataDir(), 'log.key'), key)
    running = await serve()
  })

  test('is not taken for the signer of another log', async () => {
    await expect(connectSigner(socket, 'other.example/log')).rejects.toMatchObject({ code: 'bad-options' })
    await expect(connectSigner(join(folder, 'nothing'), ORIGIN, 0)).rejects.toMatchObject({
      code: 'signer-unavailable',
      message: expect.stringMatching(/^[^\n]+$/),
    })
  })
})

describe('the key of a hub', () => {
  test('moves into a signer with what it signed last, and leaves nothing behind', async () => {
    await client.sign(growth(0, 7))
    await running.stop()
    const target = join(folder, 'moved')
    await moveKeyToSigner(dataDir(), target)
    for (const file of ['log.key', 'log.high-water']) expect(existsSync(join(dataDir(), file))).toBe(false)
    const { keys } = client
    running = await serveSigner({ dataDir: target, socket, origin: ORIGIN, random })
    expect(running.keys).toEqual(keys)
    expect(await client.last()).toEqual(treeOf('a', 7).head)
  })

  test('moves with the key that is to follow it, so that both go on signing', async () => {
    await running.stop()
    const { newKey } = await rotateLogKey(dataDir(), random)
    const target = join(folder, 'moved')
    await moveKeyToSigner(dataDir(), target)
    expect(existsSync(join(dataDir(), 'log.key.next'))).toBe(false)
    running = await serveSigner({ dataDir: target, socket, origin: ORIGIN, random })
    expect(running.keys).toEqual([...client.keys, newKey])
  })

  test('does not move while its folder is in use: the hub would go on signing', async () => {
    const inUse = moveKeyToSigner(dataDir(), join(folder, 'moved'))
    await expect(inUse).rejects.toMatchObject({ code: 'locked' })
    expect(existsSync(join(folder, 'moved', 'log.key'))).toBe(false)
  })

  test('does not move without what it signed last, nor over another signer', async () => {
    const hub = join(folder, 'hub')
    mkdirSync(hub)
    const to = join(folder, 'moved')
    await expect(moveKeyToSigner(hub, to)).rejects.toMatchObject({ code: 'bad-options' })
    writeFileSync(join(hub, 'log.key'), 'a key')
    await expect(moveKeyToSigner(hub, to)).rejects.toMatchObject({ code: 'bad-options' })
    writeFileSync(join(hub, 'log.high-water'), 'a mark')
    await running.stop()
    await expect(moveKeyToSigner(hub, dataDir())).rejects.toMatchObject({
      code: 'bad-options',
      message: expect.stringContaining("another signer's"),
    })
    expect(existsSync(join(hub, 'log.key'))).toBe(true)
    running = await serve()
  })
})

/** What a signer on the folder would go on from. */
async function openLast(): Promise<{ readonly last: TreeHead }> {
  const own = await serve()
  const asker = await connectSigner(socket, ORIGIN)
  const last = await asker.last()
  await asker.close()
  await own.stop()
  return { last: last ?? { size: 0, root: new Uint8Array(32) } }
}
