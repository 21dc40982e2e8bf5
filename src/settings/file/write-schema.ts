import { writeFileSync } from 'node:fs';
import { jsonSchema } from './file-schema.ts';

// `npm run schema`: regenerates campaign-wf.schema.json after a change of the file's schema.
writeFileSync(new URL('../../../campaign-wf.schema.json', import.meta.url), jsonSchema());
