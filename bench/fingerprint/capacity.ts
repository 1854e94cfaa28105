import { capacityTable } from './theory/capacity-table.ts'

// Prints the information per site that is left by the worst attacks: `node --conditions=@sigillo/source bench/fingerprint/capacity.ts`.

process.stdout.write(`${capacityTable()}\n`)
