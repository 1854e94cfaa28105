import type { ChronologyEvent } from '../case-file.ts'
import { contradictions } from '../disputes.ts'
import type { EventKind } from '../event-kinds.ts'
import type { Wave } from '../waves.ts'
import { assess, type Pass } from './assess.ts'
import { leadingGroup, posteriors, type Weights } from './judge.ts'
import { byNominal } from './nominal.ts'
import type { Settings } from './options.ts'

/** What happens to the leading explanations when single events are left out: for each wave the events without which another one leads. */
export interface LeftOut {
  readonly changes: ReadonlyMap<string, readonly string[]>
  readonly tried: number
  readonly of: number
}

/** Kinds that no explanation rests on; one of them matters only where it contradicts another event. */
const IRRELEVANT: ReadonlySet<EventKind> = new Set<EventKind>([
  'other',
  'kev-added',
  'embargo-moved',
  'partner-removed',
  'leak-suspected',
])
const EVENTS_TO_READ = 25_000

/** Leaves out one event at a time, those that carry the leading explanations first, as many as the size of the case affords. */
export function leaveOut(events: readonly ChronologyEvent[], settings: Settings, base: Pass): LeftOut {
  const disputed = contradictions(events)
  const relevant = events.filter((event) => !IRRELEVANT.has(event.kind) || disputed.has(event.id)).sort(byNominal)
  const carrying = new Set(
    base.waves.flatMap(({ wave, weights }) => [...carriers(weights), ...wave.events.slice(0, 1)]),
  )
  const ordered = [
    ...relevant.filter((event) => carrying.has(event.id)),
    ...relevant.filter((event) => !carrying.has(event.id)),
  ]
  const most = Math.min(settings.maxLeftOut, Math.floor(EVENTS_TO_READ / Math.max(1, events.length)))
  const tried = ordered.slice(0, most)
  const changes = new Map<string, string[]>()
  for (const { id } of tried) {
    const find = counterparts(assess(without(events, id), settings))
    for (const { wave, weights } of base.waves) {
      const match = find(wave)
      if (match === undefined || leadingGroup(match) === leadingGroup(weights)) continue
      changes.set(wave.id, [...(changes.get(wave.id) ?? []), id].sort())
    }
  }
  return { changes, tried: tried.length, of: relevant.length }
}

/** The events that carry the two explanations with the largest shares. */
function carriers(weights: Weights): readonly string[] {
  const found = posteriors(weights)
  return weights.listed
    .filter((each) => !each.excluded)
    .sort((a, b) => (found.byId.get(b.id) ?? 0) - (found.byId.get(a.id) ?? 0))
    .slice(0, 2)
    .flatMap((each) => each.because)
}

function without(events: readonly ChronologyEvent[], id: string): readonly ChronologyEvent[] {
  return events.filter((event) => event.id !== id)
}

/** For each wave of another pass its weights, found by the events that it shares with a given wave. */
export function counterparts(pass: Pass): (wave: Wave) => Weights | undefined {
  const places = new Map<string, number[]>()
  for (const [i, { wave }] of pass.waves.entries()) {
    for (const id of wave.events) places.set(id, [...(places.get(id) ?? []), i])
  }
  return (wave) => {
    const shared = new Map<number, number>()
    for (const i of wave.events.flatMap((id) => places.get(id) ?? [])) {
      if (pass.waves[i]?.wave.kind === wave.kind) shared.set(i, (shared.get(i) ?? 0) + 1)
    }
    // The wave that shares the most events; of equal ones the first.
    const [best] = [...shared].sort(([a, most], [b, others]) => others - most || a - b)
    return best === undefined ? undefined : pass.waves[best[0]]?.weights
  }
}
