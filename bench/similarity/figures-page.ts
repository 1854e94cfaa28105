import type { MeanFound, RobustnessRow } from './contests.ts'
import type { LabelledRow } from './labelled.ts'
import { keptRows } from './results.ts'
import type { AlarmRow, StatedRow } from './run-false-alarms.ts'
import type { SpeedRow } from './run-speed.ts'
import { AS_COMMAND, BY_P } from './run-travel.ts'
import type { TravelRow } from './run-travel.ts'

const TITLES: Readonly<Record<string, string>> = {
  javascript: 'JavaScript',
  python: 'Python',
  c: 'C',
  go: 'Go',
  shell: 'Shell',
  markdown: 'Markdown',
  sigma: 'Sigma',
  yara: 'YARA',
}
const KINDS = Object.keys(TITLES)
const ORDER = ['sigillo', 'sigillo, evidence only', 'Dolos', 'jscpd', 'sim', 'ssdeep', 'TLSH', 'MinHash']
const two = (share: number): string => share.toFixed(2)
const three = (share: number): string => share.toFixed(3)
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`

/** One table of all scorers over a quick run. */
export function quickTable(rows: readonly RobustnessRow[]): string {
  return [
    '| kind | scorer | ROC-AUC | average precision | found at 1 % | at 0.1 % |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      ({ kind, scorer, all, mean }) =>
        `| ${kind} | ${scorer} | ${three(all.auc)} | ${three(all.averagePrecision)} | ${three(mean.at1)} | ${three(mean.at01)} |`,
    ),
  ].join('\n')
}

/** The figures as a page of the documentation. Everything in it but the explanations is computed from `results/`. */
export function figuresPage(): string {
  const rows = Object.values(keptRows<RobustnessRow>('robustness'))
  return [
    ...introduction(),
    ...summary(rows),
    ...KINDS.flatMap((kind) =>
      byTransformation(
        kind,
        rows.filter((row) => row.kind === kind && row.draw === 'tuning'),
      ),
    ),
    ...labelled(Object.values(keptRows<LabelledRow>('labelled'))),
    ...stated(Object.values(keptRows<StatedRow>('stated'))),
    ...travel(keptRows<TravelRow>('travel')),
    ...alarms(Object.values(keptRows<AlarmRow>('alarms'))),
    ...speed(),
    ...limits(),
    '',
  ].join('\n')
}

function introduction(): string[] {
  return [
    '# Similarity: figures',
    '',
    'Written by `npm run bench:similarity -- --full --sets DIR --write-docs`; the raw results are in `bench/similarity/results/`. All tools ran on the same files.',
    '`npm run bench:similarity` alone prints a small table in a few minutes.',
    '',
    'A pair is *found* when its score is strictly above the score that at most 1 % (0.1 %) of the unrelated pairs exceed. One threshold serves all transformations of a kind.',
    'Unrelated pairs: each original against what was made of the others, against the files that excerpts were pasted into, and against strangers.',
    "A pair that nobody here copied but that holds the same six lines in a row (the smallest clone of Bellon's benchmark; comments, white space and brackets apart) counts neither way: public code is copied, and a tool that finds it is right. Table by table it is said how many there are, and what the figures are with them.",
    '*sigillo* ranks by evidence compared with what public code of the same kind scores; *evidence only* is the same without that comparison.',
    '',
  ]
}

function summary(rows: readonly RobustnessRow[]): string[] {
  const table = (draw: string, of: (row: RobustnessRow) => MeanFound = ({ mean }) => mean): string[] => [
    '',
    `| kind | ${ORDER.join(' | ')} |`,
    `|---|${ORDER.map(() => '---|').join('')}`,
    ...KINDS.map((kind) => {
      const cells = ORDER.map((scorer) => {
        const row = rows.find((each) => each.kind === kind && each.draw === draw && each.scorer === scorer)
        return row === undefined ? '' : `${three(of(row).at1)} / ${three(of(row).at01)}`
      })
      return `| ${TITLES[kind]} | ${cells.join(' | ')} |`
    }),
    '',
  ]
  return [
    '## What is found, mean over the transformations, at 1 % / 0.1 % false alarms',
    '',
    'An empty cell: the tool does not read that kind of text, or was not run.',
    '',
    '**The draw that was looked at while building.**',
    ...table('tuning'),
    '**The held-back draw**: originals from other packages and modules, never looked at while building.',
    ...table('held-back'),
    '**The held-back draw, with pairs that hold a clone counted as false alarms.**',
    ...table('held-back', ({ meanWithClones }) => meanWithClones),
  ]
}

function byTransformation(kind: string, rows: readonly RobustnessRow[]): string[] {
  if (rows.length === 0) return []
  const scorers = ORDER.filter((name) => rows.some((row) => row.scorer === name))
  const of = (name: string): RobustnessRow => rows.find((row) => row.scorer === name)!
  const line = (title: string, cell: (row: RobustnessRow) => string): string =>
    `| ${title} | ${scorers.map((name) => cell(of(name))).join(' | ')} |`
  const first = of(scorers[0]!)
  return [
    `## ${TITLES[kind]}: by transformation`,
    '',
    `${first.all.positives} derived and ${first.all.negatives} unrelated pairs; ${first.clones} more hold a clone. Found at 1 % / 0.1 %.`,
    '',
    `| | ${scorers.join(' | ')} |`,
    `|---|${scorers.map(() => '---|').join('')}`,
    ...Object.keys(first.transformations).map((name) =>
      line(name, (row) => {
        const figures = row.transformations[name]
        return figures === undefined ? '' : `${two(figures.at1)} / ${two(figures.at01)}`
      }),
    ),
    line('**mean**', (row) => `**${three(row.mean.at1)} / ${three(row.mean.at01)}**`),
    line('ROC-AUC', (row) => three(row.all.auc)),
    line('average precision', (row) => three(row.all.averagePrecision)),
    '',
  ]
}

