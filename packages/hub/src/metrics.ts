import { nextRelease } from '@sigillo/db/embargoes'
import { readLogState } from '@sigillo/db/log-store'
import { operatingCounts } from '@sigillo/db/operating-counts'
import { outboxCounts } from '@sigillo/db/outbox'
import type { HubContext } from './context.ts'

/** What happened in this process since its start. */
export interface ProcessCounts {
  /** Answers by the first digit of their status. */
  readonly responses: Map<string, number>
  /** Batches that could not be written. */
  logFailures: number
}

/** Nothing happened yet. */
export function newProcessCounts(): ProcessCounts {
  return { responses: new Map(), logFailures: 0 }
}

/** Counts an answer with this status. */
export function countResponse({ responses }: ProcessCounts, status: number): void {
  const digit = String(status).charAt(0)
  responses.set(digit, (responses.get(digit) ?? 0) + 1)
}

interface Metric {
  readonly name: string
  readonly type: 'gauge' | 'counter'
  readonly help: string
  /** By the text of its labels; empty for none. */
  readonly values: readonly (readonly [labels: string, value: number])[]
}

/** The metrics of a hub in Prometheus's text format (version 0.0.4). They count; they name no case, no partner and no address. */
export async function renderMetrics(
  hub: HubContext,
  counts: ProcessCounts,
  contradiction: () => string | null,
): Promise<string> {
  const metrics = [
    ...(await logMetrics(hub)),
    ...(await databaseMetrics(hub)),
    ...(await outboxMetrics(hub)),
    gauge(
      'sigillo_clocks_contradict',
      'Whether the clocks are too far apart to lift by.',
      contradiction() === null ? 0 : 1,
    ),
    counter('sigillo_log_failures_total', 'Batches that could not be written.', [['', counts.logFailures]]),
    counter(
      'sigillo_http_responses_total',
      'Answers by class of status.',
      ['2', '3', '4', '5'].map((digit) => [`class="${digit}xx"`, counts.responses.get(digit) ?? 0]),
    ),
  ]
  return metrics.map(lines).join('')
}

async function logMetrics({ engine, time, witnesses }: HubContext): Promise<readonly Metric[]> {
  const state = await readLogState(engine.db)
  const age = state === null ? 0 : Math.max(0, time.host().getTime() - state.at.getTime()) / 1000
  return [
    gauge('sigillo_log_leaves', 'Leaves in the newest signed checkpoint.', state?.size ?? 0),
    gauge('sigillo_log_checkpoint_age_seconds', 'Since the newest checkpoint was signed.', age),
    gauge(
      'sigillo_log_witnessed_leaves',
      'Leaves in the newest checkpoint with the quorum of witnesses.',
      witnesses.newest()?.size ?? 0,
    ),
  ]
}

async function databaseMetrics({ engine, time }: HubContext): Promise<readonly Metric[]> {
  const { packages, lifts } = await operatingCounts(engine.db)
  const next = await nextRelease(engine.db)
  const overdue = next === null ? 0 : Math.max(0, time.host().getTime() - next.getTime()) / 1000
  const states = ['draft', 'scheduled', 'lifting', 'lifted', 'cancelled']
  return [
    {
      name: 'sigillo_packages',
      type: 'gauge',
      help: 'Packages that were issued, of these fetched, of these acknowledged.',
      values: Object.entries(packages).map(([state, count]) => [`state="${state}"`, count]),
    },
    {
      name: 'sigillo_embargoes',
      type: 'gauge',
      help: 'Embargoes by the state of their lift; lifting means held.',
      values: states.map((state) => [`lift="${state}"`, lifts[state] ?? 0]),
    },
    gauge('sigillo_embargo_overdue_seconds', 'How long the oldest planned release is past and not lifted.', overdue),
  ]
}

async function outboxMetrics({ engine, time }: HubContext): Promise<readonly Metric[]> {
  const { pending, sent, dead, oldestDue } = await outboxCounts(engine.db)
  const waiting = oldestDue === null ? 0 : Math.max(0, time.host().getTime() - oldestDue.getTime()) / 1000
  return [
    {
      name: 'sigillo_outbox_messages',
      type: 'gauge',
      help: 'Messages by state; dead ones are given up.',
      values: Object.entries({ pending, sent, dead }).map(([state, count]) => [`state="${state}"`, count]),
    },
    gauge('sigillo_outbox_overdue_seconds', 'How long the oldest message that is due has waited.', waiting),
  ]
}

function gauge(name: string, help: string, value: number): Metric {
  return { name, type: 'gauge', help, values: [['', value]] }
}

function counter(name: string, help: string, values: Metric['values']): Metric {
  return { name, type: 'counter', help, values }
}

function lines({ name, type, help, values }: Metric): string {
  const samples = values.map(([labels, value]) => `${name}${labels === '' ? '' : `{${labels}}`} ${String(value)}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.join('')}`
}
