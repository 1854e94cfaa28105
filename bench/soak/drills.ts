import type { Drill } from './drill.ts'
import { killEmbeddedHub, killHub } from './kill-hub.ts'
import { powerCut } from './power-cut.ts'

/** Every drill, in the order of the goals. */
export const drills: readonly Drill[] = [killHub, killEmbeddedHub, powerCut]
