import type { Vault } from './vault.ts'

/** What a workflow is handed: the open vault, the time, randomness, and a way to say how far it is. */
export interface Desk {
  readonly vault: Vault
  readonly now: () => Date
  /** `length` unpredictable bytes; a seeded source only in rehearsals, and the distribution says so. */
  readonly random: (length: number) => Uint8Array
  /** One line of progress; called often, shown on a terminal only. */
  readonly progress: (line: string) => void
}
