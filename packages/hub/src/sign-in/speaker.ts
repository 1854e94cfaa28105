import type { PersonChange } from '../people/person-change.ts'
import { ownId } from '../people/person-change.ts'

/** A person who acts on itself before it is signed in. It may do nothing but that. */
export function changeBy(person: string): PersonChange {
  const of = { person, roles: [], token: null, session: null, expiresAt: null }
  const [side, recipient = ''] = person.split('/')
  return side === 'staff'
    ? { by: { role: 'vendor', id: 'vendor', ...of }, id: ownId(person) }
    : { by: { role: 'partner', id: recipient, ...of }, id: ownId(person) }
}
