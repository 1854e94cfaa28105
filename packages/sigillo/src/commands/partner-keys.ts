import { readJsonInput } from '@sigillo/desk/read-input'
import { replaceRecipientKeys, revokeRecipientKeys } from '@sigillo/desk/recipient-keys'
import { revokeWish } from '@sigillo/api/wishes'
import { findHub } from '@sigillo/desk/hub-log'
import { requirePartner } from '@sigillo/desk/partners'
import type { Command } from 'commander'
import { doOrAsk } from '../hub-access.ts'
import { emit, type Io } from '../io.ts'
import { withDesk } from '../with-desk.ts'

interface JsonOption {
  readonly json?: boolean
}

/** `sigillo partner revoke-keys|replace-keys`: the keys of a recipient are ended, and others take their place. */
export function registerPartnerKeys(group: Command, io: Io): void {
  group
    .command('revoke-keys')
    .description('from now on nothing is sealed to these keys, and they open no door at the hub')
    .argument('<id>', 'the recipient')
    .option('--json', 'print JSON')
    .action(async (id: string, options: JsonOption, command: Command) => {
      const index = await withDesk(command, io, async (desk) => {
        const revoke = () => revokeRecipientKeys(desk, id)
        const { ageRecipient, receiptKey } = await requirePartner(desk, id)
        const hub = (await findHub(desk))?.hub
        if (hub === undefined || receiptKey === null) return await revoke()
        return await doOrAsk({ hub: hub.url, token: hub.token }, revokeWish({ id, ageRecipient, receiptKey }), revoke)
      })
      emit(io, options.json, { recipient: id, revoked: index }, [
        `The keys of ${id} are revoked${index === null ? '' : `, entry ${index} of the log`}.`,
        `Next, with the enrolment of its new key: sigillo partner replace-keys ${id} --enrolment FILE`,
      ])
    })
  group
    .command('replace-keys')
    .description('the new keys of a recipient whose old ones were revoked; compare them over a second channel')
    .argument('<id>', 'the recipient')
    .requiredOption('--enrolment <file>', 'what the partner made with: sigillo keygen')
    .option('--json', 'print JSON')
    .action(async (id: string, options: JsonOption & { enrolment: string }, command: Command) => {
      const { enrolment: path } = options
      const enrolment = await readJsonInput(path, 'the enrolment')
      const { ageRecipient, receiptKey } = await withDesk(command, io, (desk) =>
        replaceRecipientKeys(desk, id, enrolment, path),
      )
      emit(io, options.json, { recipient: id, ageRecipient, receiptKey }, [
        `${id} now has the age key ${ageRecipient} and the receipt key ${receiptKey ?? 'none'}.`,
        'The next seal or push enrols them.',
      ])
    })
}
