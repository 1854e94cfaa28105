import { addPartners, changePartner, loadRoster, type PartnerChange, readPartnerFile } from '@sigillo/desk/partners'
import type { Partner } from '@sigillo/programme/partner'
import type { Command } from 'commander'
import { emit, type Io } from '../io.ts'
import { withDesk } from '../with-desk.ts'
import { registerPartnerKeys } from './partner-keys.ts'

interface AddOptions {
  readonly name?: string
  readonly tier: string
  readonly kind?: string
  readonly country?: string
  readonly key?: string
  readonly enrolment?: string
  readonly vettedUntil?: string
  readonly json?: boolean
}

/** `sigillo partner add|set|import|list`: everybody who receives copies, vendor staff and the finder included. */
export function registerPartner(program: Command, io: Io): void {
  const partner = program.command('partner').description('recipients of copies: partners, vendor staff, the finder')
  partner
    .command('add')
    .description('take up one recipient')
    .argument('<id>', 'opaque id, for good')
    .requiredOption('--tier <tier>', 'a tier of the policy')
    .option('--name <name>', 'name of the organisation')
    .option('--kind <kind>', 'partner, vendor or finder')
    .option('--country <code>', 'two-letter code of the seat')
    .option('--vetted-until <date>', 'last day of its vetting, such as 2027-01-31')
    .option('--key <age1…>', 'age recipient of the partner')
    .option('--enrolment <file>', 'what the partner made with: sigillo keygen')
    .option('--json', 'print JSON')
    .action(async (id: string, options: AddOptions, command: Command) => {
      const { enrolment, key, json, ...fields } = options
      const [enrolled] = enrolment === undefined ? [{}] : await readPartnerFile(enrolment)
      const record = {
        ...(typeof enrolled === 'object' ? enrolled : {}),
        ...fields,
        ...(key === undefined ? {} : { ageRecipient: key }),
        id,
      }
      const added = await withDesk(command, io, (desk) => addPartners(desk, [record], `partner "${id}"`))
      emit(io, json, { added: added.map(shown) }, [`Added ${id}.`])
    })
  partner
    .command('set')
    .description('change what may change: keys and ids never do')
    .argument('<id>')
    .option('--name <name>', 'name of the organisation')
    .option('--tier <tier>', 'a tier of the policy')
    .option('--country <code>', 'two-letter code of the seat')
    .option('--state <state>', 'active, suspended or removed')
    .option('--vetted-until <date>', 'last day of its vetting, such as 2027-01-31')
    .option('--json', 'print JSON')
    .action(async (id: string, { json, ...change }: PartnerChange & { json?: boolean }, command: Command) => {
      const changed = await withDesk(command, io, (desk) => changePartner(desk, id, change))
      emit(io, json, shown(changed), [row(changed)])
    })
  registerPartnerKeys(partner, io)
  partner
    .command('import')
    .description('take up many recipients, all or none')
    .argument('<file>', 'CSV with a header line, or JSON')
    .option('--json', 'print JSON')
    .action(async (file: string, options: { json?: boolean }, command: Command) => {
      const records = await readPartnerFile(file)
      const added = await withDesk(command, io, (desk) => addPartners(desk, records, file))
      emit(io, options.json, { added: added.map(shown) }, [`Imported ${added.length} recipients from ${file}.`])
    })
  partner
    .command('list')
    .description('the recipients, with tier, seat and state')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }, command: Command) => {
      const roster = await withDesk(command, io, loadRoster)
      emit(
        io,
        options.json,
        { partners: roster.map(shown) },
        roster.length === 0 ? ['No recipients yet.'] : roster.map(row),
      )
    })
}

function shown({ tokenHash, ...partner }: Partner): unknown {
  return { ...partner, enrolled: tokenHash !== null }
}

function row(partner: Partner): string {
  return [
    partner.id.padEnd(24),
    partner.kind.padEnd(8),
    partner.tier.padEnd(10),
    partner.country,
    partner.state.padEnd(10),
    partner.name,
  ].join(' ')
}
