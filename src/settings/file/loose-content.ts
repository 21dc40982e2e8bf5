import { z } from 'zod';

const text = z.string().optional().catch(undefined);
const texts = z.array(z.string().nullable().catch(null)).catch([]);
const yes = z.boolean().optional().catch(undefined);

const people = mapping({ users: texts, groups: texts });

const stage = mapping({
  after: text,
  to: mapping({
    users: texts,
    groups: texts,
    on_call: mapping({ users: texts, timezone: text }).optional(),
  }).optional(),
});

const approval = mapping({
  from: z.union([z.literal('requester'), people]),
  count: z.number().optional().catch(undefined),
  requester_may_approve: yes,
  expires_after: text,
  remind_after: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .catch(undefined),
  escalate: z.array(stage).optional().catch(undefined),
});

const emergency = mapping({ people, commands: texts, after: text, review_by: people });

const loose = mapping({
  locale: text,
  default_environment: text,
  environments: record({ organization: text }),
  workflows: record({ id: text, environment: text }),
  access: list({
    name: text,
    channels: texts,
    people,
    environments: texts,
    workflows: texts,
    commands: texts,
    reason: z
      .union([z.string(), mapping({ required: yes })])
      .optional()
      .catch(undefined),
    several: z.boolean().optional().catch(undefined),
    approval: approval.optional(),
    emergency: emergency.optional(),
  }),
  protected_workflows: texts,
  freezes: list({
    environments: texts,
    commands: texts,
    daily: z.unknown().optional(),
    days: z.unknown().optional(),
    weekly: z.unknown().optional(),
    calendar: z.unknown().optional(),
    timezone: z.unknown().optional(),
    from: z.unknown().optional(),
    until: z.unknown().optional(),
  }),
  watch: list({
    workflows: texts,
    environments: texts,
    channel: text,
    quiet: z.unknown().optional(),
    expected_by: z.unknown().optional(),
    timezone: z.unknown().optional(),
  }),
  guests: texts,
  shared_channels: texts,
});

/**
 * The valid parts of the file. A missing value, or one of another type, is undefined, null in a list, or empty. So
 * references can be checked even if the file has other problems.
 */
export type LooseContent = z.output<typeof loose>;
export type LooseRule = LooseContent['access'][number];
export type LooseWatch = LooseContent['watch'][number];
export type LooseFreeze = LooseContent['freezes'][number];

export function loosely(content: unknown): LooseContent {
  return loose.parse(content);
}

function mapping<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess(asMapping, z.object(shape));
}

/** By name, in a map: an object would lose the name `__proto__`. */
function record<Shape extends z.ZodRawShape>(shape: Shape) {
  const entries = z.array(z.tuple([z.string(), mapping(shape)]));
  return z.preprocess((value) => Object.entries(asMapping(value)), entries).transform((all) => new Map(all));
}

function list<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.array(mapping(shape)).catch([]);
}

function asMapping(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
