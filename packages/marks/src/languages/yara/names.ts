/**
 * Names that rule authors give to strings, in families of four between which nobody would notice a choice. A word stands in one family only.
 * The list is data: add families freely; never reorder or extend a family that a frozen plan uses.
 */
export const NAME_FAMILIES: readonly (readonly [string, string, string, string])[] = [
  ['hdr', 'header', 'head', 'hd'],
  ['magic', 'signature', 'sig', 'marker'],
  ['ua', 'agent', 'user_agent', 'useragent'],
  ['url', 'uri', 'link', 'endpoint'],
  ['path', 'file_path', 'fpath', 'filepath'],
  ['file', 'filename', 'file_name', 'fname'],
  ['cmd', 'command', 'cmdline', 'command_line'],
  ['reg', 'regkey', 'reg_key', 'registry'],
  ['cfg', 'config', 'conf', 'settings'],
  ['str', 'text', 'string', 'txt'],
  ['op', 'opcode', 'code', 'bytes'],
  ['host', 'hostname', 'domain', 'server'],
  ['func', 'function', 'fn', 'method'],
  ['msg', 'message', 'notice', 'note'],
  ['err', 'error', 'fail', 'failure'],
  ['pdb', 'pdb_path', 'debug_path', 'symbols'],
  ['param', 'parameter', 'arg', 'argument'],
  ['field', 'field_name', 'form_field', 'input'],
  ['body', 'payload', 'content', 'data'],
  ['api', 'api_name', 'import', 'imp'],
  ['cookie', 'cookie_name', 'session_cookie', 'session'],
  ['tok', 'token', 'ticket', 'nonce'],
  ['dir', 'folder', 'directory', 'dirname'],
  ['key', 'key_name', 'keyname', 'secret'],
  ['ver', 'version', 'release', 'build'],
  ['name', 'label', 'title', 'ident'],
  ['usage', 'help', 'help_text', 'banner'],
  ['mod', 'module', 'lib', 'library'],
  ['query', 'query_string', 'qs', 'search'],
  ['req', 'request', 'req_line', 'request_line'],
]

const FAMILY_OF: ReadonlyMap<string, readonly string[]> = new Map(
  NAME_FAMILIES.flatMap((family) => family.map((word) => [word, family] as const)),
)

/** Stem and number of a string name without its `$`: `path2` is `path`, `2`. */
export function splitName(name: string): { readonly stem: string; readonly suffix: string } {
  const suffix = /_?\d+$/.exec(name)?.[0] ?? ''
  return { stem: name.slice(0, name.length - suffix.length), suffix }
}

/** The family a stem belongs to, or null. */
export function familyOf(stem: string): readonly string[] | null {
  return FAMILY_OF.get(stem) ?? null
}
