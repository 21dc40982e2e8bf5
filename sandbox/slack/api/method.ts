import { z } from 'zod';
import type { SlackContext } from '../context.ts';
import type { Fields } from '../fields.ts';
import { type Answer, failure } from './answer.ts';

export type Method = {
  /** Which of the two tokens it requires. */
  token: 'bot' | 'app';
  /** One of these is required. Empty: none is. */
  scopes: readonly string[];
  call: (context: SlackContext, fields: Fields) => Answer;
};

export type MethodDefinition<Args extends z.ZodType> = Omit<Method, 'call'> & {
  args: Args;
  run: (context: SlackContext, args: z.output<Args>) => Answer;
};

/** A method with validated arguments. */
export function method<Args extends z.ZodType>(definition: MethodDefinition<Args>): Method {
  const { args, run, ...rest } = definition;
  return {
    ...rest,
    call: (context, fields) => {
      const checked = args.safeParse(fields);
      return checked.success ? run(context, checked.data) : failure('invalid_arguments', problemsOf(checked.error));
    },
  };
}

function problemsOf(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${issue.message} [json-pointer:/${issue.path.join('/')}]`);
}

/** True in JSON, `true` or `1` in a form. */
export const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])])
  .optional()
  .transform((value) => value === true || value === 'true' || value === '1');

export const timestamp = z.string().regex(/^\d+(\.\d+)?$/);
