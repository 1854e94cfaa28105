import { writeFileSync } from 'node:fs'
import { openApiDocument } from '@sigillo/api/openapi'

// `npm run openapi`: writes packages/api/openapi.json anew from the route table.
writeFileSync(
  new URL('../../packages/api/openapi.json', import.meta.url),
  `${JSON.stringify(openApiDocument('1.0.0'), null, 2)}\n`,
)
