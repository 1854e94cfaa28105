import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { clockClient, endpointClient } from '@sigillo/api/client-clocks'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  drawRecipient,
  release,
  sealFor,
  startTestHub,
  type TestHub,
  type TestRecipient,
} from '../programme.fixture.ts'

const T0 = '2026-03-09T18:00:00.000Z'

let hub: TestHub
let server: Server
let base: string
const told: { path: string; type: string; body: string }[] = []
const recipients: TestRecipient[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const { type }: { type: string } = JSON.parse(body)
      told.push({ path: request.url ?? '', type, body })
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  hub = await startTestHub({ messages: { allow: ['127.0.0.0/8'] } })
  for (const id of ['partner-1', 'partner-2', 'stranger']) recipients.push(await drawRecipient(id))
  await hub.vendor.enrol(recipients.map(({ entry }) => entry))
  const callers = [...recipients.map(({ id, token }) => ({ id, token })), { id: 'vendor', token: hub.vendorToken }]
  for (const { id, token } of callers)
    await endpointClient(hub.hub.url, token).setEndpoint({ channel: 'webhook', address: `${base}/${id}` })
})
afterAll(async () => {
  await hub.stop()
  hub.remove()
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  told.length = 0
})

/** What was told to whom once as many messages as expected are there. */
async function toldTo(count: number): Promise<readonly string[]> {
  for (let i = 0; i < 120 && told.length < count; i++) await new Promise((resolve) => setTimeout(resolve, 50))
  return told.map(({ path, type }) => `${path.slice(1)} ${type}`).sort()
}

describe('who is told', () => {
  test('of a package: its recipient', async () => {
    for (const { id } of recipients.slice(0, 2)) {
      const recipient = recipients.find((one) => one.id === id)
      if (recipient === undefined) throw new Error('no recipient')
      const bytes = await sealFor(recipient, `p-${id}`, { notBefore: T0, case: 'CVE-2026-0001' })
      await hub.vendor.putPackage(`p-${id}`, bytes, release.vkey)
    }
    expect(await toldTo(2)).toEqual(['partner-1 package.issued', 'partner-2 package.issued'])
  })

  test('of a broken and of a lifted embargo: who awaits something of the case, and the vendor, and nobody else', async () => {
    const desk = clockClient(hub.hub.url, hub.vendorToken)
    await desk.setEmbargo('CVE-2026-0001', { release: T0 })
    await desk.breakEmbargo('CVE-2026-0001', 'leak')
    await desk.liftEmbargo('CVE-2026-0001')
    const expected = ['changed', 'broken', 'lifted'].flatMap((what) =>
      ['partner-1', 'partner-2', 'vendor'].map((who) => `${who} embargo.${what}`),
    )
    expect(await toldTo(expected.length)).toEqual(expected.sort())
    for (const { body } of told) expect(body).not.toMatch(/CVE|case|partner|posta/i)
  })

  test('nobody whose endpoint was removed', async () => {
    const [first] = recipients
    const client = endpointClient(hub.hub.url, first?.token ?? '')
    const { webhook } = await client.endpoints()
    expect(webhook.key).toMatch(/^whpk_/)
    expect(webhook.secret).toMatch(/^whsec_/)
    const after = await client.setEndpoint({ channel: 'webhook', address: null })
    expect(after).toMatchObject({ endpoints: [], webhook: { secret: null } })
    const desk = clockClient(hub.hub.url, hub.vendorToken)
    const bytes = await sealFor(first ?? (await drawRecipient('x')), 'p-9', { case: 'case-9' })
    await hub.vendor.putPackage('p-9', bytes, release.vkey)
    await desk.setEmbargo('case-9', { release: T0 })
    expect(await toldTo(1)).toEqual(['vendor embargo.changed'])
  })
})

test('endpoints are logged without their address, and plain http needs a network of the operator', async () => {
  const events = await hub.vendor.events({ stream: 'partner:partner-1' })
  const set = events.filter(({ type }) => type === 'admin.action')
  expect(set.length).toBeGreaterThan(0)
  for (const { event } of set) expect(event).not.toContain('127.0.0.1')
  const strict = await startTestHub()
  try {
    const client = endpointClient(strict.hub.url, strict.vendorToken)
    await expect(client.setEndpoint({ channel: 'webhook', address: base })).rejects.toMatchObject({
      code: 'bad-request',
    })
    for (const address of ['ftp://a.example', 'javascript:alert(1)', 'no', ''])
      await expect(client.setEndpoint({ channel: 'webhook', address })).rejects.toMatchObject({ code: 'bad-request' })
    for (const address of ['a@b', 'a@b.example\r\nBcc: c@d.example', 'a@b.example,c@d.example'])
      await expect(client.setEndpoint({ channel: 'mail', address })).rejects.toMatchObject({ code: 'bad-request' })
  } finally {
    await strict.stop()
    strict.remove()
  }
})
