import type { PlanFile } from '../site.ts'
import { siteValues } from './code/classes.ts'

/**
 * A function that writes every alternative of the plan's declared sites as the first one, so that what a copy chose there does not hide the
 * other marks around it. Values are taken as whole words and across line breaks; lines are kept.
 */
export function wireAlike(plan: PlanFile): (text: string) => string {
  const first = new Map<string, string>()
  for (const site of plan.sites) {
    const values = site.anchor['read'] === 'wire' ? (siteValues(site) ?? []) : []
    for (const value of values) if (value !== '' && !first.has(value)) first.set(value, values[0] ?? value)
  }
  if (first.size === 0) return (text) => text
  const patterns = [...first.keys()].sort((a, b) => b.length - a.length).map(patternOf)
  const any = new RegExp(patterns.join('|'), 'g')
  return (text) =>
    text.replace(any, (found) => {
      const shown = first.get(found.replace(/\s+/g, ' ')) ?? first.get(found) ?? found
      return found.includes('\n') ? shown.replace(/ |$/, '\n') : shown
    })
}

function patternOf(value: string): string {
  const body = value.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&').replace(/ +/g, '\\s+')
  return `${/^\w/.test(value) ? '(?<!\\w)' : ''}${body}${/\w$/.test(value) ? '(?!\\w)' : ''}`
}