function labelled(rows: readonly LabelledRow[]): string[] {
  if (rows.length === 0) return []
  const levels = ['L1', 'L2', 'L3', 'L4', 'L5', 'L6']
  return [
    '## Labelled sets of student programs',
    '',
    'Of the sets only figures are kept. The public code known to us is the Java library; the cohort is the other half of each set without relatives of the reference, so that no pair is judged by itself.',
    'Levels are those of the set: the higher, the more was changed. Found at 1 %.',
    '',
    `| set | tool | ROC-AUC | average precision | at 1 % | at 0.1 % | ${levels.join(' | ')} |`,
    `|---|---|---|---|---|---|${levels.map(() => '---|').join('')}`,
    ...['hjc-java', 'irplag-java'].flatMap((set) =>
      ORDER.flatMap((scorer) => rows.filter((row) => row.set === set && row.scorer === scorer)).map(
        ({ all, levels: found, scorer }) =>
          `| ${set} | ${scorer} | ${three(all.auc)} | ${three(all.averagePrecision)} | ${two(all.at1)} | ${two(all.at01)} | ${levels.map((level) => (found[level] === undefined ? '' : two(found[level].at1))).join(' | ')} |`,
      ),
    ),
    '',
    'In irplag-java some independent solutions are the same token for token, so a bare score finds little at 1 %: a quarter at best, by jscpd, which does not look at runs of under 50 tokens.',
    'Our calibrated ranking is not comparable with the others there: the cohort of an independent solution holds the copies of the original for the same task, that of the original cannot, which favours the original. Compare *evidence only*.',
    '',
  ]
}

function stated(rows: readonly StatedRow[]): string[] {
  if (rows.length === 0) return []
  return [
    '## False alarms: stated and measured',
    '',
    'How often an unrelated pair got a p-value of at most 1 % (0.1 %), and how often a file got any hit with a stated false-alarm rate that low. Pairs without a rate had too thin a cohort, which the output says.',
    '',
    '| what | files or pairs | without a rate | pairs at 1 % | at 0.1 % | files at 1 % | at 0.1 % |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.what} | ${row.files} x ${row.what.startsWith('unrelated') ? row.artefacts : 1} | ${row.uncalibrated} | ${percent(row.pairsAt1)} | ${percent(row.pairsAt01)} | ${percent(row.filesAt1)} | ${percent(row.filesAt01)} |`,
    ),
    '',
  ]
}

function travel(kept: Readonly<Record<string, TravelRow>>): string[] {
  const rows = [BY_P, AS_COMMAND, ...ORDER].flatMap((name) => (kept[name] === undefined ? [] : [kept[name]]))
  const [first] = rows
  if (first === undefined) return []
  const places = Object.keys(first.pairs)
  const line = (title: string, cell: (place: string) => string): string =>
    `| ${title} | ${places.map(cell).join(' | ')} |`
  const share = (of: number | undefined): string => (of === undefined ? '' : percent(of))
  return [
    '## One threshold for all: how far it travels',
    '',
    'Each score has one threshold, that which 1 % of the pairs of unrelated JavaScript files exceed. Share of unrelated pairs that exceed it elsewhere: other files of other families, and independent solutions of one task.',
    'The p-value is what our engine states against the public code it is given. Where it states no rate, because that code is too little or has nothing in common with the artefact, there can be no alarm by p-value, and the command goes by 32 nats alone; the last row but one says how often.',
    'Our first two rows are given public code of the same kind, and in the labelled sets the other half of the set, which a tool that compares two files cannot use. A tool that finds nothing raises no alarm either: what each one finds is in the tables above.',
    '',
    line('tool', (place) => TITLES[place] ?? place),
    `|---|${places.map(() => '---|').join('')}`,
    ...rows.map(({ scorer, alarms: found }) => line(scorer, (place) => share(found[place]))),
    ...(kept[BY_P] === undefined
      ? []
      : [line('pairs without a rate', (place) => share(kept[BY_P]?.withoutRate?.[place]))]),
    line('pairs', (place) => String(first.pairs[place])),
    '',
    ...Object.keys(kept[BY_P]?.found ?? {}).flatMap((place) => [
      `Of the derived pairs of ${place} the p-value finds ${share(kept[BY_P]?.found?.[place])}, the command ${share(kept[AS_COMMAND]?.found?.[place])}.`,
    ]),
    'Originals and strangers of the draw that was looked at while building, pairs that hold a clone left out; of the independent pairs of a labelled set 2,000, evenly, the same for every tool.',
    '',
  ]
}

