import { checkRecipients, generateIdentity, recipientKind } from '@sigillo/seal/identity'
import { lockIdentity } from '@sigillo/seal/vault-file'
import { z } from 'zod'
import type { Desk } from './context.ts'
import { DeskError } from './errors.ts'
import { checkName, type Vault } from './vault.ts'
import { passphraseMember } from './vault-header.ts'

/** What opens the vault for a member. `hardware`: age itself with the plugin of that key, never this program. */
export type MemberKey = 'identity' | 'passphrase' | 'hardware'

/** Somebody who can open the vault. */
export interface VaultMember {
  /** Public. */
  readonly recipient: string
  /** What the team calls the member, or null. */
  readonly name: string | null
  readonly opensBy: MemberKey
  /** True for who opened the vault now. */
  readonly you: boolean
}

/** Names of members by recipient; only members read them. */
const namesDocument = z.strictObject({ names: z.record(z.string(), z.string()) })

/** The members, in the order in which they joined. */
export async function vaultMembers(vault: Vault): Promise<readonly VaultMember[]> {
  const { names } = (await vault.read('programme', 'members', namesDocument)) ?? { names: {} }
  const byPassphrase = passphraseMember(vault.dir, vault.header)
  return vault.header.recipients.map((recipient) => ({
    recipient,
    name: names[recipient] ?? null,
    opensBy: recipient === byPassphrase ? 'passphrase' : isHardware(recipient) ? 'hardware' : 'identity',
    you: recipient === vault.member,
  }))
}

/** What became of the members. */
export interface MemberChange {
  /** Of who joined or left. */
  readonly recipient: string
  readonly members: readonly VaultMember[]
  /** Documents that were encrypted anew. */
  readonly documents: number
}

/**
 * Lets somebody else open the vault: all documents are encrypted anew, for one more.
 * @param who an age recipient, or a passphrase, which one member at most can have
 * @throws DeskError `exists`, `bad-name`, see `Vault.changeMembers`; SealError `bad-recipient`, also where classic and post-quantum recipients would mix
 */
export async function addVaultMember(
  desk: Desk,
  who: { readonly recipient: string } | { readonly passphrase: string },
  name?: string,
): Promise<MemberChange> {
  const { vault } = desk
  const members = await vaultMembers(vault)
  if (name !== undefined) checkName(name, 'the name')
  if (members.some((member) => member.name === name))
    throw new DeskError('exists', `there is a member "${name}" already; nothing was changed`)
  const byPassphrase = members.find(({ opensBy }) => opensBy === 'passphrase')
  const added = await newMember(desk, who, byPassphrase)
  if (members.some(({ recipient }) => recipient === added.recipient))
    throw new DeskError('exists', `${shortRecipient(added.recipient)} is a member already; nothing was changed`)
  const recipients = [...vault.header.recipients, added.recipient]
  await checkRecipients(recipients)
  if (name !== undefined) await writeNames(vault, [...members, { recipient: added.recipient, name }])
  const opensByPassphrase = 'passphrase' in who ? added.recipient : (byPassphrase?.recipient ?? null)
  const documents = await vault.changeMembers(
    { ...added, recipients, passphraseMember: opensByPassphrase },
    desk.progress,
  )
  return { recipient: added.recipient, members: await vaultMembers(vault), documents }
}

/**
 * Takes a member out: all documents are encrypted anew, for the others. What the member read or copied before stays readable to it.
 * @param who a name, a recipient or the beginning of one
 * @throws DeskError `unknown-member`, `needed-member` for the last one and for who opened the vault, see `Vault.changeMembers`
 */
export async function removeVaultMember(desk: Desk, who: string): Promise<MemberChange> {
  const { vault } = desk
  const members = await vaultMembers(vault)
  const member = findMember(members, who)
  if (members.length === 1)
    throw new DeskError('needed-member', 'this is the last member; without it nobody could open the vault')
  if (member.you)
    throw new DeskError(
      'needed-member',
      'you opened the vault as this member; another one has to take you out, which shows that it can open the vault',
    )
  const rest = members.filter((one) => one !== member)
  const byPassphrase = rest.find(({ opensBy }) => opensBy === 'passphrase')
  const documents = await vault.changeMembers(
    { recipients: rest.map(({ recipient }) => recipient), passphraseMember: byPassphrase?.recipient ?? null },
    desk.progress,
  )
  if (member.name !== null) await writeNames(vault, rest)
  return { recipient: member.recipient, members: await vaultMembers(vault), documents }
}

/** A recipient as people are shown it: whole, or its beginning where it is post-quantum and some 2,000 characters long. */
export function shortRecipient(recipient: string): string {
  return recipient.length > 80 ? `${recipient.slice(0, 24)}…` : recipient
}

async function newMember(
  desk: Desk,
  who: { readonly recipient: string } | { readonly passphrase: string },
  byPassphrase: VaultMember | undefined,
): Promise<{ readonly recipient: string; readonly identityFile?: Uint8Array }> {
  if ('recipient' in who) return who
  if (byPassphrase !== undefined)
    throw new DeskError('exists', 'the vault has a passphrase already, and can have one only; nothing was changed')
  const kind = recipientKind(desk.vault.member)
  const identity = await generateIdentity(kind === 'hybrid' ? 'hybrid' : 'x25519')
  const identityFile = await lockIdentity(identity, who.passphrase, desk.now().toISOString())
  return { recipient: identity.recipient, identityFile }
}

/** Shortest beginning of a recipient that names a member: all begin with `age1`. */
const SHORTEST_PREFIX = 8

function findMember(members: readonly VaultMember[], who: string): VaultMember {
  const prefix = who.replace(/…$/, '')
  const found = members.filter(
    ({ name, recipient }) => name === who || (prefix.length >= SHORTEST_PREFIX && recipient.startsWith(prefix)),
  )
  const [member] = found
  if (member === undefined || found.length > 1)
    throw new DeskError(
      'unknown-member',
      `${found.length === 0 ? 'no member is' : `${found.length} members are`} "${shortRecipient(who)}"; see them with: sigillo vault members`,
    )
  return member
}

async function writeNames(
  vault: Vault,
  members: readonly { readonly recipient: string; readonly name: string | null }[],
): Promise<void> {
  const named = members.flatMap(({ recipient, name }) => (name === null ? [] : [[recipient, name] as const]))
  await vault.write('programme', 'members', { names: Object.fromEntries(named) })
}

function isHardware(recipient: string): boolean {
  return ['tag', 'hybrid-tag'].includes(recipientKind(recipient))
}
