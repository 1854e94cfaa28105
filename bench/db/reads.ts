import { setTimeout as pause } from 'node:timers/promises'
import { PGlite } from '@electric-sql/pglite'
import { peakMemoryMib } from '../peak-memory.ts'

// Reads from PGlite as a hub does, in a process of its own, and prints one line of JSON: for each kind of read how many a processor second gives, and the
// peak of memory. Processor time, because it says the same on a busy machine.

const ROWS = 20_000
const TILES = Math.floor(ROWS / 256)
const SECONDS = Number(process.argv[2] ?? 4)

const pg = await PGlite.create()
await pg.exec(`
  create table events (idx bigint primary key, stream text, n int, body text, salt bytea);
  create index on events (stream, n);
  create table tiles (level int, n bigint, hashes bytea, primary key (level, n));
  insert into events select i, 'case:' || i % 50, i / 50, repeat(md5(i::text), 12), decode(repeat(md5(i::text), 2), 'hex') from generate_series(0, ${ROWS - 1}) i;
  insert into tiles select 0, i, decode(repeat(md5(i::text), 512), 'hex') from generate_series(0, ${TILES}) i;
  analyze;
`)
let seed = 1
const anyBelow = (limit: number): number => {
  seed = (seed * 48_271) % 2_147_483_647
  return seed % limit
}
const kinds: Readonly<Record<string, () => Promise<unknown>>> = {
  'one event': () => pg.query('select * from events where idx = $1', [anyBelow(ROWS)]),
  'one tile': () => pg.query('select hashes from tiles where level = 0 and n = $1', [anyBelow(TILES)]),
  'a page of 100 events': () =>
    pg.query('select * from events where idx > $1 order by idx limit 100', [anyBelow(ROWS - 100)]),
  'count of a stream': () => pg.query('select count(*) from events where stream = $1', [`case:${anyBelow(50)}`]),
  'scan of all events': () => pg.query(`select count(*) from events where body like '%' || $1`, ['ab1']),
}
const rates: Record<string, number> = {}
for (const [name, read] of Object.entries(kinds)) {
  for (let warm = 0; warm < 20; warm += 1) await read()
  // What V8 compiles beside the queries must not count as theirs.
  await pause(500)
  const end = performance.now() + SECONDS * 1000
  const before = process.threadCpuUsage()
  let done = 0
  while (performance.now() < end) {
    await read()
    done += 1
  }
  const { user, system } = process.threadCpuUsage(before)
  rates[name] = done / ((user + system) / 1e6)
}
await pg.close()
process.stdout.write(`${JSON.stringify({ rates, peakMib: peakMemoryMib() })}\n`)
