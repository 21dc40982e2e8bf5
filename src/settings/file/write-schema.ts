import { writeFileSync } from 'node:fs';
import { jsonSchema } from './json-schema.ts';

// `npm run schema`: writes campaign-wf.schema.json anew, after the schema of the file was changed.
writeFileSync(new URL('../../../campaign-wf.schema.json', import.meta.url), jsonSchema());
