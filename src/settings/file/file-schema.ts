import { z } from 'zod';
import { weekdays } from '../../access/freeze-windows.ts';
import { rotations } from '../../access/on-call.ts';
import { isReasonPattern } from '../../access/patterns.ts';
import { actions } from '../../access/policy.ts';
import { verbs } from '../../commands/command.ts';
import { foreign } from '../../locales/phrase.ts';
import { locales, plain, type Translator, translatorFor } from '../../locales/translator.ts';
import { watchEveryMs } from '../../requests/watches/watch-terms.ts';
import {
  dailyShape,
  durationMs,
  endOfPausesMs,
  localTimeOf,
  momentMs,
  momentShape,
  slackId,
  slackLetters,
  timeShape,
  weeklyShape,
} from '../formats.ts';
import { isSafeUrl, organizationShape } from '../variables.ts';
import { environmentNameShape } from './check-environments.ts';
import { hints, plainGroups } from './schema-hints.ts';

const longestText = 150;
const mostApprovers = 100;

/** The default limit of open requests for one person. */
export const usualOpenPerPerson = 500;
const mostOpenPerPerson = 10_000;

/** "A workflow paused or failed for more than 7 days is stopped" (Adobe Campaign Standard documentation). */
export const usualEndOfPauses = '7d';

/**
 * The configuration file. Each value is validated separately; references between names are checked elsewhere. Messages
 * never contain a value. The descriptions are for editors, which read them in a JSON schema.
 */
export function fileSchema(translator: Translator) {
  const parts = partsOf(translator);
  const notAnOpenCount = plain(translator.translate('settings.file.not_a_count', { most: mostOpenPerPerson }));
  return z.strictObject({
    locale: z
      .enum(locales)
      .optional()
      .describe('Language of what the channel reads. CAMPAIGN_WF_LOCALE does the same.'),
    default_environment: z
      .string()
      .optional()
      .describe(
        'The environment that is meant where nobody types --env. Without it, and with several, people have to say.',
      ),
    environments: z
      .record(z.string(), environmentSchema(translator))
      .optional()
      .meta({
        propertyNames: { pattern: environmentNameShape.source },
        description:
          'The Campaign organizations, each under the name that people type after --env. Without it, CAMPAIGN_ORGANIZATION is the only one, under its own name.',
      }),
    workflows: z
      .record(z.string(), aliasSchema(translator))
      .default({})
      .describe('Names that people may type instead of a workflow’s ID. Case does not matter.'),
    access: z
      .array(ruleSchema(translator))
      .default([])
      .describe(
        'Who may do what, where. The first rule that matches person, channel, environment, workflow and command decides; nothing else is permitted.',
      ),
    protected_workflows: parts.texts
      .default([])
      .describe('Workflows that no rule opens, by ID or alias, beside Campaign’s own technical workflows.'),
    freezes: z
      .array(freezeSchema(translator))
      .default([])
      .describe('Times in which nothing is started, whatever the rules say.'),
    watch: z
      .array(watchSchema(translator))
      .default([])
      .describe('Workflows that the bot looks at by itself, and the channels that it tells when something is wrong.'),
    guests: parts
      .ids('user')
      .default([])
      .describe('Guests of the workspace to whom the rules apply as to members. Other guests are refused.'),
    shared_channels: parts
      .ids('channel')
      .default([])
      .describe(
        'Channels shared with other organizations in which the rules apply all the same. Other shared channels are refused.',
      ),
    record: z
      .strictObject({
        channel: parts
          .id('channel')
          .describe('The channel in which the checkpoint of the record is posted once a day, by ID (C…).'),
      })
      .optional()
      .describe('Where checkpoints of the record are kept outside of it.'),
    open_requests_per_person: z
      .number()
      .int(notAnOpenCount)
      .min(1, notAnOpenCount)
      .max(mostOpenPerPerson, notAnOpenCount)
      .default(usualOpenPerPerson)
      .describe('How many requests one person may have open: stops, pauses and freezes, and as many others besides.'),
  });
}

export type FileContent = z.output<ReturnType<typeof fileSchema>>;

