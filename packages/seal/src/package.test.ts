import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { packArchive, readArchive } from './archive.ts'
import { generateNoteKey, noteSigner } from './ed25519.ts'
import { SealError } from './errors.ts'
import { type AgeIdentity, generateIdentity } from './identity.ts'
import { contentsHash } from './manifest.ts'
import { inspectPackage, openPackage, packageHash, readManifest, sealWhole } from './package.ts'
import { joinPackage, splitPackage } from './package-parts.ts'

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const vendor = generateNoteKey('vendor.example/release')
const stranger = generateNoteKey('vendor.example/release')

const files = [
  { path: 'poc/exploit.py', bytes: text('print("posta")\n') },
  { path: 'guidance.md', bytes: text('# Guidance\n') },
]

let key: AgeIdentity
let identity = ''
let input: Parameters<typeof sealWhole>[0]
let sealed: Uint8Array = new Uint8Array()

beforeAll(async () => {
  key = await generateIdentity()
  identity = key.identity
  input = {
    programme: 'Example programme',
    package: 'case-7.d1.partner-017.1',
    case: 'case-7',
    distribution: 'case-7.d1',
    recipient: 'partner-017',
    tier: 'full',
    notBefore: '2026-03-01T10:00:00.000Z',
    sealedAt: '2026-02-20T09:00:00.000Z',
    planHash: 'a'.repeat(64),
    codeCommitment: 'b'.repeat(64),
    ageRecipient: key.recipient,
    files,
    signer: noteSigner(vendor.secret),
  }
  sealed = await sealWhole(input)
})

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
  } catch (error) {
    if (error instanceof SealError) return error.code
    throw error
  }
  return 'accepted'
}

const open = (bytes: Uint8Array): Promise<unknown> => openPackage({ bytes, identity, vendorKey: vendor.vkey })

/** Takes a package apart, changes one member and packs it again. */
function withMember(path: string, change: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  return packArchive(
    readArchive(sealed).map((file) => (file.path === path ? { path, bytes: change(file.bytes) } : file)),
  )
}

/** What opening says when the text of the manifest note is changed. */
const edit = (change: (note: string) => string): Promise<string> =>
  codeOf(open(withMember('manifest.note', (bytes) => text(change(new TextDecoder().decode(bytes))))))

function flipLast(bytes: Uint8Array): Uint8Array {
  const changed = bytes.slice()
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
  return changed
}

describe('a sealed package', () => {
  it('gives its recipient the copy and what the vendor signed', async () => {
    const opened = await openPackage({ bytes: sealed, identity, vendorKey: vendor.vkey })
    expect(opened.files.map((file) => [file.path, Buffer.from(file.bytes).toString()])).toEqual([
      ['guidance.md', '# Guidance\n'],
      ['poc/exploit.py', 'print("posta")\n'],
    ])
    expect(opened.manifest).toMatchObject({
      recipient: 'partner-017',
      tier: 'full',
      notBefore: '2026-03-01T10:00:00.000Z',
    })
    expect(readManifest(sealed, vendor.vkey)).toEqual(opened.manifest)
    expect(inspectPackage(sealed)).toEqual({ manifest: opened.manifest, signer: 'vendor.example/release' })
  })

  it('can be sealed to a post-quantum key, which alone opens it', async () => {
    const hybrid = await generateIdentity('hybrid')
    const bytes = await sealWhole({ ...input, ageRecipient: hybrid.recipient })
    const opened = await openPackage({ bytes, identity: hybrid.identity, vendorKey: vendor.vkey })
    expect(opened.files.map((file) => file.path)).toEqual(['guidance.md', 'poc/exploit.py'])
    expect(await codeOf(openPackage({ bytes, identity, vendorKey: vendor.vkey }))).toBe('wrong-identity')
  })

  it('shows whoever stores it neither names, nor plaintext, nor a hash of plaintext', () => {
    const shown = Buffer.from(sealed).toString('latin1')
    for (const hidden of ['exploit', 'guidance', 'posta']) expect(shown).not.toContain(hidden)
    for (const file of files) expect(shown).not.toContain(packageHash(file.bytes))
    expect(shown).not.toContain(packageHash(packArchive(files)))
  })

  it('blinds its contents: the same copy sealed twice gives unequal manifests', async () => {
    const again = readManifest(await sealWhole(input), vendor.vkey)
    expect(contentsHash(again)).not.toBe(contentsHash(readManifest(sealed, vendor.vkey)))
  })

  it('is refused at sealing when it could not be opened later', async () => {
    expect(await codeOf(sealWhole({ ...input, files: [] }))).toBe('bad-manifest')
    expect(await codeOf(sealWhole({ ...input, ageRecipient: 'age1pq1qqq' }))).toBe('bad-recipient')
    expect(await codeOf(sealWhole({ ...input, files: [{ path: '../x', bytes: text('') }] }))).toBe('bad-path')
    expect(await codeOf(sealWhole({ ...input, recipient: 'a\nb' }))).toBe('bad-manifest')
    expect(await codeOf(sealWhole({ ...input, notBefore: '2026-02-31T00:00:00Z' }))).toBe('bad-manifest')
    expect(await codeOf(sealWhole({ ...input, planHash: 'A'.repeat(64) }))).toBe('bad-manifest')
  })
})

