/** Names by which people call a mapping whose order means nothing to who receives it. */
const UNORDERED =
  /^(?:.*[_-])?(?:headers?|params?|parameters|form|fields|cookies|query|payload|options|opts|settings)$/i
const CAMEL = /(?:Headers?|Params?|Parameters|Form|Fields|Cookies|Query|Payload|Options|Opts|Settings)$/

/** True when a mapping of this name is sent or looked up by key, never walked for its order. */
export function namesUnordered(name: string): boolean {
  return UNORDERED.test(name) || CAMEL.test(name)
}
