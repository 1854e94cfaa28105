import type { Evidence } from '@sigillo/fingerprint/evidence'
import { startJoint } from '@sigillo/fingerprint/joint'
import { decodeSingle } from '@sigillo/fingerprint/single'
import type { SingleFamily } from '@sigillo/fingerprint/single'
import { SINGLE_SHARE } from '@sigillo/fingerprint/trace'
import { genieP } from './genie.ts'
import { oosterwijk } from './peers/oosterwijk.ts'
import { believedP, exactPeerP } from './peers/peer.ts'
import { symmetricTardos } from './peers/tardos.ts'
import { alphabetsOf, evidenceOf } from './scene.ts'
import type { Scene } from './scene.ts'

/**
 * The decoders of the tables. `J`: decoder J with the share of the budget it has in a trace. `S`: decoder S with a whole budget of its own.
 * `tardos`, `oosterwijk`: textbook scores with Gaussian thresholds. `tardos-exact`, `oosterwijk-exact`: the same scores with the exact p-values
 * of this package, which is what remains of them once they keep the promise. `genie`: told all leakers but the tested one, and the attack;
 * not a decoder but a limit.
 */
export const DECODERS = ['J', 'S', 'tardos', 'oosterwijk', 'tardos-exact', 'oosterwijk-exact', 'genie'] as const
/** `trace`: J and S as `trace` joins them. */
export type DecoderName = (typeof DECODERS)[number] | 'trace'

export const PEERS = { tardos: symmetricTardos, oosterwijk } as const
export type PeerName = keyof typeof PEERS

/** Whether `name` is one of the decoders. */
export function isDecoder(name: string): name is DecoderName {
  return name === 'trace' || (DECODERS as readonly string[]).includes(name)
}

/** Whether `name` is a decoder with a Gaussian threshold. */
export function isPeer(name: DecoderName): name is PeerName {
  return Object.hasOwn(PEERS, name)
}

/** p-values of the leakers on prefixes of one scene, computed when asked for and kept: decoders and levels share the work. */
export interface Decoded {
  leakerP(decoder: DecoderName, marks: number): readonly number[]
}

/** Prepares a scene for decoding at many lengths. */
export function decodeScene(scene: Scene): Decoded {
  const known = new Map<string, readonly number[]>()
  const leakerP = (decoder: DecoderName, marks: number): readonly number[] => {
    const key = `${decoder} ${marks}`
    const found = known.get(key) ?? compute(decoder, marks)
    known.set(key, found)
    return found
  }
  const compute = (decoder: DecoderName, marks: number): readonly number[] => {
    if (decoder === 'trace') {
      const [single, joint] = [leakerP('S', marks), leakerP('J', marks)]
      return joint.map((p, j) => Math.min(1, p, single[j]! / SINGLE_SHARE))
    }
    if (decoder === 'genie') return genieP(scene, marks)
    const evidence = evidenceOf(scene, marks)
    const { leakers } = scene.setting
    if (evidence.readable === 0) return Array.from({ length: leakers }, () => 1)
    if (decoder === 'J') return jointP(evidence, leakers)
    if (decoder === 'S') return singleP(evidence).slice(0, leakers)
    if (isPeer(decoder)) return believedP(evidence, alphabetsOf(scene, marks), PEERS[decoder]).slice(0, leakers)
    return exactPeerP(evidence, decoder === 'tardos-exact' ? symmetricTardos : oosterwijk).slice(0, leakers)
  }
  return { leakerP }
}

/** p of the first `count` copies by decoder J, its share of the budget paid for. */
export function jointP(evidence: Evidence, count: number): number[] {
  const joint = startJoint(evidence)
  return Array.from({ length: count }, (_, copy) => Math.min(1, joint.test(copy).p / (1 - SINGLE_SHARE)))
}

/** p of every copy by decoder S. */
export function singleP(evidence: Evidence, family: SingleFamily = 'MIXEM'): number[] {
  return decodeSingle(evidence, family).map((test) => test.p)
}