function alarms(rows: readonly AlarmRow[]): string[] {
  if (rows.length === 0) return []
  const languages = ['javascript', 'python']
  return [
    '## Two unrelated files that hold one public file',
    '',
    'The public file (3.5 to 8 KB) is in the background once. Share of pairs that raise an alarm at 1 % / 0.1 %; wanted: at most 3 %.',
    '',
    `| tool | ${languages.join(' | ')} |`,
    '|---|---|---|',
    ...ORDER.flatMap((scorer) => {
      const cells = languages.map((language) =>
        rows.find((row) => row.scorer === scorer && row.what.includes(`, ${language},`)),
      )
      if (cells.every((cell) => cell === undefined)) return []
      return [
        `| ${scorer} | ${cells.map((cell) => (cell === undefined ? '' : `${percent(cell.at1)} / ${percent(cell.at01)}`)).join(' | ')} |`,
      ]
    }),
    '',
  ]
}

function speed(): string[] {
  const rows = Object.values(keptRows<SpeedRow>('speed'))
  if (rows.length === 0) return []
  const workers = keptRows<{ alone: number; together: number; load: number }>('workers')['two']
  return [
    '## Speed',
    '',
    `${rows[0]!.machine}, one core each, in processor seconds: the machine was shared. Artefacts and samples are pieces of 13 KB of real source. Memory is the most that the process held: ours loads the saved index and the samples, the peers hold the texts.`,
    '',
    '| what | artefacts | samples a second | MB/s | memory, MB | index built in, s |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.what} | ${row.artefacts === 0 ? '' : row.artefacts} | ${row.what === 'lexer' ? '' : row.samplesPerSecond.toFixed(1)} | ${row.megabytesPerSecond.toFixed(2)} | ${row.megabytes === 0 ? '' : row.megabytes.toFixed(0)} | ${row.buildSeconds === 0 ? '' : row.buildSeconds.toFixed(1)} |`,
    ),
    '',
    ...(workers === undefined
      ? []
      : [
          `Two workers on two cores did ${two(workers.together / workers.alone)} times what one did, by the clock, on a machine whose load average was ${workers.load.toFixed(1)} before: only a quiet machine shows what two workers can do.`,
          '',
        ]),
    'Dolos has no one-against-many search: each sample is compared with every file of its index. ssdeep compares digests, which finds copies only.',
    '',
  ]
}

function limits(): string[] {
  return [
    '## Limits',
    '',
    '- Thirty originals per kind and draw: one file more or less found moves a transformation by 0.03. Thresholds and detection share originals.',
    '- With fewer than 1,000 unrelated pairs the 0.1 % column means "above every unrelated pair".',
    '- Detection rules (Sigma, YARA) are made by a generator, because no package ships real ones: their figures say that the format is read, not what real rules score.',
    '- C comes from one project (gnulib) by many hands, shell from scripts of Debian packages: few files, so its cohort is thin.',
    '- jscpd names one partner per clone, so samples ran in groups that have nothing to do with each other; in the labelled sets, full of relatives, each pair had a run of its own.',
    '- Excerpts are neighbouring functions where there are enough, else neighbouring lines. A real tool that refuses a text is left out for that text.',
    excerptsAfterTerser(),
    '- Nothing here is rewritten by hand in another language or by a language model; nothing detects that.',
  ]
}

/** Both rows of both draws: what terser dropped is not there to be found. */
function excerptsAfterTerser(): string {
  const kept = keptRows<RobustnessRow>('robustness')
  const found = (draw: string, how: string): string => {
    const figures = kept[`javascript ${draw} sigillo`]?.transformations[`excerpt 30 % ${how}, then terser`]
    return figures === undefined ? 'not measured' : `${two(figures.at1)} / ${two(figures.at01)}`
  }
  return [
    `- *Excerpt, then terser*, found at 1 % / 0.1 %: in use ${found('tuning', 'in use')} and, held back, ${found('held-back', 'in use')}; called by nothing ${found('tuning', 'that nothing calls')} and ${found('held-back', 'that nothing calls')}.`,
    'Terser drops code that nothing calls: of the thirteen such excerpts that were missed in both draws twelve had lost nine tenths or more (`bench/similarity/tune/excerpt-in-use.ts`), and what is not there cannot be found.',
  ].join(' ')
}
