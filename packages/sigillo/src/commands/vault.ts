import { backUpVault, restoreVault } from '@sigillo/desk/vault-backup'
import type { Command } from 'commander'
import { CommandError } from '../errors.ts'
import { type AccessOptions, tokenOf } from '../hub-access.ts'
import { emit, type Io } from '../io.ts'
import { logKeyOption } from '../options.ts'
import { identityFile, readIdentity, withDesk } from '../with-desk.ts'
import { registerVaultMembers } from './vault-members.ts'

interface RestoreCommandOptions extends AccessOptions {
  readonly logKey: string
}

/** `sigillo vault backup|restore|members|add-member|remove-member`: the vault as ciphertext at the hub, and who can open it. */
export function registerVault(program: Command, io: Io): void {
  const group = program.command('vault').description('who can open the vault, and its backups at the hub')
  registerVaultMembers(group, io)
  group
    .command('backup')
    .description('send the vault to the hub, encrypted to its members; the log keeps its hash')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }, command: Command) => {
      const made = await withDesk(command, io, backUpVault)
      emit(io, options.json, made, [
        `Version ${made.version} of the vault is at the hub (${made.size} bytes), entry ${made.logged.index} of the log.`,
      ])
    })
  group
    .command('restore')
    .description("restore the newest backup with a member's identity (--identity FILE)")
    .argument('<dir>', 'a new or empty folder')
    .requiredOption('--hub <url>', 'address of the hub')
    .requiredOption('--token-file <file>', 'file with your token')
    .requiredOption('--log-key <vkey>', "verifier key of the hub's log, from a source you trust")
    .option('--json', 'print JSON')
    .action(async (dir: string, options: RestoreCommandOptions, command: Command) => {
      const file = identityFile(command, io)
      if (file === undefined)
        throw new CommandError(
          'bad-option',
          "name a member's age identity with --identity FILE; a passphrase is not enough",
        )
      const restored = await restoreVault(dir, {
        url: options.hub,
        token: await tokenOf(options),
        logKey: logKeyOption(options.logKey),
        identity: await readIdentity(file),
      })
      emit(io, options.json, { vault: dir, ...restored }, [
        `Restored version ${restored.version} of the vault to ${dir}; its log says that there is no newer one.`,
      ])
    })
}
