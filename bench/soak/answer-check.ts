import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

/** An answer of a hub, as far as its description goes. */
export interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
}

/**
 * Checks answers against an OpenAPI document with a validator that the hub does not use. The result says what does not fit, or is null. Formats such as
 * `date-time` are not checked apart: the patterns that zod writes beside them are.
 *
 * @param document the document, parsed
 */
export function answerCheck(document: object): (path: string, method: string, answer: Answer) => string | null {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema(document, 'openapi')
  const validatorOf = (path: string, method: string, status: string, type: string): ValidateFunction | undefined => {
    const parts = ['paths', path, method.toLowerCase(), 'responses', status, 'content', type, 'schema']
    return ajv.getSchema(`openapi#/${parts.map((part) => encodeURIComponent(escaped(part))).join('/')}`)
  }
  return (path, method, { status, type, text }) => {
    const [media = ''] = type.split(';')
    const validate = validatorOf(path, method, status === 200 ? '200' : 'default', media)
    if (validate === undefined) return `${String(status)} with ${media} is not described`
    // Bytes and plain text are what they are.
    if (!media.endsWith('json')) return null
    return validate(JSON.parse(text)) ? null : ajv.errorsText(validate.errors)
  }
}

/** A member's name within a JSON pointer (RFC 6901). */
function escaped(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1')
}
