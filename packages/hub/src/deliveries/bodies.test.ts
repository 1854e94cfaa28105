import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { clockClient } from '@sigillo/api/client-clocks'
import { sealBody, type SealedBody } from '@sigillo/seal/body'
import { noteSigner } from '@sigillo/seal/ed25519'
import { openPackage, packageHash, sealPackage } from '@sigillo/seal/package'
import { joinPackage } from '@sigillo/seal/package-parts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  drawRecipient,
  receiptOf,
  release,
  sealFor,
  startTestHub,
  type TestHub,
  type TestRecipient,
} from '../programme.fixture.ts'

const T0 = '2026-03-01T10:00:00.000Z'

let hub: TestHub
let alice: TestRecipient
let bob: TestRecipient
let body: SealedBody
let large: Uint8Array

const seal = (recipient: TestRecipient, id: string, notBefore: string | null = null, caseId = 'case-1') =>
  sealPackage({
    programme: 'Example programme',
    package: id,
    case: caseId,
    distribution: 'dist-1',
    recipient: recipient.id,
    tier: 'tier-1',
    notBefore,
    sealedAt: '2026-01-02T03:04:05Z',
    planHash: '0'.repeat(64),
    codeCommitment: '1'.repeat(64),
    ageRecipient: recipient.age.recipient,
    body,
    copy: [{ path: 'guidance.md', pieces: [{ segment: 0, variant: recipient === alice ? 0 : 1 }] }],
    signer: noteSigner(release.secret),
  })

beforeAll(async () => {
  hub = await startTestHub()
  alice = await drawRecipient('partner-001')
  bob = await drawRecipient('partner-002')
  large = new Uint8Array(randomBytes(200_000))
  body = await sealBody([{ path: 'guidance.md', segments: [[large, new Uint8Array(randomBytes(1000))]] }])
  await hub.vendor.enrol([alice.entry, bob.entry])
})
afterAll(async () => {
  await hub.stop()
  hub.remove()
})

describe('a body that packages share', () => {
  test('is wanted with the first of them and not with the others, which are small', async () => {
    const [toAlice, toBob] = [await seal(alice, 'p-1', T0), await seal(bob, 'p-2')]
    const refusal = hub.vendor.putPackage('p-1', toAlice, release.vkey)
    await expect(refusal).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('its body') })
    const issued = await hub.vendor.putPackage('p-1', joinPackage(toAlice, body.bytes), release.vkey)
    expect(issued).toMatchObject({ state: 'issued', sha256: packageHash(toAlice), size: toAlice.length })
    expect(await hub.vendor.putPackage('p-2', toBob, release.vkey)).toMatchObject({ state: 'issued' })
    expect(await hub.vendor.putPackage('p-1', toAlice, release.vkey)).toMatchObject({ state: 'unchanged' })
    expect(toAlice.length).toBeLessThan(8192)
  })

  test('can be fetched before its time, and opens nothing; the keys cannot', async () => {
    const partner = hub.partner(alice)
    const [status] = await partner.packages()
    expect(status?.body).toEqual(body.part)
    const before = (await hub.vendor.events()).length
    expect(await partner.fetchBody('p-1')).toEqual(body.bytes)
    expect((await hub.vendor.events()).length).toBe(before)
    await expect(partner.fetchPackage('p-1')).rejects.toMatchObject({ code: 'not-yet' })
    hub.now = new Date(T0)
    const { bytes, sha256 } = await partner.fetchPackage('p-1')
    const { files } = await openPackage({
      bytes,
      body: body.bytes,
      identity: alice.age.identity,
      vendorKey: release.vkey,
    })
    expect(files).toEqual([{ path: 'guidance.md', bytes: large }])
    await partner.acknowledge('p-1', receiptOf(alice, sha256))
  })

  test('is nobody else’s, and does not leave once the embargo of its case broke', async () => {
    expect(await hub.partner(bob).fetchBody('p-1')).toBeNull()
    expect(await hub.partner(alice).fetchBody('p-none')).toBeNull()
    const clocks = clockClient(hub.hub.url, hub.vendorToken)
    await clocks.setEmbargo('case-9', { release: '2026-06-01T00:00:00Z' })
    await hub.vendor.putPackage('p-9', await seal(alice, 'p-9', '2026-05-01T00:00:00.000Z', 'case-9'), release.vkey)
    expect(await hub.partner(alice).fetchBody('p-9')).toEqual(body.bytes)
    await clocks.breakEmbargo('case-9', 'leak')
    await expect(hub.partner(alice).fetchBody('p-9')).rejects.toMatchObject({ code: 'frozen' })
  })

  test('that was changed on its way is refused with its package', async () => {
    const other = await sealFor(alice, 'p-3')
    const changed = other.slice()
    changed[2000] = (changed[2000] ?? 0) ^ 1
    const refusal = hub.vendor.putPackage('p-3', changed, release.vkey)
    await expect(refusal).rejects.toMatchObject({ code: 'bad-package' })
  })
})

test('a package of format 1 is still issued and handed over whole', async () => {
  const vector: { readonly identity: string; readonly vendorKey: string; readonly package: string } = JSON.parse(
    readFileSync(new URL('../../../../vectors/seal/package-1.json', import.meta.url), 'utf8'),
  )
  const partner = await drawRecipient('partner-017')
  await hub.vendor.enrol([partner.entry])
  const bytes = new Uint8Array(Buffer.from(vector.package, 'base64'))
  const id = 'case-7.d1.partner-017.1'
  await hub.vendor.putPackage(id, bytes, vector.vendorKey)
  expect(await hub.partner(partner).packages()).toMatchObject([{ id, body: null }])
  expect(await hub.partner(partner).fetchBody(id)).toBeNull()
  const fetched = await hub.partner(partner).fetchPackage(id)
  expect(fetched.bytes).toEqual(bytes)
  const opened = await openPackage({ bytes: fetched.bytes, identity: vector.identity, vendorKey: vector.vendorKey })
  expect(opened.files).toHaveLength(2)
})
