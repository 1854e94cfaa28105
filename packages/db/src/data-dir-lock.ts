import { type FolderLock, takeFolderLock } from '@sigillo/seal/folder-lock'
import { DbError } from './errors.ts'

/** Takes the data folder of a hub or signer for this process, as {@link takeFolderLock} does. Throws {@link DbError} `locked`. */
export function takeDataDirLock(dataDir: string): FolderLock {
  return takeFolderLock(dataDir, { file: 'lock.json', refusal: (message) => new DbError('locked', message) })
}
