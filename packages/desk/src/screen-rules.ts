import type { Background } from '@sigillo/similarity/background'
import { type HuntingFeature, huntingFeatures, huntingHits } from '@sigillo/similarity/hunting'
import { planOf, requireArtefact } from './artefacts.ts'
import type { Desk } from './context.ts'
import { DeskError } from './errors.ts'
import { watchedInputs } from './screen-index.ts'
import { loadBackground, type PublicFile } from './screen-public.ts'

/** One rule: how many of its features must occur. */
export interface HuntingRule {
  readonly name: string
  /** The artefact's file that it is made from. */
  readonly file: string
  readonly features: readonly HuntingFeature[]
  readonly least: number
}

/** Rules for other scanners, and how often they alarm on public files. */
export interface HuntingRules {
  readonly rules: readonly HuntingRule[]
  /** Files too plain to be told from public code. */
  readonly left: readonly string[]
  readonly background: Background
}

/** How often the rules alarm on files that have nothing to do with the artefact. */
export interface RuleAlarms {
  readonly files: number
  readonly alarms: number
}

/** Features of one rule. */
const FEATURES = 24
/** A rule needs so many features at least, or a chance likeness would set it off. */
const LEAST_FEATURES = 4
/** Share of the features that must occur, and how many at least: few, because each is a phrase or a stretch of code and excerpts hold few. */
const SHARE = 0.12
const LEAST_MATCHES = 3

/**
 * Rules from an artefact's rare features, one a file. They hold nothing public, nothing required, and no place that differs between
 * copies, so they say nothing about any recipient.
 * @throws DeskError `unknown-artefact`; `nothing-to-do` when no file has enough rare features
 */
export async function huntingRules(desk: Desk, artefactId: string): Promise<HuntingRules> {
  const document = await requireArtefact(desk, artefactId)
  const background = await loadBackground(desk)
  const plan = planOf(document)
  const rules: HuntingRule[] = []
  const left: string[] = []
  for (const [at, input] of watchedInputs(document, plan).entries()) {
    const file = plan.files[at]?.path ?? ''
    const found = huntingFeatures(input, background, { limit: 3 * FEATURES })
    const features = found.filter(({ bytes }) => !isOneWord(bytes)).slice(0, FEATURES)
    if (features.length < LEAST_FEATURES) left.push(file)
    else {
      const least = Math.max(LEAST_MATCHES, Math.ceil(features.length * SHARE))
      rules.push({ name: ruleName(document.id, file), file, features, least })
    }
  }
  if (rules.length === 0)
    throw new DeskError(
      'nothing-to-do',
      `"${artefactId}" has too few features that public code has not; no rule was made`,
    )
  return { rules, left, background }
}

/** Alarms of the rules on public files. */
export function ruleAlarms({ rules }: HuntingRules, files: Iterable<PublicFile>): RuleAlarms {
  let alarms = 0
  let count = 0
  for (const { bytes } of files) {
    count += 1
    if (rules.some(({ features, least }) => huntingHits(features, bytes) >= least)) alarms += 1
  }
  return { files: count, alarms }
}

/** The rules as text for YARA. @param measured alarms on public files, if they were measured */
export function yaraText({ rules, background }: HuntingRules, measured: RuleAlarms | null): string {
  const rate = measured === null ? 'not measured' : `${measured.alarms} of ${measured.files} public files`
  return rules.map((rule) => yaraRule(rule, rate, background.digest)).join('\n')
}

function yaraRule({ name, features, least }: HuntingRule, rate: string, digest: string): string {
  const strings = features.map((feature, at) => `    $f${at} = ${yaraString(feature)}`)
  return [
    `rule ${name}`,
    '{',
    '  meta:',
    '    description = "derives from a file shared under embargo, in part at least; a lead, not proof"',
    `    false_alarms = "${rate}"`,
    `    background = "${digest}"`,
    '  strings:',
    ...strings,
    '  condition:',
    `    ${least} of them`,
    '}',
    '',
  ].join('\n')
}

/** Readable text as text, found in UTF-16 too; anything else as hexadecimal. */
function yaraString({ bytes }: HuntingFeature): string {
  if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) {
    const text = Buffer.from(bytes).toString('latin1').replace(/[\\"]/g, String.raw`\$&`)
    return `"${text}" ascii wide`
  }
  return `{ ${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')} }`
}

/** A single word, name or header field: rare in the background, common in the world. Phrases and code are neither. */
function isOneWord(bytes: Uint8Array): boolean {
  return /^[\w-]+$/.test(Buffer.from(bytes).toString('latin1'))
}

function ruleName(artefact: string, file: string): string {
  return `shared_${artefact}_${file}`.replace(/\W+/g, '_').slice(0, 120)
}
