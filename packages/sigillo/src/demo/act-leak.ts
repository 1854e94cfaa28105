import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from '@sigillo/desk/durable-file'
import { findSites } from '@sigillo/marks/find-sites'
import { renderFile } from '@sigillo/marks/render'
import { formatPartnerKey } from '../partner-key.ts'
import type { Shared } from './act-share.ts'
import { mergedAndFormatted, minified, pasteThird } from './leaks.ts'
import { formatPython } from './outside-tools.ts'
import { below, seededRandom, shuffled } from './seeded-random.ts'
import type { World } from './world.ts'

/** A bare file as it turns up, and who really passed it on. */
export interface Leak {
  readonly name: string
  readonly how: string
  readonly path: string
  readonly expected: readonly string[]
}

const PYTHON = 'poc/posta_handoff.py'
const JAVASCRIPT = 'poc/posta_handoff.mjs'

/** Three leaks made with tools that others wrote, and two samples for which the right answer is nobody. */
export async function leak(world: World, shared: Shared): Promise<readonly Leak[]> {
  const random = seededRandom(`${world.seed}\nleaks`)
  const holders = shared.recipients
    .filter(({ record }) => record.tier === 'full' && record.country !== 'QQ')
    .map(({ record }) => record.id)
  const [a = '', b = '', c1 = '', c2 = ''] = shuffled(random, holders)
  world.clock.jumpTo('2021-02-26T06:00:00Z')
  const python = (id: string): Promise<string> => openedFile(world, shared, id, PYTHON)
  const host = await readFile(world.examples.host, 'utf8')
  return Promise.all([
    save(
      world,
      'excerpt.py',
      'one Python copy, formatted, a third of its functions pasted into another tool',
      [a],
      pasteThird(await python(a), host, random),
    ),
    save(
      world,
      'minified.js',
      'one JavaScript copy through terser, compressed and mangled',
      [b],
      await minified(await openedFile(world, shared, b, JAVASCRIPT)),
    ),
    save(
      world,
      'merged.py',
      'two Python copies merged line by line, then formatted',
      [c1, c2].sort(),
      mergedAndFormatted(await python(c1), await python(c2), random),
    ),
    save(
      world,
      'independent.py',
      'an independent program for the same flaw',
      [],
      await readFile(world.examples.independent, 'utf8'),
    ),
    save(world, 'by-chance.py', 'the original with variants chosen by chance', [], await byChance(world, random)),
  ])
}

async function save(world: World, name: string, how: string, expected: readonly string[], text: string): Promise<Leak> {
  const path = join(world.folder, 'samples', name)
  await writeDurably(path, text, 0o644)
  return { name, how, path, expected }
}

/** The leaker opens its package with the product's own command, as any partner does. */
async function openedFile(world: World, shared: Shared, id: string, file: string): Promise<string> {
  const recipient = shared.recipients.find(({ record }) => record.id === id)
  const [packagePath] = shared.fetched.get(id) ?? []
  if (recipient === undefined || packagePath === undefined) throw new Error(`${id} fetched nothing`)
  const keyFile = join(world.folder, 'keys', `${id}.key`)
  await writeDurably(keyFile, formatPartnerKey(recipient.key, world.clock.now().toISOString()))
  const output = join(world.folder, 'opened', id)
  await world.stage.command('open', packagePath, '--key', keyFile, '--vendor', shared.releaseKey, '-o', output)
  return readFile(join(output, file), 'utf8')
}

async function byChance(world: World, random: World['random']): Promise<string> {
  const { file } = await findSites(PYTHON, await readFile(join(world.examples.bundle, PYTHON), 'utf8'))
  const chosen = new Map(file.sites.map((site) => [site.id, below(random, site.variants.length)]))
  return formatPython(renderFile(file, (site) => chosen.get(site) ?? 0))
}
