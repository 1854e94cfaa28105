import type { Attack } from '@sigillo/fingerprint/simulate-attacks'
import { DECODERS } from './decoders.ts'
import type { MarksJob } from './marks-needed.ts'
import type { Code, Setting } from './scene.ts'

/** What the tables of marks are made of. */
export function marksJobs(full: boolean): MarksJob[] {
  return full ? fullJobs() : shortJobs()
}

const USUAL = [1e-6]
const BOTH = [1e-6, 1e-9]
/** Attacks on GL6 that differ for so many leakers; against two, all that treat both alike are one. */
const ATTACKS: readonly (readonly Attack[])[] = [
  ['interleave'],
  ['interleave', 'all-ones', 'erasedet', 'halferase'],
  ['interleave', 'majority', 'minority', 'coin', 'all-ones', 'wca', 'erasedet', 'halferase'],
]

function shortJobs(): MarksJob[] {
  return [...[1, 2, 3].map((leakers) => job({ leakers }, 12)), job({ leakers: 2, code: 'q16' }, 12)]
}

function fullJobs(): MarksJob[] {
  const upTo = [1, 2, 3, 4, 5]
  return [
    ...upTo.flatMap((leakers) => (ATTACKS[leakers - 1] ?? ATTACKS[2]!).map((attack) => main({ leakers, attack }))),
    ...upTo.flatMap((leakers) =>
      (ATTACKS[leakers - 1] ?? ATTACKS[2]!).map((attack) => main({ leakers, attack, code: 'JOINT6' })),
    ),
    ...[1, 2].map((leakers) => main({ leakers, code: 'HALF' })),
    main({ leakers: 2, code: 'HALF', attack: 'all-ones' }),
    ...upTo.map((leakers) => job({ leakers, code: 'GL8' })),
    ...(['q4', 'q8', 'q16', 'q64'] satisfies Code[]).flatMap((code) => qaryJobs(code)),
    ...[1, 2, 3, 4].map((leakers) => job({ leakers, code: 'q16+3GL6', misread: 0.02 })),
    ...[2, 3].flatMap((leakers) =>
      (['scrub', 'scrub-coin', 'halferase'] satisfies Attack[]).map((attack) =>
        job({ leakers, code: 'q16+3GL6', attack, misread: 0.02 }),
      ),
    ),
    ...[0.02, 0.05].flatMap((misread) => upTo.map((leakers) => job({ leakers, misread }))),
    ...[1, 2, 3, 4].map((leakers) => job({ leakers, misread: 0.02, code: 'JOINT6' })),
    job({ leakers: 3, attack: 'majority', misread: 0.05 }),
    ...[0.02, 0.05].flatMap((misread) => [1, 2, 3].map((leakers) => job({ leakers, code: 'q16', misread }))),
    ...[1, 2, 3, 4].map((leakers) => job({ leakers, recipients: 500 })),
    ...[2, 3].map((leakers) => job({ leakers }, 100, { goal: 'all', decoders: ['J', 'S', 'genie'] })),
    ...[2, 3, 4].map((leakers) => job({ leakers, code: 'JOINT6' }, 40, { goal: 'all', decoders: ['J'] })),
    job({ leakers: 4 }, 40, { goal: 'all', decoders: ['J', 'genie'] }),
  ]
}

function qaryJobs(code: Code): MarksJob[] {
  const merges = [1, 2, 3, 4, 5].map((leakers) => job({ leakers, code }))
  const others: readonly (readonly [number, Attack])[] = [
    [2, 'halferase'],
    [2, 'erasedet'],
    [3, 'minority'],
  ]
  return [...merges, ...others.map(([leakers, attack]) => job({ leakers, code, attack }))]
}

type Given = Partial<Setting> & { readonly leakers: number }

/** The settings that figures are promised for: both levels, and more trials where they are cheap. */
function main(setting: Given): MarksJob {
  return job(setting, setting.leakers > 3 ? 100 : 200, { alphas: BOTH })
}

function job(
  setting: Given,
  trials: number = 100,
  rest: Partial<Pick<MarksJob, 'goal' | 'alphas' | 'decoders'>> = {},
): MarksJob {
  const base = { code: 'GL6', recipients: 100, attack: 'interleave', erased: 0, misread: 0 } as const
  return {
    section: 'marks',
    setting: { ...base, ...setting },
    decoders: DECODERS,
    alphas: USUAL,
    goal: 'one',
    trials,
    ...rest,
  }
}