function environmentSchema(translator: Translator) {
  return z.strictObject({
    organization: z
      .string()
      .regex(organizationShape, plain(translator.translate('settings.not_an_organization')))
      .describe('The tenant as in Campaign’s address, such as acme or acme-mkt-stage1.'),
    production: z
      .boolean()
      .optional()
      .describe(
        'Whether announcements mark it as production. Unless given, it is, except where the name says stage, dev, test or the like.',
      ),
    pauses_end_after: z
      .string()
      .refine(
        (text) => endOfPausesMs(text) !== undefined,
        plain(translator.translate('settings.file.not_an_end_of_pauses')),
      )
      .default(usualEndOfPauses)
      .meta({
        examples: ['7d', '30d', 'never'],
        pattern: hints.endOfPauses,
        description:
          'After what time Campaign itself stops a workflow that is paused: 1h to 365d. People are reminded in the thread after five sevenths of it, or with never not at all.',
      }),
  });
}

function aliasSchema(translator: Translator) {
  const { text } = partsOf(translator);
  return z.strictObject({
    id: z.string().describe('The workflow’s ID in Campaign, such as WKF110.'),
    environment: z
      .string()
      .optional()
      .describe('The environment that the workflow is in. Unless given, the one that people say.'),
    label: text.optional().describe('What the workflow does, for people.'),
  });
}

function ruleSchema(translator: Translator) {
  const { text, texts, ids, people } = partsOf(translator);
  return z
    .strictObject({
      name: text.describe('What the rule is for. It is told to people, and stands in the record.'),
      channels: ids('channel').describe('Channels in which it permits something, by ID (C…).'),
      people: people.describe('Whom it permits something.'),
      environments: texts.optional().describe('Environments in which it permits something. All unless given.'),
      workflows: texts
        .optional()
        .describe('Workflows by alias or ID; * stands for any characters in both. All unless given.'),
      commands: z.array(z.enum(actions)).meta({ uniqueItems: true, description: 'What it permits.' }),
      reason: z
        .union([z.enum(reasonWords), reasonSchema(translator)])
        .default('optional')
        .describe('Whether people have to say why they change something, and how.'),
      several: z
        .boolean()
        .optional()
        .describe(
          'Whether one command may start or resume several workflows. Pauses and stops always may. No unless given.',
        ),
      approval: approvalSchema(translator)
        .optional()
        .describe(
          'Whose confirmation its commands need. Without it, a stop is confirmed by whoever asks, the rest by nobody.',
        ),
      emergency: emergencySchema(translator)
        .optional()
        .describe('Who may send its commands without that confirmation, where nobody gave it in time.'),
    })
    .meta(hints.rule);
}

export const reasonWords = ['required', 'optional'] as const;

function reasonSchema(translator: Translator) {
  const { text } = partsOf(translator);
  const notAPattern = plain(translator.translate('settings.file.not_a_reason_pattern'));
  return z.strictObject({
    required: z.boolean().default(true).describe('Whether there has to be one. Yes unless given.'),
    matches: text
      .refine(isReasonPattern, notAPattern)
      .describe('A regular expression (RE2 syntax) that a reason has to hold somewhere, such as "CHG\\\\d+".'),
    hint: text.optional().describe('What the expression asks for, for people.'),
  });
}

function approvalSchema(translator: Translator) {
  const { duration, people } = partsOf(translator);
  const notACount = plain(translator.translate('settings.file.not_a_count', { most: mostApprovers }));
  return z
    .strictObject({
      from: z
        .union([z.literal('requester'), people])
        .describe('Who may confirm: people, or the word requester for whoever asks.'),
      count: z
        .number()
        .int(notACount)
        .min(1, notACount)
        .max(mostApprovers, notACount)
        .default(1)
        .describe('How many different people have to confirm.'),
      requester_may_approve: z
        .boolean()
        .optional()
        .describe('Whether whoever asks may confirm, too, if among these people. No unless given.'),
      expires_after: duration.optional().meta({
        examples: ['90s', '5m', '1h'],
        description:
          'How long it waits for confirmation: 1s to 24h. Unless given, 5m, or 5m more than the last stage of escalate and than emergency.after.',
      }),
      remind_after: z
        .union([duration, z.array(duration)])
        .optional()
        .meta({
          examples: ['3m', ['3m', '10m']],
          description:
            'How long after the question those who are asked are reminded in its thread, once or several times.',
        }),
      escalate: z
        .array(stageSchema(translator))
        .optional()
        .describe('Who is asked as well while too few have confirmed, one stage after the other.'),
    })
    .meta(hints.approval);
}

