import { ProgrammeError } from './errors.ts'

const PATTERN = /^P(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?)?$/

/**
 * Milliseconds of an ISO 8601 duration written with days, hours and minutes only (`P14D`, `PT36H`, `P1DT12H`).
 * Months and years are refused: their length depends on the calendar.
 * @throws ProgrammeError `bad-duration`
 */
export function durationMs(text: string): number {
  const match = PATTERN.exec(text)
  if (match === null || text === 'P' || text.endsWith('T')) {
    throw new ProgrammeError(
      'bad-duration',
      `"${text}" is not a duration in days, hours and minutes, such as P14D or PT36H`,
    )
  }
  const [, days = '0', hours = '0', minutes = '0'] = match
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000
}
