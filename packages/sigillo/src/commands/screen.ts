import { explainHit } from '@sigillo/desk/screen-explanation'
import { openWatch, screenBytes, type Thresholds, DEFAULT_THRESHOLDS, type Watch } from '@sigillo/desk/screen-sample'
import { readInput } from '@sigillo/desk/read-input'
import { openWatchFile } from '@sigillo/desk/screen-watch-file'
import type { Command } from 'commander'
import { CommandError } from '../errors.ts'
import { type Io, printable } from '../io.ts'
import { wholeOption } from '../options.ts'
import type { Finish } from '../run.ts'
import { readJsonLines } from '../screen/json-lines.ts'
import { consumeNats, type NatsFeed } from '../screen/nats-feed.ts'
import { readPaths } from '../screen/read-paths.ts'
import { type ExplainedHit, refusalJson, resultJson } from '../screen/result-json.ts'
import { resultText } from '../screen/result-text.ts'
import type { Input, RawSample } from '../screen/sample.ts'
import { watchFolder } from '../screen/watch-folder.ts'
import { untilStopped } from '../until-stopped.ts'
import { withDesk } from '../with-desk.ts'
import { registerScreenExport } from './screen-export.ts'
import { registerScreenLearn } from './screen-learn.ts'
import { registerScreenRules } from './screen-rules.ts'

interface Options {
  readonly stream?: boolean
  readonly watch?: string
  readonly nats?: string
  readonly streamName?: string
  readonly consumer: string
  readonly ackWait?: string
  readonly index?: string
  readonly least: string
  readonly rate: string
  readonly json?: boolean
}

/** `sigillo screen PATH…`: which samples derive from anything shared? Exit status 1 when one does. */
export function registerScreen(program: Command, io: Io, finish: Finish): void {
  const group = program
    .command('screen')
    .description('which samples derive from anything that was shared?')
    .argument('[sample...]', 'files, folders and archives (zip, tar, gzip)')
    .option('--stream', 'read samples from standard input, one JSON object a line: {"id", "text" or "base64"}')
    .option('--watch <dir>', 'screen what lies in a folder and what is put there, until stopped')
    .option('--nats <url>', 'screen the messages of a NATS JetStream stream, until stopped')
    .option('--stream-name <name>', 'the stream')
    .option('--consumer <name>', 'durable consumer; machines that name the same one share the feed', 'sigillo-screen')
    .option(
      '--ack-wait <seconds>',
      "a silent machine's message goes to another one after so long (120 for a new consumer)",
    )
    .option('--index <file>', 'an index that "screen export" wrote, instead of the vault')
    .option('--least <nats>', 'evidence that makes a hit', String(DEFAULT_THRESHOLDS.nats))
    .option(
      '--rate <share>',
      'highest false-alarm rate of a hit, where a rate can be stated',
      String(DEFAULT_THRESHOLDS.rate),
    )
    .option('--json', 'print one JSON line a sample, also for samples without hits')
    .action(async (paths: string[], options: Options, command: Command) => {
      const asJson = options.json === true || options.stream === true || options.nats !== undefined
      const sources = sourcesOf(paths, options)
      const thresholds = thresholdsOf(options)
      const watch = await watchFor(options.index, command, io)
      const tally = { samples: 0, hits: 0, refused: 0 }
      await sources(io, (inputs) => screenAll({ io, watch, thresholds, asJson, tally }, inputs))
      if (!asJson) io.stdout.write(`${tallyText(tally)}\n`)
      if (tally.hits > 0) finish(1)
      else if (tally.refused > 0 && tally.samples === 0)
        throw new CommandError('bad-option', `nothing could be screened: ${tally.refused} refused`)
    })
  registerScreenExport(group, io)
  registerScreenLearn(group, io)
  registerScreenRules(group, io)
}

async function watchFor(index: string | undefined, command: Command, io: Io): Promise<Watch> {
  if (index === undefined) return withDesk(command, io, openWatch)
  return openWatchFile(await readInput(index, '--index'), index)
}

interface Tally {
  samples: number
  hits: number
  refused: number
}

interface Run {
  readonly io: Io
  readonly watch: Watch
  readonly thresholds: Thresholds
  readonly asJson: boolean
  readonly tally: Tally
}

type Handle = (inputs: AsyncIterable<Input>) => Promise<void>
type Source = (io: Io, handle: Handle) => Promise<void>

/** Where samples come from. @throws CommandError `bad-option` unless exactly one source is named */
function sourcesOf(paths: readonly string[], options: Options): Source {
  const { stream, watch, nats } = options
  const sources: Source[] = []
  if (paths.length > 0) sources.push((_, handle) => handle(readPaths(paths)))
  if (stream === true) sources.push((io, handle) => handle(readJsonLines(io.stdin)))
  if (watch !== undefined) sources.push((_, handle) => handle(watchFolder(watch, stopSignal())))
  if (nats !== undefined) {
    const feed = feedOf(nats, options)
    sources.push((_, handle) => consumeNats(feed, stopSignal(), handle))
  }
  const [source, second] = sources
  if (source === undefined || second !== undefined)
    throw new CommandError('bad-option', 'name samples, or one of --stream, --watch and --nats')
  return source
}

function feedOf(url: string, { streamName, consumer, ackWait }: Options): NatsFeed {
  if (streamName === undefined) throw new CommandError('bad-option', '--nats needs --stream-name')
  return {
    url,
    stream: streamName,
    consumer,
    ackWait: ackWait === undefined ? null : wholeOption('--ack-wait', ackWait, 86_400),
  }
}

function stopSignal(): AbortSignal {
  const stop = new AbortController()
  void untilStopped().then(() => stop.abort())
  return stop.signal
}

function thresholdsOf({ least, rate }: Options): Thresholds {
  const thresholds = { nats: Number(least), rate: Number(rate) }
  if (!(thresholds.nats >= 1))
    throw new CommandError('bad-option', `--least "${least}" must be a number of nats, 1 or more`)
  if (!(thresholds.rate > 0 && thresholds.rate <= 1))
    throw new CommandError('bad-option', `--rate "${rate}" must be a share above 0 and at most 1`)
  return thresholds
}

async function screenAll(run: Run, inputs: AsyncIterable<Input>): Promise<void> {
  for await (const input of inputs) {
    if ('refused' in input) {
      run.tally.refused += 1
      if (run.asJson) await write(run.io, `${JSON.stringify(refusalJson(input))}\n`)
      else run.io.stderr.write(`sigillo: ${printable(`${input.id}: ${input.refused}`)}\n`)
    } else await screenOne(run, input)
  }
}

async function screenOne({ io, watch, thresholds, asJson, tally }: Run, sample: RawSample): Promise<void> {
  const result = screenBytes(watch, sample, thresholds)
  const hits: ExplainedHit[] = []
  for (const hit of result.hits) hits.push({ hit, explanation: await explainHit(watch, hit, sample) })
  tally.samples += 1
  if (hits.length > 0) tally.hits += 1
  if (asJson) await write(io, `${JSON.stringify(resultJson(sample, result, hits))}\n`)
  else for (const line of resultText(sample, hits)) io.stdout.write(`${printable(line)}\n`)
}

/** Resolves when the line is handed on: only then is a message acknowledged. */
function write(io: Io, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    io.stdout.write(line, (error) => (error == null ? resolve() : reject(error)))
  })
}

function tallyText({ samples, hits, refused }: Tally): string {
  const said = hits === 0 ? 'nothing shared was recognised' : `${hits} derive from something shared`
  return `${samples} samples screened, ${said}${refused === 0 ? '' : `, ${refused} refused`}.`
}
