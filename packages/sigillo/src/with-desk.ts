import { password } from '@clack/prompts'
import type { Desk } from '@sigillo/desk/context'
import { readTextInput } from '@sigillo/desk/read-input'
import { openVault, type VaultKey } from '@sigillo/desk/vault'
import type { Command } from 'commander'
import { CommandError } from './errors.ts'
import { type Io, progressOn } from './io.ts'

/** Opens the vault that the global options name, runs the work, and closes it whatever happens. */
export async function withDesk<T>(command: Command, io: Io, work: (desk: Desk) => Promise<T>): Promise<T> {
  const { vault: dir } = command.optsWithGlobals<{ vault: string }>()
  const vault = await openVault(dir, await vaultKey(io, identityFile(command, io)))
  const progress = progressOn(io)
  try {
    return await work({ vault, now: io.now, random: io.random, progress: progress.say })
  } finally {
    progress.done()
    vault.close()
  }
}

/** The file of one's age identity, by --identity or SIGILLO_IDENTITY; an empty name is none. */
export function identityFile(command: Command, io: Io): string | undefined {
  const { identity } = command.optsWithGlobals<{ identity?: string }>()
  const file = identity ?? io.env['SIGILLO_IDENTITY']
  return file === '' ? undefined : file
}

/** The first age secret key in an identity file. @throws CommandError `bad-key-file` */
export async function readIdentity(path: string): Promise<string> {
  const text = await readTextInput(path, 'the key file')
  const line = text.split('\n').find((candidate) => candidate.startsWith('AGE-SECRET-KEY-'))
  if (line === undefined)
    throw new CommandError('bad-key-file', `${path} holds no age secret key (a line AGE-SECRET-KEY-…)`)
  return line.trim()
}

/** A passphrase from SIGILLO_PASSPHRASE, or asked for on a terminal. @throws CommandError `no-passphrase` in a pipe */
export async function passphrase(io: Io, question: string): Promise<string> {
  const given = io.env['SIGILLO_PASSPHRASE']
  if (given !== undefined && given !== '') return given
  if (!io.interactive)
    throw new CommandError('no-passphrase', 'no passphrase: set SIGILLO_PASSPHRASE, or give --identity FILE')
  const answer = await password({ message: question })
  if (typeof answer !== 'string' || answer === '') throw new CommandError('no-passphrase', 'no passphrase was given')
  return answer
}

async function vaultKey(io: Io, identity: string | undefined): Promise<VaultKey> {
  if (identity !== undefined) return { identity: await readIdentity(identity) }
  return { passphrase: await passphrase(io, 'Passphrase of the vault') }
}
