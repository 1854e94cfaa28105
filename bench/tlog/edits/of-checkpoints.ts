import { noteSigner } from '@sigillo/seal/ed25519'
import { signCheckpoint } from '@sigillo/tlog/checkpoint'
import { fromUtf8 } from '@sigillo/tlog/encoding'
import { logSigner, type SampleLog, secretOf } from '../sample-log.ts'
import { changeNote, type Edit } from './edit.ts'

/** Edits of the published checkpoint by whoever can write to the storage but holds no key. */
export const CHECKPOINT_EDITS: readonly Edit[] = [
  {
    what: 'the size raised by one',
    edit: (storage, { size }) => changeNote(storage, (text) => text.replace(`\n${size}\n`, `\n${size + 1}\n`)),
  },
  {
    what: 'the size lowered by one',
    edit: (storage, { size }) => changeNote(storage, (text) => text.replace(`\n${size}\n`, `\n${size - 1}\n`)),
  },
  {
    what: 'the root replaced',
    edit: (storage, log) => changeNote(storage, (text) => line(text, 2, line(older(log), 2))),
  },
  {
    what: 'the origin replaced',
    edit: (storage) => changeNote(storage, (text) => text.replace('sample.example', 'other.example')),
  },
  {
    what: 'one character of the signature',
    edit: (storage) => changeNote(storage, (text) => text.replace(/.(?=..=?=?\n$)/, (c) => (c === 'A' ? 'B' : 'A'))),
  },
  {
    what: 'the signature of an older checkpoint',
    edit: (storage, log) => changeNote(storage, (text) => line(text, 4, line(older(log), 4))),
  },
  { what: 'the signature line removed', edit: (storage) => changeNote(storage, (text) => line(text, 4, null)) },
  {
    what: 'the signature of another key under the same name',
    edit: (storage, { size, root }) => {
      const other = noteSigner(secretOf(logSigner.name, 1, 'another key'))
      storage.checkpoint = signCheckpoint({ origin: other.name, size, root }, [other])
      return 'checkpoint'
    },
  },
  {
    what: 'a checkpoint of another log in its place',
    edit: (storage, { size, root }) => {
      const other = noteSigner(secretOf('other.example/log'))
      storage.checkpoint = signCheckpoint({ origin: other.name, size, root }, [other])
      return 'checkpoint'
    },
  },
  {
    what: 'a line added to the signed text',
    edit: (storage) => changeNote(storage, (text) => text.replace('\n\n', '\nmore\n\n')),
  },
  {
    what: 'a carriage return in the signed text',
    edit: (storage) => changeNote(storage, (text) => text.replace('\n', '\r\n')),
  },
  { what: 'the checkpoint cut off', edit: (storage) => changeNote(storage, (text) => text.slice(0, -10)) },
  { what: 'the checkpoint emptied', edit: (storage) => changeNote(storage, () => '') },
]

function older(log: SampleLog): string {
  return fromUtf8(log.checkpoints.at(-2)?.note ?? new Uint8Array(0))
}

function line(text: string, at: number): string
function line(text: string, at: number, by: string | null): string
function line(text: string, at: number, by?: string | null): string {
  const lines = text.split('\n')
  if (by === undefined) return lines[at] ?? ''
  return (by === null ? lines.toSpliced(at, 1) : lines.with(at, by)).join('\n')
}
