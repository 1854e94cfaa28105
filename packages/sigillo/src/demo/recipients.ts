import { enrolmentOf, generatePartnerKey, type PartnerKey } from '../partner-key.ts'
import { below } from './seeded-random.ts'

/** A recipient of the replay: the record that is imported, and the key that stays with it. */
export interface ReplayRecipient {
  readonly record: {
    readonly id: string
    readonly name: string
    readonly kind: string
    readonly tier: string
    readonly country: string
  }
  readonly key: PartnerKey
}

const VENDOR_GROUPS = ['response', 'engineering', 'testing', 'detection', 'communications', 'support']
const SEATS = ['DE', 'US', 'JP', 'IL', 'FR', 'IN', 'CZ', 'RO', 'KR', 'GB', 'SK', 'ES']

/** 81 partners in three tiers (ten of them with a seat under mandatory state reporting), six groups inside the vendor and the finder. */
export async function drawRecipients(random: (length: number) => Uint8Array): Promise<readonly ReplayRecipient[]> {
  const records: ReplayRecipient['record'][] = Array.from({ length: 81 }, (_, index) => {
    const id = `partner-${String(index + 1).padStart(3, '0')}`
    const tier = index % 9 < 5 ? 'full' : index % 9 < 7 ? 'rules' : 'entry'
    const country = index % 8 === 3 ? 'QQ' : (SEATS[below(random, SEATS.length)] ?? 'XX')
    return { id, name: `Partner ${index + 1}`, kind: 'partner', tier, country }
  })
  for (const group of VENDOR_GROUPS)
    records.push({
      id: `vendor-${group}`,
      name: `The vendor's ${group} group`,
      kind: 'vendor',
      tier: 'full',
      country: 'XX',
    })
  records.push({ id: 'finder', name: 'The finder', kind: 'finder', tier: 'full', country: 'XX' })
  return Promise.all(records.map(async (record) => ({ record, key: await generatePartnerKey(record.id, random) })))
}

/** The import file: records and enrolments, nothing secret. */
export function importFile(recipients: readonly ReplayRecipient[]): string {
  return `${JSON.stringify({ partners: recipients.map(({ record, key }) => ({ ...record, ...enrolmentOf(key) })) }, null, 2)}\n`
}
