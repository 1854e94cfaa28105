import { existsSync } from 'node:fs'
import { writeDurably } from '@sigillo/desk/durable-file'
import { checkName } from '@sigillo/desk/vault'
import type { Command } from 'commander'
import { CommandError } from '../errors.ts'
import { emit, type Io } from '../io.ts'
import { enrolmentOf, formatPartnerKey, generatePartnerKey, readPartnerKey } from '../partner-key.ts'

interface KeygenOptions {
  readonly output: string
  readonly postQuantum?: boolean
  readonly rotate?: string
  readonly json?: boolean
}

/** `sigillo keygen ID`: a partner's key, made and kept at the partner. */
export function registerKeygen(program: Command, io: Io): void {
  program
    .command('keygen')
    .description("make a partner's key and the enrolment to send to the vendor")
    .argument('<id>', 'the id that the vendor gave you')
    .requiredOption('-o, --output <file>', 'where the secret key goes')
    .option('--post-quantum', 'packages stay closed to a quantum computer; opening them with age itself needs age 1.3')
    .option('--rotate <file>', 'your present key, which this one is to replace')
    .option('--json', 'print JSON')
    .action(async (id: string, options: KeygenOptions) => {
      checkName(id, 'the id')
      const old = options.rotate === undefined ? null : await readPartnerKey(options.rotate)
      if (old !== null && old.id !== id)
        throw new CommandError('bad-option', `${String(options.rotate)} is the key of ${old.id}, not of ${id}`)
      if (existsSync(options.output))
        throw new CommandError('bad-option', `${options.output} exists already; a key is never overwritten`)
      const key = await generatePartnerKey(id, io.random, options.postQuantum === true ? 'hybrid' : 'x25519')
      await writeDurably(options.output, formatPartnerKey(key, io.now().toISOString()))
      const enrolment = enrolmentOf(key)
      await writeDurably(`${options.output}.enrolment.json`, `${JSON.stringify(enrolment, null, 2)}\n`, 0o644)
      emit(io, options.json, { key: options.output, enrolment }, [
        `Wrote the secret key to ${options.output}. It never leaves you.`,
        `Send ${options.output}.enrolment.json to the vendor; it holds nothing secret.`,
        ...(old === null
          ? []
          : [
              `Keep ${String(options.rotate)}: packages sealed to it open with it alone. It is good until the vendor revokes it.`,
            ]),
      ])
    })
}
