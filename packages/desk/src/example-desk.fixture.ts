import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { generateNoteKey } from '@sigillo/seal/ed25519'
import { type AgeIdentity, generateIdentity } from '@sigillo/seal/identity'
import { addArtefact } from './artefacts.ts'
import { newCase } from './cases.ts'
import type { Desk } from './context.ts'
import { defaultPolicy } from './default-policy.ts'
import { addPartners, savePolicy } from './partners.ts'
import { sealDistribution, type SealOptions } from './seal-distribution.ts'
import { createVault, openVault } from './vault.ts'

/** Planned release of the example case. */
export const RELEASE = '2030-03-09T18:00:00Z'

/** A desk on a real vault in a temporary folder, with a policy, a case `c1` and no recipients. */
export interface ExampleDesk {
  readonly desk: Desk
  readonly folder: string
  readonly releaseKey: string
  /** Writes an input file below the folder and returns its path. */
  readonly file: (path: string, content: string | Uint8Array) => string
  remove(): void
}

/** Opens it. The vault is encrypted to an age identity of its own, so that no passphrase has to be stretched. */
export async function openExampleDesk(): Promise<ExampleDesk> {
  const folder = mkdtempSync(join(tmpdir(), 'sigillo-desk-'))
  const { identity, recipient } = await generateIdentity()
  const release = generateNoteKey('demo/release')
  await createVault(join(folder, 'vault'), {
    programme: 'demo',
    key: { recipients: [recipient] },
    releaseKey: release.vkey,
    releaseSecret: release.secret,
    created: new Date('2030-02-01T09:00:00Z'),
  })
  const vault = await openVault(join(folder, 'vault'), { identity })
  const now = new Date('2030-02-20T09:00:00Z')
  const desk: Desk = { vault, now: () => now, random: (length) => randomBytes(length), progress: () => undefined }
  await savePolicy(desk, defaultPolicy('demo'), 'the default policy')
  await newCase(desk, 'c1', 'A case', RELEASE)
  return {
    desk,
    folder,
    releaseKey: release.vkey,
    file: (path, content) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), content)
      return join(folder, path)
    },
    remove: () => {
      vault.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Adds recipients with real age keys. `tiers` gives each one's tier by id. */
export async function addRecipients(
  desk: Desk,
  tiers: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, AgeIdentity>> {
  const keys = new Map<string, AgeIdentity>()
  for (const id of Object.keys(tiers)) keys.set(id, await generateIdentity())
  const records = Object.entries(tiers).map(([id, tier]) => ({ id, tier, ageRecipient: keys.get(id)?.recipient }))
  await addPartners(desk, records, 'the recipients')
  return keys
}

const WORDS = ['simple', 'plain', 'basic', 'easy', 'small', 'short', 'light', 'modest']

/** Text with `count` mark sites of eight variants or fewer, each in a sentence of its own. */
export function markedText(count: number, seed = 'note', variants = WORDS.length): string {
  const line = (_: unknown, index: number): string => {
    const words = WORDS.slice(0, variants).map((word) => `${word}-${seed}-${String(index).padStart(3, '0')}`)
    return `It is ${words[0]} to see. <!-- sigillo:mark doc ${words.join(' | ')} -->`
  }
  return `# Notes on the ${seed}\n\n${Array.from({ length: count }, line).join('\n')}\n`
}

/** Adds an artefact of `guidance.md` and `poc/tool.md`, with so many sites each. */
export async function addMarked(
  { desk, folder, file }: ExampleDesk,
  name: string,
  sites: readonly [number, number],
  test?: string,
): Promise<void> {
  file(`${name}/guidance.md`, markedText(sites[0]))
  file(`${name}/poc/tool.md`, markedText(sites[1], 'tool'))
  await addArtefact(desk, 'c1', [join(folder, name)], { name, ...(test === undefined ? {} : { test }) })
}

/** Seals an artefact to everybody, without a hub. */
export function sealToAll(desk: Desk, artefactId: string, options: Partial<SealOptions> = {}) {
  return sealDistribution(desk, {
    caseId: 'c1',
    artefactId,
    to: 'all',
    testSamples: 2,
    randomness: 'system',
    commit: () => Promise.resolve(null),
    ...options,
  })
}
