import { createServer } from 'node:http'
import { isIP, type AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { addressRule } from './webhook-address.ts'
import { webhookKeyOf } from './webhook-key.ts'
import { sendWebhook } from './webhook-send.ts'

// Goal U7: no message reaches an address that is not public, however it is written.

const rule = addressRule([])

const REFUSED = `
  127.0.0.1 127.1.2.3 0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 169.254.169.254 172.16.0.1 172.31.255.255
  192.0.0.1 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1
  255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:7f00:1 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 100::1 fc00::1
  fd12:3456::1 fe80::1 fec0::1 ff02::1 2001:db8::1 2001::1 2002:7f00:1::1 3fff::1 5f00::1`
const PUBLIC =
  '1.1.1.1 9.9.9.9 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.1 192.0.1.1 198.20.0.1 223.255.255.255 2606:4700::1111 2a00:1450::1'

/** Hosts of URLs that all mean this machine or its metadata service, to something that reads them. */
const TRICKS = `
  127.0.0.1 127.1 127.0.1 0 0.0.0.0 2130706433 0x7f000001 0x7f.1 0x7f.0.0.1 0177.0.0.1 0177.1 017700000001 127.0.0.1. 127.000.000.001
  ①②⑦.0.0.1 127。0。0。1 [::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:7f00:0001] [::127.0.0.1]
  169.254.169.254 2852039166 0xa9fea9fe 0251.0376.0251.0376 [::ffff:a9fe:a9fe] [fe80::1] [fd00:ec2::254] localhost LOCALHOST localhost.
  localhost.localdomain 10.1 192.168.1 172.16.1 user:secret@127.0.0.1 example.com@127.0.0.1 127.0.0.1%2f 0.0.0.0:80 [64:ff9b::127.0.0.1]`

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

describe('which addresses are public', () => {
  test.each(words(REFUSED))('%s is not', (ip) => {
    expect(isIP(ip)).not.toBe(0)
    expect(rule.allows(ip)).toBe(false)
  })

  test.each(words(PUBLIC))('%s is', (ip) => expect(rule.allows(ip)).toBe(true))

  test('what is no IP address never is', () => {
    for (const text of ['', 'localhost', '1.2.3', '1.2.3.4.5', '999.1.1.1', '::g'])
      expect(rule.allows(text)).toBe(false)
  })

  test('an operator can allow networks of its own, and only networks', () => {
    const own = addressRule(['10.1.0.0/16', 'fd00::/8'])
    expect([own.allows('10.1.2.3'), own.allows('10.2.0.1'), own.allows('fd00::1'), own.allows('::1')]).toEqual([
      true,
      false,
      true,
      false,
    ])
    for (const bad of ['10.1.0.0', '10.1.0.0/33', 'localhost/8', '', '10.1.0.0/x'])
      expect(() => addressRule([bad])).toThrow('is not a network')
  })
})

describe('a message to an address that tries to look public', () => {
  const key = webhookKeyOf(new Uint8Array(32))
  const at = new Date('2026-03-09T18:00:00Z')

  test(`never connects, in ${String(words(TRICKS).length * 2)} spellings`, async () => {
    let connections = 0
    const server = createServer((_, response) => response.end())
    server.on('connection', () => connections++)
    await new Promise<void>((resolve) => server.listen(0, resolve))
    const { port } = server.address() as AddressInfo
    const send = (address: string, allowed = rule) => {
      const message = { id: 'msg_1', endpointId: 'e', address, kind: 'embargo.lifted', eventIndex: 0, at }
      return sendWebhook({ key, rule: allowed, timeoutMs: 2_000 }, message, at)
    }
    try {
      for (const host of words(TRICKS)) {
        for (const scheme of ['http', 'https']) {
          const outcome = await send(`${scheme}://${host.replace(/:80$/, '')}:${String(port)}/`)
          expect(outcome.kind, host).toBe('failed')
        }
      }
      expect(connections).toBe(0)
      // The same server answers once its network is allowed: what kept the others away was the rule.
      expect(await send(`http://127.0.0.1:${String(port)}/`, addressRule(['127.0.0.0/8']))).toEqual({ kind: 'taken' })
      expect(connections).toBe(1)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  test('a name is judged by what it resolves to at that moment', async () => {
    const looked = await new Promise((resolve) => {
      rule.lookup('localhost', { all: false }, (error) => resolve(error?.message))
    })
    expect(looked).toBe('it resolves to an address that is not public')
  })
})
