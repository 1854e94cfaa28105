import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateHybridIdentity, identityToRecipient } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import { decryptAge } from './age-file.ts'
import { checkRecipients, formatIdentityFile, generateIdentity, parseIdentity, recipientKind } from './identity.ts'
import { decryptVaultFile, encryptVaultFile, lockIdentity, unlockIdentity } from './vault-file.ts'

// From the test vectors of age itself (C2SP CCTV testkit identity).
const KNOWN = 'AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0'

const hasAge = ((): boolean => {
  try {
    execFileSync('age', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    console.warn('SKIPPED: interoperability with the age command; install the Debian package "age" to run it')
    return false
  }
})()

function withFolder<T>(action: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'sigillo-age-'))
  try {
    return action(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('identities', () => {
  it('parse alone and from an age-keygen file, and give their recipient', async () => {
    const alone = await parseIdentity(KNOWN)
    expect(alone.recipient).toMatch(/^age1[a-z0-9]{58}$/)
    expect(await parseIdentity(formatIdentityFile(alone, '2026-01-02T03:04:05Z'))).toEqual(alone)
    expect(await parseIdentity(`\r\n# a comment\r\n${KNOWN}\r\n`)).toEqual(alone)
  })

  it('are fresh each time', async () => {
    const [a, b] = [await generateIdentity(), await generateIdentity()]
    expect(a.identity).not.toBe(b.identity)
    expect(await parseIdentity(a.identity)).toEqual(a)
  })

  it('can be post-quantum, and are read back from their file', async () => {
    const hybrid = await generateIdentity('hybrid')
    expect(hybrid.identity).toMatch(/^AGE-SECRET-KEY-PQ-1/)
    expect(recipientKind(hybrid.recipient)).toBe('hybrid')
    expect(await parseIdentity(formatIdentityFile(hybrid, '2026-01-02T03:04:05Z'))).toEqual(hybrid)
  })

  it.each([
    ['', 'there is no AGE-SECRET-KEY-1… line'],
    ['# nothing here\n', 'there is no AGE-SECRET-KEY-1… line'],
    [`${KNOWN}\n${KNOWN}`, 'there are 2 key lines'],
    ['age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj', 'this is a recipient (public key'],
    ['AGE-SECRET-KEY-PQ-1XXXX', 'its checksum or length is wrong'],
    ['AGE-PLUGIN-YUBIKEY-1XXXX', 'an age plugin identity belongs to a key in hardware'],
    ['PRIVATE+KEY+partner-017+00000000+AQ==', 'this is a signing key'],
    [KNOWN.replace('EGTZ', 'EGTZQ'), 'its checksum or length is wrong'],
    [KNOWN.toLowerCase(), 'this is not an age identity'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----', 'this is not an age identity'],
    ['\u0000\u0001\u0002', 'this is not an age identity'],
  ])('name what is wrong with %j', async (text, reason) => {
    const attempt = parseIdentity(text)
    await expect(attempt).rejects.toMatchObject({ code: 'bad-key' })
    await expect(attempt).rejects.toThrow(reason)
    await expect(attempt).rejects.not.toThrow('EGTZ')
  })
})

describe('recipients', () => {
  it('are told apart by their prefix', async () => {
    expect(recipientKind((await generateIdentity()).recipient)).toBe('x25519')
    expect(recipientKind(await identityToRecipient(await generateHybridIdentity()))).toBe('hybrid')
    expect(recipientKind('age1tag1qqqq')).toBe('tag')
    expect(recipientKind('age1tagpq1qqqq')).toBe('hybrid-tag')
  })

  it.each([
    'age1yubikey1qqqq',
    'age1../../bin/sh1qqqq',
    'ssh-ed25519 AAAA',
    '',
    'age',
    '1',
    'AGE1QQQ',
    'age1\n',
    'agepq1qqqq',
    'bc1qqqq',
  ])('refuse the foreign kind %j', async (text) => {
    await expect(checkRecipients([text])).rejects.toMatchObject({ code: 'bad-recipient' })
  })

  it('refuse a mix of post-quantum and classic, duplicates, none, and a damaged one', async () => {
    const classic = (await generateIdentity()).recipient
    const hybrid = await identityToRecipient(await generateHybridIdentity())
    await expect(checkRecipients([classic, hybrid])).rejects.toThrow(
      'post-quantum and classic recipients cannot share one age file',
    )
    await expect(checkRecipients([classic, 'age1tagpq1qqqq'])).rejects.toThrow('post-quantum and classic')
    await expect(checkRecipients([hybrid])).resolves.toBeUndefined()
    await expect(checkRecipients([hybrid.slice(0, -1)])).rejects.toMatchObject({ code: 'bad-recipient' })
    await expect(checkRecipients([classic, classic])).rejects.toThrow('is listed twice')
    await expect(checkRecipients([])).rejects.toThrow('no recipient')
    await expect(checkRecipients([classic.slice(0, -1)])).rejects.toMatchObject({ code: 'bad-recipient' })
    await expect(checkRecipients([classic])).resolves.toBeUndefined()
  })

  it('name an identity given in place of a recipient without quoting it', async () => {
    await expect(checkRecipients([KNOWN])).rejects.toThrow('this is an identity (secret key)')
    await expect(checkRecipients([KNOWN])).rejects.not.toThrow('EGTZ')
  })
})

describe('vault files', () => {
  it('open for every member and for nobody else', async () => {
    const [a, b, stranger] = [await generateIdentity(), await generateIdentity(), await generateIdentity()]
    const secret = new TextEncoder().encode('code key K')
    const file = await encryptVaultFile(secret, [a.recipient, b.recipient])
    expect(await decryptVaultFile(file, [a.identity])).toEqual(secret)
    expect(await decryptVaultFile(file, [stranger.identity, b.identity])).toEqual(secret)
    await expect(decryptVaultFile(file, [stranger.identity])).rejects.toMatchObject({ code: 'wrong-identity' })
  })

  it('open for a post-quantum member alone, and for no classic key', async () => {
    const [hybrid, classic] = [await generateIdentity('hybrid'), await generateIdentity()]
    const secret = new TextEncoder().encode('code key K')
    const file = await encryptVaultFile(secret, [hybrid.recipient])
    expect(Buffer.from(file).toString('latin1')).toMatch(/^age-encryption\.org\/v1\n-> mlkem768x25519 /)
    expect(await decryptVaultFile(file, [hybrid.identity])).toEqual(secret)
    await expect(decryptVaultFile(file, [classic.identity])).rejects.toMatchObject({ code: 'wrong-identity' })
  })

  it('notice every changed and every missing byte', async () => {
    const a = await generateIdentity()
    const file = await encryptVaultFile(new TextEncoder().encode('x'.repeat(40)), [a.recipient])
    for (let at = 0; at < file.length; at++) {
      const changed = file.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      await expect(decryptVaultFile(changed, [a.identity])).rejects.toHaveProperty('name', 'SealError')
      await expect(decryptVaultFile(file.subarray(0, at), [a.identity])).rejects.toHaveProperty('code', 'bad-age-file')
    }
  })

  it('lock an identity under a passphrase', async () => {
    const a = await generateIdentity()
    const locked = await lockIdentity(a, 'six words that nobody would guess', '2026-01-02T03:04:05Z', 10)
    expect(Buffer.from(locked).includes(a.identity)).toBe(false)
    expect(await unlockIdentity(locked, 'six words that nobody would guess')).toEqual(a)
    await expect(unlockIdentity(locked, 'another')).rejects.toMatchObject({ code: 'wrong-passphrase' })
    await expect(lockIdentity(a, '', '2026-01-02T03:04:05Z', 10)).rejects.toMatchObject({ code: 'wrong-passphrase' })
    await expect(lockIdentity(a, 'x', '2026-01-02T03:04:05Z', 9)).rejects.toThrow('must be 10 to 20')
  })

  it('use the work factor 18 unless told otherwise', async () => {
    const locked = await lockIdentity(await parseIdentity(KNOWN), 'passphrase', '2026-01-02T03:04:05Z')
    expect(Buffer.from(locked).toString('latin1')).toMatch(/^age-encryption\.org\/v1\n-> scrypt \S+ 18\n/)
  })
})

describe.runIf(hasAge)('the age command of Debian', () => {
  // S2 in small: chunk edges of the age format (64 KiB) in both directions.
  const sizes = [0, 1, 1000, 65_535, 65_536, 65_537, 131_072, 131_073, 1_048_576]

  it.each(sizes)('opens our %i bytes and we open its', async (size) => {
    const key = await generateIdentity()
    const plaintext = Buffer.alloc(size, 'sigillo ')
    const ours = await encryptVaultFile(plaintext, [key.recipient])
    const theirs = withFolder((folder) => {
      writeFileSync(join(folder, 'key.txt'), formatIdentityFile(key, '2026-01-02T03:04:05Z'))
      const opened = execFileSync('age', ['-d', '-i', join(folder, 'key.txt')], { input: ours, maxBuffer: 2 ** 26 })
      expect(opened.equals(plaintext)).toBe(true)
      return execFileSync('age', ['-r', key.recipient], { input: plaintext, maxBuffer: 2 ** 26 })
    })
    expect(Buffer.from(await decryptAge(theirs, { identities: [key.identity] })).equals(plaintext)).toBe(true)
    const armored = execFileSync('age', ['-a', '-r', key.recipient], { input: plaintext, maxBuffer: 2 ** 26 })
    expect(Buffer.from(await decryptAge(armored, { identities: [key.identity] })).equals(plaintext)).toBe(true)
  })

  it('reads the keys that age-keygen makes', async () => {
    const file = execFileSync('age-keygen', { stdio: ['ignore', 'pipe', 'ignore'] }).toString()
    const key = await parseIdentity(file)
    expect(file).toContain(`# public key: ${key.recipient}\n`)
  })
})
