import type { Scorer } from '../scorer.ts'
import { SSDEEP, TLSH } from './byte-hashes.ts'
import { DOLOS } from './dolos.ts'
import { JSCPD } from './jscpd.ts'
import { MINHASH } from './minhash.ts'
import { SIM } from './sim.ts'

/** Everyone we are measured against. */
export const PEERS: readonly Scorer[] = [DOLOS, JSCPD, SIM, SSDEEP, TLSH, MINHASH]
