import { capacityTable } from './theory/capacity-table.ts'
import { uniformTable } from './theory/uniform-table.ts'

// Prints the information per site that is left by the worst attacks on binary laws, and by named attacks on uniform ones:
// node --conditions=@sigillo/source bench/fingerprint/capacity.ts

process.stdout.write(`${capacityTable()}\n\n${uniformTable()}\n`)
