import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Drill, Outcome, Size } from './drill.ts'
import { checkAll, type Checked } from './rotation-verify.ts'
import { startRotationScene } from './rotation-scene.ts'

/** Goal L8: the keys of the log, of a witness and of the vendor's releases are replaced; what was signed before, meanwhile and after verifies. */
export const rotationDrill: Drill = {
  id: 'L8',
  title: 'keys of the log, a witness and the releases replaced',
  goal: 'all earlier dossiers still verify, offline; a policy without the old keys says what is missing',
  lacks: () => null,
  run: async (size, say) => {
    const folder = mkdtempSync('/tmp/sigillo-soak-')
    try {
      return await run(folder, size, say)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function run(folder: string, size: Size, say: (line: string) => void): Promise<Outcome> {
  const bundle = join(folder, 'bundle')
  mkdirSync(bundle)
  writeFileSync(join(bundle, 'guidance.md'), markedText(24))
  const scene = await startRotationScene(folder, size === 'full' ? 40 : 6, (length) => randomBytes(length))
  try {
    say('a dossier with the old keys')
    await scene.disclose('before', bundle)
    await scene.rotate()
    say('a dossier while both keys of the log and of the witness sign')
    await scene.disclose('between', bundle)
    await scene.retire()
    say('a dossier with the new keys alone')
    await scene.disclose('after', bundle)
  } finally {
    await scene.stop()
  }
  return outcomeOf(await checkAll(scene))
}

function outcomeOf({ verified, refused, wrong, told }: Checked): Outcome {
  return {
    passed: wrong.length === 0,
    figures: {
      'files verified with all keys': verified,
      'refused without a key that is needed': refused,
      wrong: wrong.length === 0 ? 0 : wrong.join('; '),
      'what the verifier says': told,
    },
  }
}

const WORDS = ['simple', 'plain', 'basic', 'easy', 'small', 'short', 'light', 'modest']

/** A text with one mark a line. */
function markedText(lines: number): string {
  const line = (_: unknown, index: number): string => {
    const words = WORDS.map((word) => `${word}-note-${String(index).padStart(3, '0')}`)
    return `It is ${words[0] ?? ''} to see. <!-- sigillo:mark doc ${words.join(' | ')} -->`
  }
  return `${Array.from({ length: lines }, line).join('\n')}\n`
}
