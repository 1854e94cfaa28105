import type { Part } from './policy.ts'

/** Labels of the Traffic Light Protocol 2.0 (FIRST, 2022): how far recipients may pass something on; from most to least restricted. */
export const TLP = ['TLP:RED', 'TLP:AMBER+STRICT', 'TLP:AMBER', 'TLP:GREEN', 'TLP:CLEAR'] as const
export type Tlp = (typeof TLP)[number]

/** Labels of the Permissible Actions Protocol: what recipients may do with it that an adversary could notice; from most to least restricted. */
export const PAP = ['PAP:RED', 'PAP:AMBER', 'PAP:GREEN', 'PAP:CLEAR'] as const
export type Pap = (typeof PAP)[number]

/** What a tier's members may use early material for. */
export const USE_RIGHTS = [
  /** Understand the flaw. */
  'analyse',
  /** Write detections and protections. */
  'build-protections',
  /** Deploy them at customers before release, in a form that does not tell the flaw. */
  'deploy-protections',
  /** Publish them at release. */
  'publish-at-release',
] as const
export type UseRight = (typeof USE_RIGHTS)[number]

/** How a part is to be handled. */
export interface Handling {
  readonly tlp: Tlp
  readonly pap: Pap
}

/** What holds where the policy says nothing. */
export const DEFAULT_HANDLING: Readonly<Record<Part, Handling>> = {
  description: { tlp: 'TLP:AMBER', pap: 'PAP:GREEN' },
  guidance: { tlp: 'TLP:AMBER', pap: 'PAP:AMBER' },
  rules: { tlp: 'TLP:AMBER+STRICT', pap: 'PAP:AMBER' },
  poc: { tlp: 'TLP:RED', pap: 'PAP:RED' },
}

/** How several parts that travel together are to be handled: as the most restricted of them; nothing at all counts as the most restricted. */
export function strictest(handlings: readonly Handling[]): Handling {
  return {
    tlp: TLP.find((label) => handlings.some(({ tlp }) => tlp === label)) ?? 'TLP:RED',
    pap: PAP.find((label) => handlings.some(({ pap }) => pap === label)) ?? 'PAP:RED',
  }
}
