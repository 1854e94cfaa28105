import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Mailer, openMailer } from './mail-send.ts'

// Goal T5, against a real SMTP server.

const AT = new Date('2026-03-09T18:00:00Z')
const ID = `msg_${'a'.repeat(32)}`

interface Delivered {
  readonly from: string
  readonly to: readonly string[]
  readonly text: string
}

const delivered: Delivered[] = []
let server: SMTPServer
let mailer: Mailer
beforeAll(async () => {
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const from = mailFrom === false ? '' : mailFrom.address
        delivered.push({ from, to: rcptTo.map(({ address }) => address), text: Buffer.concat(chunks).toString() })
        callback()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  mailer = openMailer({ smtp: `smtp://127.0.0.1:${String(port)}`, from: 'hub@vendor.example' }, 'vendor.example')
})
afterAll(async () => {
  mailer.close()
  await new Promise<void>((resolve) => server.close(() => resolve()))
})
beforeEach(() => {
  delivered.length = 0
})

/** Header fields by lower-case name, unfolded. */
function headersOf(text: string): Readonly<Record<string, string>> {
  const [head = ''] = text.split('\r\n\r\n')
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')
  return Object.fromEntries(
    lines.map((line) => [line.split(':')[0]?.toLowerCase() ?? '', line.replace(/^[^:]*:\s*/, '')]),
  )
}

describe('mail', () => {
  test('has a Message-ID that follows from the message, and nothing that tells what it is about', async () => {
    await mailer.send({ id: ID, to: 'psirt@partner.example', at: AT })
    await mailer.send({ id: `msg_${'b'.repeat(32)}`, to: 'psirt@partner.example', at: AT })
    const [first, second] = delivered
    const headers = headersOf(first?.text ?? '')
    expect(headers).toMatchObject({
      'message-id': `<${ID}@vendor.example>`,
      from: 'hub@vendor.example',
      to: 'psirt@partner.example',
      subject: 'There is something new for you',
      'auto-submitted': 'auto-generated',
    })
    expect(Object.keys(headers).sort()).toEqual([
      'auto-submitted',
      'content-transfer-encoding',
      'content-type',
      'date',
      'from',
      'message-id',
      'mime-version',
      'subject',
      'to',
    ])
    // All mail is the same but for its id.
    expect(second?.text.replaceAll('b'.repeat(32), 'a'.repeat(32))).toBe(first?.text)
  })

  test('sent again has the same Message-ID', async () => {
    await mailer.send({ id: ID, to: 'psirt@partner.example', at: AT })
    await mailer.send({ id: ID, to: 'psirt@partner.example', at: AT })
    expect(delivered[0]?.text).toBe(delivered[1]?.text)
  })

  test.each([
    'psirt@partner.example\r\nBcc: all@press.example',
    'psirt@partner.example\nSubject: CVE-2026-0001',
    'psirt@partner.example, all@press.example',
    'Press <all@press.example>, psirt@partner.example',
    'psirt@partner.example>\r\nDATA',
  ])('to %j never grows a header or a second recipient', async (to) => {
    await mailer.send({ id: ID, to, at: AT }).catch(() => undefined)
    for (const one of delivered) {
      expect(one.to.length).toBe(1)
      expect(headersOf(one.text)).not.toHaveProperty('bcc')
      expect(headersOf(one.text)['subject']).toBe('There is something new for you')
    }
  })

  test('says so when the server does not take it', async () => {
    const nowhere = openMailer({ smtp: 'smtp://127.0.0.1:1', from: 'hub@vendor.example' }, 'vendor.example')
    await expect(nowhere.send({ id: ID, to: 'a@partner.example', at: AT })).rejects.toThrow('ECONNREFUSED')
    expect(() => openMailer({ smtp: 'vendor.example', from: 'x' }, 'y')).toThrow('must be given as smtp://')
  })
})
