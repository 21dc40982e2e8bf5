import { z } from 'zod';
import { translatorFor } from '../../locales/translator.ts';
import { fileSchema } from './file-schema.ts';

/** The file's schema for editors. Draft 7 has the best support in the YAML language server. */
export function jsonSchema(): string {
  const schema = z.toJSONSchema(fileSchema(translatorFor('en')), { target: 'draft-7', io: 'input' });
  return `${JSON.stringify({ title: 'campaign-wf.yml', ...schema }, null, 2)}\n`;
}
