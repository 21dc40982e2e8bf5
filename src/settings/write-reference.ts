import { writeFileSync } from 'node:fs';
import { jsonSchema } from './file/file-schema.ts';
import { exampleEnv, settingsPage } from './reference.ts';

// `npm run schema`: writes what is generated from the schemas of the settings, after a change of one.
const files = {
  'campaign-wf.schema.json': jsonSchema(),
  '.env.example': exampleEnv(),
  'docs/settings.md': settingsPage(),
};
for (const [path, text] of Object.entries(files)) writeFileSync(new URL(`../../${path}`, import.meta.url), text);