describe('what opening refuses, by name', () => {
  it('another key', async () => {
    const attempt = openPackage({
      bytes: sealed,
      identity: (await generateIdentity()).identity,
      vendorKey: vendor.vkey,
    })
    await expect(attempt).rejects.toMatchObject({ code: 'wrong-identity' })
    await expect(attempt).rejects.toThrow('sealed to another key')
  })

  it('a package of another vendor, even under the same key name', async () => {
    expect(await codeOf(openPackage({ bytes: sealed, identity, vendorKey: stranger.vkey }))).toBe('bad-signature')
    const forged = await sealWhole({ ...input, signer: noteSigner(stranger.secret) })
    expect(await codeOf(open(forged))).toBe('bad-signature')
  })

  it('a malformed vendor key', async () => {
    expect(await codeOf(openPackage({ bytes: sealed, identity, vendorKey: 'nonsense' }))).toBe('bad-key')
  })

  it('a truncated package, at every length', async () => {
    for (let length = 0; length < sealed.length; length += 101)
      expect(await codeOf(open(sealed.subarray(0, length)))).toBe('truncated')
  })

  it.each([
    ['text', text('hello, this is a text file\n'.repeat(100))],
    ['a short text', text('hi')],
    ['zeros', new Uint8Array(2048)],
    ['another archive', packArchive([{ path: 'x', bytes: text('x') }])],
    [
      'an archive with more members',
      packArchive([
        { path: 'body.age', bytes: text('x') },
        { path: 'z', bytes: text('x') },
      ]),
    ],
  ])('%s: not a package', async (_name, bytes) => {
    expect(await codeOf(open(bytes))).toBe('not-a-package')
  })

  it('sealed parts that were exchanged or altered', async () => {
    const other = new Map(readArchive(await sealWhole(input)).map((file) => [file.path, file.bytes]))
    for (const path of ['body.age', 'keys.age']) {
      expect(await codeOf(open(withMember(path, () => other.get(path) ?? new Uint8Array())))).toBe('hash-mismatch')
      expect(await codeOf(open(withMember(path, flipLast)))).toBe('hash-mismatch')
      expect(await codeOf(open(withMember(path, (bytes) => bytes.subarray(1))))).toBe('hash-mismatch')
    }
  })

  it('an added signature line, an altered manifest, a note that is none', async () => {
    expect(await edit((note) => note.replace('"full"', '"less"'))).toBe('bad-signature')
    expect(await edit((note) => `${note}— other.example AAAAAAAAAA==\n`)).toBe('bad-signature')
    expect(await edit((note) => note.replace('\n\n', '\n\n\n'))).toBe('bad-signature')
    expect(await edit(() => 'hello\n')).toBe('bad-signature')
    expect(await edit(() => '')).toBe('bad-signature')
  })

  it('every changed byte', async () => {
    for (let at = 0; at < sealed.length; at += 3) {
      const changed = sealed.slice()
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8))
      expect(await codeOf(open(changed))).not.toBe('accepted')
    }
  })
})

describe('a package that travels without its body', () => {
  it('has the same name with its body and without, opens with it, and says when it is not there', async () => {
    const parts = splitPackage(sealed)
    const keyed = parts?.keyed ?? new Uint8Array()
    expect(packageHash(keyed)).toBe(packageHash(sealed))
    expect(readManifest(keyed, vendor.vkey)).toEqual(readManifest(sealed, vendor.vkey))
    const open = (body?: Uint8Array) =>
      openPackage({ bytes: keyed, identity, vendorKey: vendor.vkey, ...(body === undefined ? {} : { body }) })
    expect((await open(parts?.body)).files).toHaveLength(2)
    await expect(open()).rejects.toMatchObject({ code: 'no-body' })
    const foreign = splitPackage(await sealWhole(input))?.body
    await expect(open(foreign)).rejects.toThrow('body.age is not the one that the manifest signs')
    expect(joinPackage(keyed, parts?.body ?? new Uint8Array())).toEqual(sealed)
  })
})

describe.each(['package-1', 'package-2', 'package-2-keys-3'])('%s, which was sealed long ago', (name) => {
  const vector: {
    readonly identity: string
    readonly vendorKey: string
    readonly package: string
    readonly sha256: string
    readonly files: readonly { readonly path: string; readonly text: string }[]
  } = JSON.parse(readFileSync(new URL(`../../../vectors/seal/${name}.json`, import.meta.url), 'utf8'))
  const bytes = new Uint8Array(Buffer.from(vector.package, 'base64'))

  it('still opens, under the name that its receipts have', async () => {
    const { manifest, files: opened } = await openPackage({
      bytes,
      identity: vector.identity,
      vendorKey: vector.vendorKey,
    })
    const shown = opened.map((file) => ({ path: file.path, text: Buffer.from(file.bytes).toString() }))
    expect(shown).toEqual(vector.files.toSorted((a, b) => (a.path < b.path ? -1 : 1)))
    expect(manifest).toMatchObject({ package: 'case-7.d1.partner-017.1', recipient: 'partner-017' })
    expect(packageHash(bytes)).toBe(vector.sha256)
  })

  it('is still refused when it was changed', async () => {
    for (let at = 0; at < bytes.length; at += 97) {
      const changed = bytes.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      const attempt = openPackage({ bytes: changed, identity: vector.identity, vendorKey: vector.vendorKey })
      expect(await codeOf(attempt)).not.toBe('accepted')
    }
  })
})