function emergencySchema(translator: Translator) {
  const { duration, people } = partsOf(translator);
  return z.strictObject({
    people: people.meta({
      ...hints.somebody,
      description: 'Who may declare an emergency, which takes the place of the confirmations.',
    }),
    commands: z
      .array(z.enum(actions))
      .min(1, plain(translator.translate('settings.file.empty_list')))
      .meta({ uniqueItems: true, description: 'The commands that can be sent so.' }),
    after: duration.meta({
      examples: ['2m', '90s'],
      description: 'How long after the question: 1s to 24h, before it expires.',
    }),
    review_by: people.meta({
      ...hints.somebody,
      description: 'Who may review it afterwards. Whoever has declared it does not.',
    }),
  });
}

function stageSchema(translator: Translator) {
  const { duration, ids, people } = partsOf(translator);
  const notALocalTime = plain(translator.translate('settings.file.not_a_local_time'));
  const onCall = z.strictObject({
    users: ids('user').meta({ minItems: 1, description: 'Whose turn it is in this order, by member ID (U… or W…).' }),
    rotation: z.enum(rotations).describe('How long a turn takes: a day or a week.'),
    from: z
      .string()
      .refine((text) => localTimeOf(text) !== null, notALocalTime)
      .meta({
        examples: ['2026-01-05', '2026-01-05 08:00'],
        pattern: hints.localTime,
        description: 'When the first turn begins: a date, or a date with a time, at which the turns change.',
      }),
    timezone: z.string().default('UTC').describe('Whose clocks these are, such as Europe/Paris. UTC unless given.'),
  });
  return z.strictObject({
    after: duration.meta({ examples: ['5m'], description: 'How long after the question: 1s to 24h.' }),
    to: people
      .extend({ on_call: onCall.optional().describe('People who are on call in turn: whoever is, then.') })
      .meta({ ...hints.somebodyOrOnCall, description: 'Who is asked, and may confirm from then on.' }),
  });
}

function freezeSchema(translator: Translator) {
  const { text, texts } = partsOf(translator);
  const holdsNothing = plain(translator.translate('settings.file.holds_nothing'));
  const moment = z
    .string()
    .regex(momentShape, plain(translator.translate('settings.file.not_a_moment')))
    .refine((at) => momentMs(at) !== null, plain(translator.translate('settings.file.not_a_moment')));
  return z
    .strictObject({
      environments: texts.min(1, holdsNothing).optional().describe('Environments that it holds. All unless given.'),
      daily: z
        .string()
        .regex(dailyShape, plain(translator.translate('settings.file.not_daily')))
        .optional()
        .describe(
          'Every day from one time to another, such as "05:45-06:15"; over midnight where the second is the earlier.',
        ),
      days: z.array(z.enum(weekdays)).min(1, holdsNothing).optional().meta({
        uniqueItems: true,
        description:
          'The days of the week, such as [sat, sun]: on which a daily time begins, or without one the whole day.',
      }),
      weekly: z
        .string()
        .regex(weeklyShape, plain(translator.translate('settings.file.not_weekly')))
        .optional()
        .describe('Every week from one time to another, such as "fri 16:00 - mon 08:00".'),
      calendar: z
        .string()
        .refine(isCalendar, plain(translator.translate('settings.file.not_a_calendar')))
        .optional()
        .meta({
          ...hints.calendar,
          description: 'An iCalendar file, by its path or its https address: during each of its events.',
        }),
      timezone: z
        .string()
        .optional()
        .describe(
          'Whose clocks show the time of the day or of the week, such as Europe/Paris; in a calendar, times without a zone, and whole days.',
        ),
      from: moment.optional().describe('When a single freeze begins, such as 2026-12-20T00:00:00Z.'),
      until: moment.optional().describe('When it ends.'),
      because: text.describe('Why, for people. An event of a calendar says it by its title.'),
      commands: z.array(z.enum(verbs)).min(1, holdsNothing).optional().meta({
        uniqueItems: true,
        description: 'What it holds. Unless given: start and resume, but never the brakes.',
      }),
    })
    .meta(hints.freeze);
}

