import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { decryptAge, encryptAge } from './age-file.ts'
import { DEFAULT_LIMITS, packArchive, readArchive } from './archive.ts'
import { openBody, type OpenedBody, sealBody, type SealedBody, type VariantKey } from './body.ts'
import { assembleCopy, type CopyKeys, keysOf } from './copy-keys.ts'
import type { ChosenFile, CutFile } from './cut-copy.ts'
import { generateNoteKey, noteSigner } from './ed25519.ts'
import { SealError } from './errors.ts'
import { type AgeIdentity, formatIdentityFile, generateIdentity } from './identity.ts'
import { unlockBox } from './internal/box.ts'
import { boxKey } from './internal/variant-key.ts'
import { decodeKeys } from './keys-record.ts'
import { isKeyed, type KeyedManifest } from './manifest.ts'
import { openPackage, readManifest, sealPackage } from './package.ts'
import { joinPackage, MEMBER, partOf } from './package-parts.ts'

const hasAge = ((): boolean => {
  try {
    execFileSync('age', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    console.warn('SKIPPED: opening a package with the age command; install the Debian package "age" to run it')
    return false
  }
})()
const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const shown = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString()
const vendor = generateNoteKey('vendor.example/release')

/** Two files; five sites with two to four variants of unlike lengths, and the stretches between them. */
const files: readonly CutFile[] = [
  {
    path: 'guidance.md',
    segments: [
      [text('# Guidance\n')],
      [text('Patch now.\n'), text('Update at once, whatever the cost may be to those who run it.\n'), text('Hurry.\n')],
      [text('Ask us.\n'), text('Write to us.\n')],
    ],
  },
  {
    path: 'poc/exploit.py',
    segments: [
      [text('import os\n'), text('import os as system\n')],
      [text('one()\n'), text('first()\n')],
      [text('two()\n')],
      [text('print("a")\n'), text('print("b")\n'), text("print('c')\n"), text('')],
    ],
  },
]
const pieces = (...chosen: readonly (readonly [number, number])[]): ChosenFile['pieces'] =>
  chosen.map(([segment, variant]) => ({ segment, variant }))
const copyA: readonly ChosenFile[] = [
  { path: 'guidance.md', pieces: pieces([0, 0], [1, 1], [2, 0]) },
  { path: 'poc/exploit.py', pieces: pieces([0, 0], [1, 1], [2, 0], [3, 3]) },
]
const copyB: readonly ChosenFile[] = [
  { path: 'guidance.md', pieces: pieces([0, 0], [1, 2], [2, 1]) },
  { path: 'poc/exploit.py', pieces: pieces([0, 1], [2, 0], [1, 0], [3, 0]) },
]

let body: SealedBody
let opened: OpenedBody
let ana: AgeIdentity
let bea: AgeIdentity
let toAna: Uint8Array<ArrayBuffer>
let toBea: Uint8Array<ArrayBuffer>

const sealTo = (key: AgeIdentity, copy: readonly ChosenFile[], from = body) =>
  sealPackage({
    programme: 'Example programme',
    package: 'case-7.d1.partner-017.1',
    case: 'case-7',
    distribution: 'case-7.d1',
    recipient: 'partner-017',
    tier: 'full',
    notBefore: null,
    sealedAt: '2026-02-20T09:00:00.000Z',
    planHash: 'a'.repeat(64),
    codeCommitment: 'b'.repeat(64),
    ageRecipient: key.recipient,
    body: from,
    copy,
    signer: noteSigner(vendor.secret),
  })

const open = (bytes: Uint8Array, key: AgeIdentity, of: Uint8Array = body.bytes) =>
  openPackage({ bytes, body: of, identity: key.identity, vendorKey: vendor.vkey })

beforeAll(async () => {
  body = await sealBody(files)
  opened = await openBody(body.bytes, { outer: body.outer, catalogue: body.catalogue, limits: DEFAULT_LIMITS })
  ana = await generateIdentity()
  bea = await generateIdentity('hybrid')
  toAna = await sealTo(ana, copyA)
  toBea = await sealTo(bea, copyB)
})

describe('copies that share a body', () => {
  it('open to exactly their own variants, in their own order', async () => {
    const [guidance, exploit] = (await open(toAna, ana)).files
    expect(shown(guidance?.bytes)).toBe(
      '# Guidance\nUpdate at once, whatever the cost may be to those who run it.\nAsk us.\n',
    )
    expect(shown(exploit?.bytes)).toBe('import os\nfirst()\ntwo()\n')
    const [, reordered] = (await open(toBea, bea)).files
    expect(shown(reordered?.bytes)).toBe('import os as system\ntwo()\none()\nprint("a")\n')
  })

  it('differ in nothing but their keys: both manifests name one body and one catalogue', () => {
    const [a, b] = [toAna, toBea].map((bytes) => manifestOf(bytes))
    expect(a?.body).toEqual(b?.body)
    expect(a?.catalogue).toBe(b?.catalogue)
    expect(a?.contents).not.toBe(b?.contents)
  })

  it('have no key for a variant of anybody else: every key opens one box, its own', async () => {
    const own = await keysIn(toAna, ana)
    const boxes = new Set(own.files.flatMap((file) => file.pieces.map(({ box }) => box)))
    expect(boxes.size).toBe(7)
    for (const { pieces: held } of own.files) {
      for (const { box, secret } of held) {
        const opens = (index: number, place: number): boolean =>
          [boxKey(secret, opened.salt, place), boxKey(secret, opened.salt, index)].some(
            (key) => unlockBox(key, place, opened.box(index)) !== null,
          )
        const able = opened.entries.flatMap((_, index) =>
          opened.entries.some((__, place) => opens(index, place)) ? [index] : [],
        )
        expect(able).toEqual([box])
      }
    }
    const foreign = (await keysIn(toBea, bea)).files.flatMap((file) => file.pieces).filter(({ box }) => !boxes.has(box))
    expect(foreign.length).toBeGreaterThan(0)
  })

  it('are told neither by the sizes nor by the places of boxes', async () => {
    for (const segments of body.keys.values())
      for (const variants of segments) expect(new Set(variants.map(({ box }) => opened.box(box).length)).size).toBe(1)
    const places = (sealed: SealedBody): string =>
      [...sealed.keys.values()]
        .flat(2)
        .map(({ box }) => box)
        .join()
    const orders = new Set([places(body)])
    for (let round = 0; round < 4; round += 1) orders.add(places(await sealBody(files)))
    expect(orders.size).toBe(5)
  })

  it('lie in the body as ciphertext: neither text nor hash of a key or variant shows', async () => {
    const inside = Buffer.from(await decryptAge(body.bytes, { identities: [body.outer] })).toString('latin1')
    for (const hidden of ['Guidance', 'Patch', 'import', 'print', 'poc']) expect(inside).not.toContain(hidden)
    for (const { box, secret } of [...body.keys.values()].flat(2))
      for (const hidden of [secret, boxKey(secret, body.salt, box)])
        expect(inside).not.toContain(Buffer.from(hidden).toString('latin1'))
  })

  it('cannot be sealed with a variant that the body does not hold', async () => {
    const beyond = [{ path: 'guidance.md', pieces: pieces([1, 3]) }]
    await expect(sealTo(ana, beyond)).rejects.toMatchObject({ code: 'bad-body' })
    await expect(sealTo(ana, [{ path: 'other', pieces: pieces([0, 0]) }])).rejects.toMatchObject({ code: 'bad-body' })
    await expect(sealTo(ana, [])).rejects.toMatchObject({ code: 'bad-manifest' })
    await expect(sealBody([...files, ...files])).rejects.toMatchObject({ code: 'bad-path' })
  })
})

describe('what assembling refuses', () => {
  const swap = (change: (held: VariantKey[]) => VariantKey[]): CopyKeys => {
    const keys = keysOf(body, copyA, randomBytes(32))
    return { ...keys, files: keys.files.map((file) => ({ ...file, pieces: change([...file.pieces]) })) }
  }

  it('a wrong key, naming the site, before any box is opened', () => {
    const spy: OpenedBody = { ...opened, box: () => expect.fail('a box was opened') }
    const wrong = swap((held) => held.map((piece, at) => (at === 2 ? { ...piece, secret: randomBytes(16) } : piece)))
    expect(() => assembleCopy(spy, wrong)).toThrow(
      expect.objectContaining({ code: 'wrong-key', message: expect.stringMatching(/^guidance\.md, site 3: /) }),
    )
  })

  it('the key of another variant of the same site, or of another site', () => {
    const other = body.keys.get('guidance.md')?.[1]?.[2]?.secret ?? randomBytes(16)
    for (const at of [1, 2])
      expect(() =>
        assembleCopy(
          opened,
          swap((held) => held.map((p, i) => (i === at ? { ...p, secret: other } : p))),
        ),
      ).toThrow(expect.objectContaining({ code: 'wrong-key' }))
  })

  it('a box that is not there, and one that is used twice', () => {
    expect(() =>
      assembleCopy(
        opened,
        swap((held) => held.map((piece) => ({ ...piece, box: 999 }))),
      ),
    ).toThrow(expect.objectContaining({ code: 'wrong-key' }))
    expect(() =>
      assembleCopy(
        opened,
        swap(([first]) => (first === undefined ? [] : [first, first])),
      ),
    ).toThrow(expect.objectContaining({ code: 'bad-keys' }))
  })

  it('boxes that changed places, a box that was changed, and one that was cut', () => {
    const boxOf = (segment: number): number => body.keys.get('guidance.md')?.[segment]?.[0]?.box ?? -1
    const [a, b] = [boxOf(0), boxOf(2)]
    const exchanged: OpenedBody = {
      ...opened,
      box: (index) => opened.box(index === a ? b : index === b ? a : index),
    }
    const flipped: OpenedBody = {
      ...opened,
      box: (index) => opened.box(index).map((byte, at) => (at === 20 ? byte ^ 1 : byte)),
    }
    const cut: OpenedBody = { ...opened, box: (index) => opened.box(index).subarray(1) }
    for (const changed of [exchanged, flipped, cut])
      expect(() => assembleCopy(changed, keysOf(body, copyA, randomBytes(32)))).toThrow(
        expect.objectContaining({ code: 'bad-body', message: expect.stringMatching(/guidance\.md, site 1: box/) }),
      )
  })
})

describe('what opening refuses, where a vendor signed it', () => {
  /** A body of the vendor's own making: the members of the true one, changed. */
  const forge = async (change: (members: Map<string, Uint8Array>) => void, catalogue = body.catalogue) => {
    const members = new Map(
      readArchive(await decryptAge(body.bytes, { identities: [body.outer] })).map((file) => [file.path, file.bytes]),
    )
    change(members)
    const inside = packArchive([...members].map(([path, bytes]) => ({ path, bytes })))
    const { recipient, identity } = await generateIdentity()
    const bytes = await encryptAge(inside, [recipient])
    const forged: SealedBody = { ...body, bytes, part: partOf(bytes), outer: identity, catalogue }
    return async () => open(await sealTo(ana, copyA, forged), ana, bytes)
  }
  const codeOf = async (attempt: () => Promise<unknown>): Promise<string> => {
    try {
      await attempt()
    } catch (error) {
      if (error instanceof SealError) return error.code
      throw error
    }
    return 'accepted'
  }

  it('what it does not change is accepted', async () => {
    expect(await codeOf(await forge(() => undefined))).toBe('accepted')
  })

  it.each<[string, (members: Map<string, Uint8Array>) => void]>([
    ['a catalogue that is not the signed one', (members) => members.set('catalogue', flip(members.get('catalogue')))],
    [
      'a catalogue that is cut',
      (members) => members.set('catalogue', members.get('catalogue')?.subarray(3) ?? text('')),
    ],
    ['boxes that are cut', (members) => members.set('boxes', members.get('boxes')?.subarray(64) ?? text(''))],
    ['no boxes', (members) => void members.delete('boxes')],
    ['no salt', (members) => void members.delete('salt')],
    ['another salt', (members) => members.set('salt', randomBytes(32))],
    ['a member too many', (members) => members.set('more', text(''))],
  ])('%s', async (_, change) => {
    expect(await codeOf(await forge(change))).toBe('bad-body')
  })

  it('a manifest that signs another catalogue, or a copy that is not the one assembled', async () => {
    expect(await codeOf(await forge(() => undefined, '0'.repeat(64)))).toBe('bad-body')
    // The vendor commits to copy A and sends the keys of copy B.
    const lying = { ...body, files: files.map((file) => ({ ...file, segments: file.segments.toReversed() })) }
    const attempt = async () =>
      open(await sealTo(ana, [{ path: 'guidance.md', pieces: pieces([0, 0], [1, 0], [2, 0]) }], lying), ana)
    expect(await codeOf(attempt)).toBe('hash-mismatch')
  })

  it('a package cut at any length, and any changed byte of it', async () => {
    for (let length = 0; length < toAna.length; length += 301)
      expect(await codeOf(() => open(toAna.subarray(0, length), ana))).toBe('truncated')
    for (let at = 0; at < toAna.length; at += 31) {
      const changed = toAna.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(await codeOf(() => open(changed, ana))).not.toBe('accepted')
    }
  })

  it('a changed, cut or foreign body', async () => {
    const foreign = await sealBody(files)
    for (const other of [flip(body.bytes), body.bytes.subarray(0, -1), foreign.bytes])
      expect(await codeOf(() => open(toAna, ana, other))).toBe('hash-mismatch')
  })

  it('the keys of another', async () => {
    expect(await codeOf(() => open(toAna, bea))).toBe('wrong-identity')
  })
})

describe('without our program', () => {
  it.runIf(hasAge)('age opens the keys, and with the outer key the body', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sigillo-variants-'))
    const run = (command: string, ...args: string[]): string => execFileSync(command, args, { cwd: folder }).toString()
    try {
      writeFileSync(join(folder, 'p.sigillo'), joinPackage(toAna, body.bytes))
      writeFileSync(join(folder, 'key.txt'), formatIdentityFile(ana, '2026-01-02T03:04:05Z'))
      run('tar', '-xf', 'p.sigillo')
      run('age', '-d', '-i', 'key.txt', '-o', 'keys', MEMBER.keys)
      // The second line is the outer key.
      run('sh', '-c', 'head -n 2 keys | tail -n 1 > outer.txt')
      run('age', '-d', '-i', 'outer.txt', '-o', 'body.tar', MEMBER.body)
      expect(run('tar', '-tf', 'body.tar')).toBe('boxes\ncatalogue\nsalt\n')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

function manifestOf(bytes: Uint8Array): KeyedManifest {
  const manifest = readManifest(bytes, vendor.vkey)
  if (!isKeyed(manifest)) return expect.fail('not of format 2')
  return manifest
}

async function keysIn(bytes: Uint8Array, key: AgeIdentity): Promise<CopyKeys> {
  const sealed = readArchive(bytes).find((file) => file.path === MEMBER.keys)?.bytes ?? text('')
  return decodeKeys(await decryptAge(sealed, { identities: [key.identity] }))
}

function flip(bytes: Uint8Array | undefined): Uint8Array {
  const changed = (bytes ?? text('')).slice()
  changed[70] = (changed[70] ?? 0) ^ 1
  return changed
}
