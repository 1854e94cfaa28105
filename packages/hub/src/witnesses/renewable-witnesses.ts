import type { Witnesses } from './witnesses.ts'

/** Witnesses that others can follow while requests wait for them. */
export interface RenewableWitnesses extends Witnesses {
  /** Puts others in the place of those so far, which are closed. Who waits for a quorum waits for theirs. */
  replace(next: Witnesses): Promise<void>
}

/** Speaks for `first`, until they are replaced. */
export function renewableWitnesses(first: Witnesses): RenewableWitnesses {
  let current = first
  return {
    get release() {
      return current.release
    },
    notify: () => current.notify(),
    newest: () => current.newest(),
    covering: async (size, waitMs) => {
      const until = performance.now() + waitMs
      for (;;) {
        const asked = current
        const found = await asked.covering(size, Math.max(0, until - performance.now()))
        if (found !== null || asked === current) return found
      }
    },
    withCosignatures: (signed) => current.withCosignatures(signed),
    clocks: () => current.clocks(),
    members: () => current.members(),
    replace: async (next) => {
      const before = current
      current = next
      next.notify()
      await before.close()
    },
    close: () => current.close(),
  }
}
