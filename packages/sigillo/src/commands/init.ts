import { randomBytes } from 'node:crypto'
import { defaultPolicy } from '@sigillo/desk/default-policy'
import { createVault, openVault } from '@sigillo/desk/vault'
import { generateNoteKey } from '@sigillo/seal/ed25519'
import { recipientOf } from '@sigillo/seal/identity'
import type { Command } from 'commander'
import { CommandError } from '../errors.ts'
import { emit, type Io } from '../io.ts'
import { identityFile, passphrase, readIdentity } from '../with-desk.ts'

interface InitOptions {
  readonly programme: string
  readonly member?: readonly string[]
  readonly json?: boolean
}

/** `sigillo init DIR`: a new desk vault. */
export function registerInit(program: Command, io: Io): void {
  program
    .command('init')
    .description('make a new desk vault')
    .argument('<dir>', 'a new or empty folder')
    .option('--programme <name>', 'name of the programme', 'Early disclosure programme')
    .option('--member <recipients...>', 'age recipients (age1…) of others who may open it with their own identities')
    .option('--json', 'print JSON')
    .action(async (dir: string, options: InitOptions, command: Command) => {
      const file = identityFile(command, io)
      const opened =
        file === undefined
          ? { passphrase: await passphrase(io, 'Passphrase for the new vault') }
          : { identity: await readIdentity(file) }
      const release = generateNoteKey(`${slug(options.programme)}/release`, (length) => randomBytes(length))
      const members = options.member ?? []
      if (members.length > 0 && !('identity' in opened))
        throw new CommandError(
          'bad-option',
          'a vault of several members opens by identities: give yours with --identity',
        )
      const key = 'identity' in opened ? { recipients: [await recipientOf(opened.identity), ...members] } : opened
      await createVault(dir, {
        programme: options.programme,
        key,
        releaseKey: release.vkey,
        releaseSecret: release.secret,
        created: io.now(),
      })
      const vault = await openVault(dir, opened)
      await vault.write('programme', 'policy', defaultPolicy(options.programme))
      vault.close()
      emit(io, options.json, { vault: dir, releaseKey: release.vkey }, [
        `Made the vault ${dir}.`,
        `Partners check packages with this release key: ${release.vkey}`,
        'Next: sigillo policy show; sigillo partner import FILE; sigillo case new ID',
      ])
    })
}

function slug(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'programme'
  )
}
