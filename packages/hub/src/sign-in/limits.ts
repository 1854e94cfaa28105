import { IDLE_MINUTES, LONGEST_HOURS } from '@sigillo/api/contracts-sign-in'
import type { SessionLimits } from '@sigillo/db/sessions'

/** How long sessions last. */
export const LIMITS: SessionLimits = { idleMs: IDLE_MINUTES * 60_000, longestMs: LONGEST_HOURS * 3_600_000 }