function watchSchema(translator: Translator) {
  const { texts, id, duration } = partsOf(translator);
  const emptyList = plain(translator.translate('settings.file.empty_list'));
  const notEvery = plain(translator.translate('settings.file.watched_too_often'));
  return z
    .strictObject({
      workflows: texts
        .min(1, emptyList)
        .describe('Workflows by alias or ID. No patterns: Campaign lists no workflows, so each has to be named.'),
      environments: texts
        .min(1, emptyList)
        .optional()
        .describe('Environments in which they are watched. Unless given, that of the alias, or all.'),
      channel: id('channel').describe('The channel that is told, by ID (C…). The bot has to be a member.'),
      every: duration
        .refine((text) => (durationMs(text) ?? watchEveryMs.least) >= watchEveryMs.least, notEvery)
        .default('5m')
        .meta({ examples: ['1m', '5m', '1h'], description: 'How often it looks at each: 1m to 24h.' }),
      quiet: z
        .strictObject({
          daily: z
            .string()
            .regex(dailyShape, plain(translator.translate('settings.file.not_daily')))
            .optional()
            .describe('Every day from one time to another, such as "20:00-07:00".'),
          days: z.array(z.enum(weekdays)).min(1, emptyList).optional().meta({
            uniqueItems: true,
            description: 'The days of the week: on which a daily time begins, or without one the whole day.',
          }),
          weekly: z
            .string()
            .regex(weeklyShape, plain(translator.translate('settings.file.not_weekly')))
            .optional()
            .describe('Every week from one time to another, such as "fri 18:00 - mon 07:00".'),
        })
        .optional()
        .meta({ ...hints.quiet, description: 'When nothing is posted. What is still wrong at its end is told then.' }),
      longer_than: duration
        .optional()
        .meta({ examples: ['3h'], description: 'Tells when a run takes longer: 1s to 24h.' }),
      expected_by: z
        .string()
        .regex(timeShape, plain(translator.translate('settings.file.not_a_time')))
        .optional()
        .meta({ examples: ['06:30'], description: 'Tells when no run has begun by this time of the day.' }),
      timezone: z
        .string()
        .optional()
        .describe('Whose clocks show the times of quiet and expected_by, such as Europe/Paris.'),
    })
    .meta(hints.watch);
}

/** The path of a file, or an address that does not reveal what is in it to others. */
function isCalendar(value: string): boolean {
  return /^\w+:/.test(value) ? isSafeUrl(value, { query: true }) : value.trim() !== '';
}

/** Parts that occur in several places. */
function partsOf(translator: Translator) {
  const text = z
    .string()
    .trim()
    .regex(/\S/, plain(translator.translate('settings.file.blank_or_long', { most: longestText })))
    .max(longestText, plain(translator.translate('settings.file.blank_or_long', { most: longestText })));
  const id = (kind: keyof typeof slackLetters) => {
    const letters = translator.either([...slackLetters[kind]].map((letter) => foreign(letter)));
    const not = plain(translator.translate('settings.file.not_an_id', { kind, letters }));
    return z.string().regex(slackId(slackLetters[kind]), not);
  };
  const ids = (kind: keyof typeof slackLetters) => z.array(id(kind)).meta({ uniqueItems: true });
  const duration = z
    .string()
    .refine((text) => durationMs(text) !== null, plain(translator.translate('settings.not_a_duration')))
    .meta({ pattern: hints.duration });
  const people = z.strictObject({
    users: ids('user').default([]).describe('People by their member ID (U… or W…).'),
    groups: ids('group').default([]).describe('User groups by ID (S…): whoever is in them.'),
  });
  return { text, texts: z.array(z.string()).meta({ uniqueItems: true }), id, ids, duration, people };
}

/** The file's schema for editors. Draft 7 has the best support in the YAML language server. */
export function jsonSchema(): string {
  const schema = z.toJSONSchema(fileSchema(translatorFor('en')), {
    target: 'draft-7',
    io: 'input',
    override: ({ jsonSchema: part }) => {
      if (part.pattern !== undefined) part.pattern = plainGroups(part.pattern);
    },
  });
  return `${JSON.stringify({ title: 'campaign-wf.yml', ...schema }, null, 2)}\n`;
}
