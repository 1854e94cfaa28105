import { findHub } from '@sigillo/desk/hub-log'
import {
  addVaultMember,
  type MemberChange,
  type MemberKey,
  removeVaultMember,
  shortRecipient,
  type VaultMember,
  vaultMembers,
} from '@sigillo/desk/vault-members'
import type { Command } from 'commander'
import { CommandError } from '../errors.ts'
import { emit, type Io } from '../io.ts'
import { passphrase, withDesk } from '../with-desk.ts'

interface AddOptions {
  readonly identityRecipient?: string
  readonly passphrase?: boolean
  readonly name?: string
  readonly json?: boolean
}

/** `sigillo vault members|add-member|remove-member`: who can open the vault. */
export function registerVaultMembers(group: Command, io: Io): void {
  group
    .command('members')
    .description('who can open the vault')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }, command: Command) => {
      const members = await withDesk(command, io, ({ vault }) => vaultMembers(vault))
      emit(io, options.json, { members }, members.map(row))
    })
  group
    .command('add-member')
    .description('let somebody else open the vault; every document is encrypted anew')
    .option('--identity-recipient <age1…>', 'the public half of the new member\'s age identity, its "public key"')
    .option('--passphrase', 'a passphrase instead, which is asked for (or SIGILLO_PASSPHRASE); one member can have one')
    .option('--name <name>', 'what the team calls the new member; only members read it')
    .option('--json', 'print JSON')
    .action(async (options: AddOptions, command: Command) => {
      const who = await newMember(io, options)
      const { change, hub } = await changed(command, io, (desk) => addVaultMember(desk, who, options.name))
      const added = change.members.find(({ recipient }) => recipient === change.recipient)
      emit(io, options.json, change, [
        `${called(added, change)} can open the vault now, ${HOW[added?.opensBy ?? 'identity']}. ${encrypted(change)}`,
        ...(hub ? ['Backups made before now do not open for the new member. Next: sigillo vault backup'] : []),
      ])
    })
  group
    .command('remove-member')
    .description('take a member out; every document is encrypted anew for the others')
    .argument('<member>', 'name, recipient or the beginning of one, as: sigillo vault members')
    .option('--json', 'print JSON')
    .action(async (who: string, options: { json?: boolean }, command: Command) => {
      const { change, hub } = await changed(command, io, (desk) => removeVaultMember(desk, who))
      emit(io, options.json, change, [
        `${shortRecipient(change.recipient)} is no member any more. ${encrypted(change)}`,
        'It may have kept what it read, and still opens copies and backups of the vault made before now.',
        `Next, if it should not act with what it read: sigillo key rotate-release -o FILE${hub ? '; a new token, then sigillo connect; sigillo vault backup' : ''}`,
      ])
    })
}

const HOW: Readonly<Record<MemberKey, string>> = {
  identity: 'with --identity FILE',
  passphrase: 'by passphrase',
  hardware: 'but only with age and the plugin of that key, file by file: this program does not use such keys',
}

async function newMember(
  io: Io,
  options: AddOptions,
): Promise<{ readonly recipient: string } | { readonly passphrase: string }> {
  const { identityRecipient, passphrase: byPassphrase } = options
  if ((identityRecipient === undefined) === (byPassphrase === undefined))
    throw new CommandError(
      'bad-option',
      'say who joins: either --identity-recipient age1… (the new member makes it with: age-keygen -o FILE) or --passphrase',
    )
  if (identityRecipient !== undefined) return { recipient: identityRecipient }
  return { passphrase: await passphrase(io, 'Passphrase for the new member') }
}

/** Changes the members, and says whether the vault knows a hub, where backups of it may be. */
async function changed(
  command: Command,
  io: Io,
  work: (desk: Parameters<typeof addVaultMember>[0]) => Promise<MemberChange>,
): Promise<{ readonly change: MemberChange; readonly hub: boolean }> {
  return withDesk(command, io, async (desk) => ({ change: await work(desk), hub: (await findHub(desk)) !== null }))
}

function encrypted({ documents, members }: MemberChange): string {
  return `${documents} documents were encrypted anew, for ${members.length === 1 ? '1 member' : `${members.length} members`}.`
}

function called(member: VaultMember | undefined, { recipient }: MemberChange): string {
  return member?.name ?? shortRecipient(recipient)
}

function row({ name, recipient, opensBy, you }: VaultMember): string {
  return `${(name ?? '-').padEnd(16)} ${opensBy.padEnd(10)} ${shortRecipient(recipient)}${you ? '  (you)' : ''}`
}
