import { parse } from 'csv-parse/sync'
import { mergePartners, type Partner, parsePartner } from '@sigillo/programme/partner'
import { type Policy, parsePolicy, tierOf } from '@sigillo/programme/policy'
import { noteVerifier } from '@sigillo/seal/ed25519'
import { SealError } from '@sigillo/seal/errors'
import { checkRecipients } from '@sigillo/seal/identity'
import type { Desk } from './context.ts'
import { policyDocument, rosterDocument } from './documents.ts'
import { DeskError } from './errors.ts'
import { readTextInput } from './read-input.ts'

/** The programme's policy. @throws DeskError `vault-broken` when the vault holds none */
export async function loadPolicy(desk: Desk): Promise<Policy> {
  const document = await desk.vault.read('programme', 'policy', policyDocument)
  if (document === null)
    throw new DeskError(
      'vault-broken',
      `the vault ${desk.vault.dir} holds no policy; set one with: sigillo policy set FILE`,
    )
  return parsePolicy(document, 'the policy in the vault')
}

/** Checks and stores a policy; every partner's tier must stay in it. @throws ProgrammeError */
export async function savePolicy(desk: Desk, value: unknown, at: string): Promise<Policy> {
  const policy = parsePolicy(value, at)
  for (const partner of await loadRoster(desk)) tierOf(policy, partner.tier)
  await desk.vault.write('programme', 'policy', policy)
  return policy
}

/** All recipients, removed ones included, in the order they were added. */
export async function loadRoster(desk: Desk): Promise<readonly Partner[]> {
  const records = (await desk.vault.read('programme', 'roster', rosterDocument)) ?? []
  return records.map((record, index) => parsePartner(record, `the roster in the vault, entry ${index + 1}`))
}

/** The recipient of that id. @throws DeskError `unknown-partner` */
export async function requirePartner(desk: Desk, id: string): Promise<Partner> {
  const found = (await loadRoster(desk)).find((partner) => partner.id === id)
  if (found === undefined)
    throw new DeskError('unknown-partner', `there is no partner "${id}"; list them with: sigillo partner list`)
  return found
}

/**
 * Adds recipients; all of them or none.
 * @throws ProgrammeError for a bad record, an unknown tier or a known id with other data; DeskError `bad-key`
 */
export async function addPartners(desk: Desk, records: readonly unknown[], at: string): Promise<readonly Partner[]> {
  const policy = await loadPolicy(desk)
  const added = records.map((record, index) =>
    parsePartner(record, records.length === 1 ? at : `${at}, record ${index + 1}`),
  )
  for (const partner of added) {
    tierOf(policy, partner.tier)
    await checkKeys(partner, at)
  }
  await desk.vault.write('programme', 'roster', mergePartners(await loadRoster(desk), added))
  return added
}

/** Stores a roster whose entries were checked. */
export async function storeRoster(desk: Desk, roster: readonly Partner[]): Promise<void> {
  await desk.vault.write('programme', 'roster', roster)
}

/** What may change about a recipient; its id never does, its keys by `replaceRecipientKeys`. */
export type PartnerChange = Partial<Record<'name' | 'tier' | 'country' | 'state' | 'vettedUntil', string>>

/**
 * Changes a recipient. What it got before stays as it was.
 * @throws DeskError `unknown-partner`; ProgrammeError for a bad value or an unknown tier
 */
export async function changePartner(desk: Desk, id: string, change: PartnerChange): Promise<Partner> {
  const known = await requirePartner(desk, id)
  const changed = parsePartner({ ...known, ...change, id }, `partner "${id}"`)
  tierOf(await loadPolicy(desk), changed.tier)
  const roster = (await loadRoster(desk)).map((partner) => (partner.id === id ? changed : partner))
  await desk.vault.write('programme', 'roster', roster)
  return changed
}

/** Throws DeskError `bad-key` for a key that cannot be used: it would stop the sealing of everybody's copies, weeks later. */
export async function checkKeys({ id, ageRecipient, receiptKey }: Partner, at: string): Promise<void> {
  try {
    await checkRecipients([ageRecipient])
    if (receiptKey !== null) noteVerifier(receiptKey)
  } catch (cause) {
    if (!(cause instanceof SealError)) throw cause
    throw new DeskError('bad-key', `${at}: the keys of "${id}" cannot be used: ${cause.message}`, { cause })
  }
}

/**
 * Reads partner records from a file: a JSON list, a JSON object with a list `partners`, or CSV with a header line.
 * @throws DeskError for an unreadable file, `bad-json` when it is neither
 */
export async function readPartnerFile(path: string): Promise<readonly unknown[]> {
  const text = await readTextInput(path, 'the partner list')
  const first = text.trimStart()[0]
  if (first !== '[' && first !== '{') return csvRecords(text, path)
  try {
    const value: unknown = JSON.parse(text)
    if (Array.isArray(value)) return value
    if (typeof value === 'object' && value !== null)
      return 'partners' in value && Array.isArray(value.partners) ? value.partners : [value]
  } catch (cause) {
    throw new DeskError(
      'bad-json',
      `the partner list: ${path} is not JSON (${cause instanceof Error ? cause.message : String(cause)})`,
      { cause },
    )
  }
  throw new DeskError('bad-json', `the partner list: ${path} must hold a list of partners`)
}

function csvRecords(text: string, path: string): readonly unknown[] {
  try {
    return parse(text, { columns: true, bom: true, skip_empty_lines: true, trim: true })
  } catch (cause) {
    throw new DeskError(
      'bad-json',
      `the partner list: ${path} is neither JSON nor CSV with a header line (${cause instanceof Error ? cause.message : String(cause)})`,
      {
        cause,
      },
    )
  }
}
