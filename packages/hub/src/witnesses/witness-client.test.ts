import { createServer, type Server, type ServerResponse } from 'node:http'
import { generateNoteKey, noteSigner, noteVerifier } from '@sigillo/seal/ed25519'
import { signCheckpoint } from '@sigillo/tlog/checkpoint'
import { cosignatureSigner } from '@sigillo/tlog/cosignature'
import { utf8 } from '@sigillo/tlog/encoding'
import { emptyRoot } from '@sigillo/tlog/merkle'
import { formatSignature, parseNote } from '@sigillo/tlog/note'
import { ED25519_COSIGNATURE } from '@sigillo/tlog/vkey'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { latestAt, submitTo } from './witness-client.ts'
import type { WitnessAddress } from './witness-policy.ts'

const log = generateNoteKey('hub.example/log')
const own = generateNoteKey('witness.example/w1', undefined, ED25519_COSIGNATURE)
const other = generateNoteKey('witness.example/w2', undefined, ED25519_COSIGNATURE)
const imposter = generateNoteKey('witness.example/w1', undefined, ED25519_COSIGNATURE)
const checkpoint = signCheckpoint({ origin: 'hub.example/log', size: 1, root: emptyRoot() }, [noteSigner(log.secret)])
const { text } = parseNote(checkpoint)

/** A cosignature line as that key would give it. */
function line(secret: string, body = text, time = 1_772_000_000): string {
  const signer = cosignatureSigner(noteSigner(secret), time)
  return formatSignature({ name: signer.name, keyId: signer.keyId, signature: signer.sign(utf8(body)) })
}

/** How the witness of the current test behaves: anything that can be on the other side of an address. */
let behave: (response: ServerResponse) => void
let server: Server
let witness: WitnessAddress
beforeAll(async () => {
  server = createServer((_request, response) => behave(response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  witness = { name: 'w1', vkey: own.vkey, verifier: noteVerifier(own.vkey), url: `http://127.0.0.1:${port}` }
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const ask = () => submitTo(witness, { oldSize: 0, proof: [], checkpoint }, AbortSignal.timeout(500))
const answering = (status: number, body: string) => (response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': 'text/plain' }).end(body)

describe('what a witness answers', () => {
  test('counts when its own key signed this checkpoint, whatever else is there', async () => {
    behave = answering(200, line(other.secret) + line(imposter.secret) + line(own.secret))
    expect(await ask()).toEqual({ kind: 'cosigned', line: line(own.secret), time: 1_772_000_000 })
  })

  test.each([
    ['nothing', 200, ''],
    ['something that is no signature', 200, 'yes\n'],
    ['the cosignature of another witness', 200, line(other.secret)],
    ['a cosignature by another key of its name', 200, line(imposter.secret)],
    ['its cosignature of another tree', 200, line(own.secret, text.replace('\n1\n', '\n2\n'))],
    ['a cosignature without a time', 200, line(own.secret, text, 0)],
    ['a conflict without a size', 409, 'later\n'],
    ['a conflict with a size that no tree has', 409, '99999999999999999999\n'],
    ['a defect', 500, 'oops'],
    ['more than any answer needs', 200, 'x'.repeat(100_000)],
  ])('is no answer when it is %s', async (_, status, body) => {
    behave = answering(status, body)
    expect(await ask()).toMatchObject({ kind: 'unreachable', reason: expect.stringMatching(/^[^\n]+$/) })
  })

  test.each([403, 404, 422, 400])('is a refusal when it is status %i', async (status) => {
    behave = answering(status, 'because\nof this')
    expect(await ask()).toEqual({ kind: 'refused', reason: `status ${status}: because` })
  })

  test('tells the size it is at', async () => {
    behave = answering(409, '17\n')
    expect(await ask()).toEqual({ kind: 'at-size', size: 17 })
  })

  test.each<[string, (response: ServerResponse) => void]>([
    ['does not come', () => undefined],
    ['breaks off', (response) => response.writeHead(200, { 'content-length': '100' }).destroy()],
    ['leads elsewhere', (response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    [
      'never ends',
      (response) => {
        const timer = setInterval(() => response.write('x'), 5)
        response.once('close', () => clearInterval(timer))
      },
    ],
  ])('is none when it %s', async (_, behaviour) => {
    behave = behaviour
    expect(await ask()).toMatchObject({ kind: 'unreachable' })
    expect(await latestAt(witness, 'hub.example/log', 300)).toBeNull()
  })
})
