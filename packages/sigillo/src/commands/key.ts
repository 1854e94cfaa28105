import { vendorClient } from '@sigillo/api/client'
import { eventWish, keyEnrolledEvent, keyRevokedEvent } from '@sigillo/api/wishes'
import { writeDurably } from '@sigillo/desk/durable-file'
import { readInput } from '@sigillo/desk/read-input'
import { rotateReleaseKey } from '@sigillo/desk/release-key'
import { readIntroduction } from '@sigillo/seal/key-introduction'
import type { Command } from 'commander'
import { type AccessOptions, doOrAsk, tokenOf, withAccess } from '../hub-access.ts'
import { emit, type Io } from '../io.ts'
import { withDesk } from '../with-desk.ts'

/** `sigillo key rotate-release|announce|revoke`: one key follows another, and the log says so. */
export function registerKey(program: Command, io: Io): void {
  const key = program.command('key').description('let one key follow another: of the log, a witness, your releases')
  key
    .command('rotate-release')
    .description('make a new release key in the vault; it signs packages and dossiers from now on')
    .requiredOption('-o, --output <file>', 'where the introduction of the new key by the old one goes')
    .option('--json', 'print JSON')
    .action(async (options: { output: string; json?: boolean }, command: Command) => {
      const rotation = await withDesk(command, io, rotateReleaseKey)
      const { oldKey, newKey, introduction } = rotation
      await writeDurably(options.output, introduction, 0o644)
      emit(io, options.json, { oldKey, newKey, introduction: options.output }, [
        `New release key: ${newKey}`,
        `Send ${options.output} to your partners: with it, who knows the old key opens packages of the new one.`,
        'Keep the vendor line of the old key in every policy that has to verify older packages and dossiers.',
      ])
    })
  registerTold(key, io, 'announce', 'put into the log that a key follows another, which introduces it')
  registerTold(key, io, 'revoke', 'put into the log that the old key of an introduction counts no more')
}

function registerTold(key: Command, io: Io, verb: 'announce' | 'revoke', description: string): void {
  withAccess(key.command(verb).argument('<introduction>', 'file that rotate wrote').description(description)).action(
    async (path: string, options: AccessOptions) => {
      const bytes = await readInput(path, 'the introduction')
      const change = readIntroduction(bytes)
      const event =
        verb === 'announce' ? keyEnrolledEvent(new TextDecoder().decode(bytes), change) : keyRevokedEvent(change)
      const token = await tokenOf(options)
      const [logged] = await doOrAsk({ hub: options.hub, token }, eventWish('policy.change', event), () =>
        vendorClient(options.hub, token).commit([event]),
      )
      emit(io, options.json, { index: logged?.index, type: event.type, subject: event.subject }, [
        `Entry ${logged?.index ?? ''} of the log: ${event.type} ${event.subject}`,
      ])
    },
  )
}
