import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { realFiles } from '../survival/corpus.ts'
import type { Corpus, RealFile } from '../survival/corpus.ts'

/**
 * Files that the planner's figures are measured on. Of the languages of the conviction bundles they are others than the bundles', from other
 * modules and packages, so that the bench scores the forecast on files that the figures have not seen.
 */
const OTHERS: Partial<Record<Corpus, { readonly root: string; readonly names: string }>> = {
  python: {
    root: '/usr/lib/python3.11',
    names:
      'aifc.py asyncore.py bdb.py calendar.py cgi.py code.py compileall.py configparser.py contextlib.py csv.py dataclasses.py ' +
      'difflib.py dis.py email/generator.py filecmp.py fileinput.py fractions.py gettext.py gzip.py hmac.py http/cookies.py imaplib.py ' +
      'mimetypes.py modulefinder.py nntplib.py pkgutil.py platform.py pprint.py profile.py pyclbr.py random.py reprlib.py selectors.py ' +
      'shutil.py smtplib.py socketserver.py statistics.py symtable.py tabnanny.py tempfile.py textwrap.py timeit.py trace.py ' +
      'traceback.py uuid.py wave.py webbrowser.py xdrlib.py',
  },
  javascript: {
    root: join(import.meta.dirname, '../../../node_modules'),
    names:
      'avvio/lib/plugin.js color-convert/conversions.js debug/src/common.js debug/src/node.js eslint-scope/lib/referencer.js ' +
      'eslint-scope/lib/scope-manager.js eslint-scope/lib/scope.js estraverse/estraverse.js esutils/lib/code.js ' +
      'fast-json-stringify/lib/projection.js fast-json-stringify/lib/serializer.js fastify/lib/content-type-parser.js ' +
      'fastify/lib/hooks.js fastify/lib/reply.js fastify/lib/request.js fastify/lib/route.js fastify/lib/schemas.js ' +
      'fastify/lib/server.js fastify/lib/validation.js fastq/queue.js json-schema-ref-resolver/index.js levn/lib/cast.js ' +
      'optionator/lib/help.js optionator/lib/index.js pg-pool/index.js pgpass/lib/helper.js process-warning/index.js rfdc/index.js ' +
      'secure-json-parse/index.js sonic-boom/index.js thread-stream/index.js yauzl/index.js',
  },
}

/** The calibration files of a corpus that are on this machine, at most `most`. */
export function calibrationFiles(corpus: Corpus, most: number): RealFile[] {
  const others = OTHERS[corpus]
  if (others === undefined) return realFiles(corpus, most)
  return others.names
    .split(' ')
    .filter((name) => existsSync(join(others.root, name)))
    .slice(0, most)
    .map((name) => ({ path: name, text: readFileSync(join(others.root, name), 'utf8') }))
}
