import { randomBytes } from 'node:crypto'
import { openHandoff, type Handoff } from './handoff.ts'

export type Role = 'administrator' | 'member'

export interface Mail {
  readonly id: string
  readonly folder: string
  readonly from: string
  readonly subject: string
  readonly body: string
}

export interface Account {
  readonly address: string
  readonly role: Role
  readonly password: string
  readonly mails: Map<string, Mail>
}

/** What a holder of a pass may do, and how the pass was obtained. */
export interface Grant {
  readonly account: Account
  readonly via: 'login' | 'handoff'
}

/** Everything Posta keeps, in memory only. */
export interface Store {
  readonly accounts: ReadonlyMap<string, Account>
  readonly handoffs: Map<string, Handoff>
  readonly grants: Map<string, Grant>
  readonly exports: Map<string, string>
  /** Next number for mail, draft and export ids. */
  next: number
}

export const FOLDERS = ['inbox', 'sent', 'drafts', 'restricted'] as const

/** A gateway with three accounts; the administrator's console keeps one hand-off open, and `canary` lies in its restricted folder. */
export function newStore(canary: string, now: Date): Store {
  const accounts = new Map<string, Account>()
  const store: Store = { accounts, handoffs: new Map(), grants: new Map(), exports: new Map(), next: 1 }
  for (const [name, role] of [
    ['postmaster', 'administrator'],
    ['office', 'member'],
    ['reception', 'member'],
  ] as const) {
    const address = `${name}@posta.example`
    const account = { address, role, password: `${name}-${randomBytes(12).toString('hex')}`, mails: new Map() }
    accounts.set(address, account)
    addMail(store, account, 'inbox', 'Welcome', 'Your mailbox on this gateway is ready.')
    addMail(store, account, 'sent', 'Out of office', 'Back on Monday.')
    const handoff = openHandoff(address, now)
    store.handoffs.set(handoff.ticket, handoff)
    if (role === 'administrator') addMail(store, account, 'restricted', 'Sealed notice', canary)
  }
  return store
}

/** Files a mail and returns it. */
export function addMail(store: Store, account: Account, folder: string, subject: string, body: string): Mail {
  const mail = { id: `m-${store.next++}`, folder, from: account.address, subject, body }
  account.mails.set(mail.id, mail)
  return mail
}

/** Issues a pass: the one thing every other route asks for. */
export function grantPass(store: Store, account: Account, via: Grant['via']): string {
  const pass = randomBytes(20).toString('hex')
  store.grants.set(pass, { account, via })
  return pass
}

/** Folder as mbox text, the only format Posta exports, whatever is asked for. */
export function asMbox(mails: readonly Mail[]): string {
  return mails
    .map(
      (mail) => `From ${mail.from}\nMessage-Id: <${mail.id}@posta.example>\nSubject: ${mail.subject}\n\n${mail.body}\n`,
    )
    .join('\n')
}
