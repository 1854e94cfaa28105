import { readFileSync } from 'node:fs'
import { buildSegment } from '@sigillo/similarity/artefact-index'
import { buildBackground, channelWeights } from '@sigillo/similarity/background'
import { calibrate, pValue } from '@sigillo/similarity/calibration'
import { buildCohort } from '@sigillo/similarity/cohort'
import type { Document } from '@sigillo/similarity/document'
import { openScreen, screenSample, screenScores } from '@sigillo/similarity/screen'
import { castOf } from '../sets/draw.ts'
import { derivedPath, generate, JAVASCRIPT, PYTHON } from './generate.ts'

/**
 * Detection on the tuning draw, transformation by transformation, with the misses one by one:
 * `node --conditions=@sigillo/source bench/similarity/tune/measure.ts [javascript|python]`
 */
const kind = process.argv[2] === 'python' ? 'python' : 'javascript'
const transforms = ['copy', ...Object.keys(kind === 'javascript' ? JAVASCRIPT : PYTHON)]
const cast = castOf(kind, 30)
const originals = cast.originals.tuning

const documentOf = (path: string): Document => ({ id: path, files: [{ name: path, bytes: readFileSync(path) }] })
const documentsOf = (files: readonly { readonly path: string }[]): Document[] =>
  files.map(({ path }) => documentOf(path))

await generate(kind, 30)
const background = buildBackground({ name: kind, version: 'tune', documents: documentsOf(cast.background) })
const cohort = buildCohort(documentsOf(cast.cohort), background)
const segments = [buildSegment(documentsOf(originals), background)]
const calibration = calibrate(segments, cohort, background)
const screen = openScreen({ background, segments, cohort, calibration })
const weights = channelWeights(background).map((weight) => weight.toFixed(1))
console.log(
  `background ${background.files} files, ${background.set.keys.length} keys, nats per channel ${weights.join(' ')}`,
)
const thin = calibration.artefacts.filter((one) => one.thin !== null)
const closeness = calibration.artefacts.map((one) => one.closeness).sort((a, b) => a - b)
console.log(
  `cohort ${cohort.documents.length}, closeness ${closeness[0]?.toFixed(2)} to ${closeness.at(-1)?.toFixed(2)}, ${thin.length} thin`,
)

const positives = new Map<string, { readonly index: number; readonly score: number }[]>()
const negatives: number[] = []
for (const name of transforms) {
  for (const [index, original] of originals.entries()) {
    const sample = documentOf(name === 'copy' ? original.path : derivedPath(kind, original.path, name))
    if (sample.files[0]!.bytes.length === 0) continue
    const scores = screenScores(screen, sample)
    positives.set(name, [...(positives.get(name) ?? []), { index, score: scores[index]! }])
    negatives.push(...scores.filter((_, other) => other !== index))
  }
}
for (const sample of documentsOf([...cast.hosts, ...cast.unrelated])) negatives.push(...screenScores(screen, sample))
negatives.sort((a, b) => b - a)

const thresholds = [0.01, 0.001].map((rate) => negatives[Math.floor(rate * negatives.length)]!)
console.log(
  `${negatives.length} negatives; 1 % and 0.1 % score ${thresholds.map((one) => one.toFixed(2)).join(' and ')}, highest ${negatives[0]?.toFixed(2)}`,
)
for (const stated of [0.01, 0.001]) {
  const met = negatives.filter((score) => pValue(calibration, score).p <= stated).length / negatives.length
  console.log(`stated ${100 * stated} %: measured ${(100 * met).toFixed(3)} %`)
}
const sums = [0, 0]
for (const name of transforms) {
  const scores = positives.get(name)!
  const detected = thresholds.map((threshold) => scores.filter(({ score }) => score > threshold).length / scores.length)
  for (const [at, share] of detected.entries()) sums[at]! += share / transforms.length
  console.log(`${name.padEnd(18)}${detected.map((share) => share.toFixed(2)).join(' ')}`)
}
console.log(`mean              ${sums.map((sum) => sum.toFixed(3)).join(' ')}`)
for (const name of transforms) {
  for (const { index, score } of positives.get(name)!) {
    if (score > thresholds[1]! * 1.5) continue
    const path = name === 'copy' ? originals[index]!.path : derivedPath(kind, originals[index]!.path, name)
    const hit = screenSample(screen, documentOf(path), { minimumNats: 0, limit: 64 }).hits.find(
      (one) => one.artefact === originals[index]!.path,
    )
    const matched = hit?.byChannel.map((channel) => channel.matched).join('/') ?? 'nothing'
    console.log(
      `${name} ${index} score ${score.toFixed(1)}: ${matched} of ${segments[0]!.artefacts[index]!.kept.join('/')} ${originals[index]!.path.split('/').slice(-3).join('/')}`,
    )
  }
}
