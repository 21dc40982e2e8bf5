import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { user } from '../../sandbox/slack/seed.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { type CommandWord, verbs } from '../../src/commands/command.ts';
import { commandName, type Language, languages, namesIn } from '../../src/commands/vocabulary/command-names.ts';
import { code, foreign } from '../../src/locales/phrase.ts';
import { locales, plain, translatorFor } from '../../src/locales/translator.ts';
import { alice, conversation, ops, requestId, shownText } from './people.ts';

/** Slack's locale of a person who reads this language. */
const slackLocales: Record<Language, string> = {
  en: 'en-GB',
  fr: 'fr-CA',
  sv: 'sv-SE',
  'pt-BR': 'pt-PT',
  it: 'it-IT',
  es: 'es-LA',
  de: 'de-DE',
};

const operatorOf = (language: Language) => `U0OF${language.replace('-', '').toUpperCase()}`;
const operators = languages.map(operatorOf);

/** Each command has its own workflow. */
let workflows = 800;
const newWorkflow = () => `WKF${++workflows}`;

async function inLanguages(channels: Language): Promise<Sandbox> {
  const env = { CAMPAIGN_WF_LOCALE: channels, CAMPAIGN_WF_USERS: [alice, ...operators].join(',') };
  const sandbox = await startSandbox({ mode: 'http', env });
  const { users, channels: places } = sandbox.slack.workspace;
  for (const language of languages) {
    const id = operatorOf(language);
    users.push(user(id, id.toLowerCase(), id, { locale: slackLocales[language] }));
    places.find((place) => place.id === ops)?.members.push(id);
  }
  return sandbox;
}

describe('replies are in the language of the person', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await inLanguages('en');
  });
  afterAll(async () => {
    expect(sandbox.slack.workspace.mistakes).toEqual([]);
    await sandbox.close();
  });

  it('has the languages of the commands, and no others', () => {
    expect([...locales].toSorted()).toEqual([...languages].toSorted());
  });

  const everyVerb = languages.flatMap((language) =>
    verbs.flatMap((verb) => namesIn[language][verb].map((typed) => ({ language, verb, typed }))),
  );

  it.each(everyVerb)('$language: $typed', async ({ language, verb, typed }) => {
    const { type, sent, announced } = conversation(sandbox);
    const workflow = newWorkflow();
    sandbox.campaign.addWorkflow(workflow, verb === 'resume' ? 'paused' : verb === 'start' ? 'editing' : 'started');
    const acknowledgement = await type(operatorOf(language), `${typed} ${workflow}`);
    const [said] = plain(translatorFor(language).translate('ack.asked', { request: [] })).split(':');
    expect(acknowledgement).toMatch(new RegExp(`^${said}: <https://\\S+\\|[0-9A-HJKMNP-TV-Z]{8}>$`));
    // A stop asks first.
    await announced(workflow, verb === 'stop' ? 'awaiting_approval' : 'accepted');
    expect(sent(workflow)).toEqual(verb === 'stop' ? [] : [JSON.stringify({ method: verb })]);
  });

  it.each(languages)('%s: queries, decisions and help', async (language) => {
    const { type, privateReply, announced } = conversation(sandbox);
    const operator = operatorOf(language);
    const translator = translatorFor(language);
    const name = (command: CommandWord) => commandName(command, language);
    await type(operator, name('help'));
    const help = await privateReply(operator, `/campaign-wf ${name('start')}`);
    expect(help.text).toContain(`, ${name('stop')}`);
    expect(help.text).toContain(plain(translator.translate('help.best_effort')));
    await type(operator, name('access'));
    await privateReply(operator, plain(translator.translate('access.title', { person: 'self', somebody: [] })));
    const workflow = newWorkflow();
    sandbox.campaign.addWorkflow(workflow);
    await type(operator, `${name('status')} ${workflow}`);
    const observation = {
      workflow: [foreign(workflow)],
      reading: translator.translate('look.reading', { reading: 'in_progress' }),
    };
    await privateReply(operator, plain(translator.translate('look.seen', observation)));
    await type(operator, `${name('stop')} ${workflow}`);
    const question = await announced(workflow, 'awaiting_approval');
    const cancelled = await type(operator, `${name('cancel')} ${requestId(question)}`);
    expect(cancelled.replaceAll('`', '').split('\n').at(-1)).toBe(
      plain(translator.translate('ack.pressed', { id: code(requestId(question)) })),
    );
    await announced(workflow, 'cancelled');
    await type(operator, name('history'));
    await privateReply(operator, plain(translator.translate('history.title')));
  });

  it.each(languages)('%s: what the button says can be typed as well', async (language) => {
    const { type, announced } = conversation(sandbox);
    const workflow = newWorkflow();
    sandbox.campaign.addWorkflow(workflow);
    await type(operatorOf(language), `${commandName('stop', language)} ${workflow}`);
    const question = await announced(workflow, 'awaiting_approval');
    const label = plain(translatorFor(language).translate('button.cancel', { verb: 'stop' }));
    await type(operatorOf(language), `${label} ${requestId(question)}`);
    await announced(workflow, 'cancelled');
  });

  it.each(languages)('%s: a typo is answered with the nearest word of that language', async (language) => {
    const { type } = conversation(sandbox);
    const command = commandName('resume', language);
    const typo = `${command.slice(0, 2)}x${command.slice(2)}`;
    const answer = await type(operatorOf(language), `${typo} WKF110`);
    expect(answer).toContain(
      plain(translatorFor(language).translate('usage.did_you_mean', { suggestion: foreign(command) })),
    );
  });

  it('a private reply names the buttons as the channel shows them', async () => {
    const { type, announced, press, privateReply } = conversation(sandbox);
    const [workflow, french] = [newWorkflow(), operatorOf('fr')];
    sandbox.campaign.addWorkflow(workflow);
    await type(french, `arrêter ${workflow}`);
    const question = await announced(workflow, 'awaiting_approval');
    await press(french, question, 'approve');
    const label = [foreign(plain(translatorFor('en').translate('button.cancel', { verb: 'stop' })))];
    await privateReply(french, plain(translatorFor('fr').translate('press.may_take_back', { no: label })));
  });

  it('the channel’s messages are in the configured language, whoever the requester is', async () => {
    const { type, announced } = conversation(sandbox);
    const workflow = newWorkflow();
    sandbox.campaign.addWorkflow(workflow);
    await type(operatorOf('de'), `pausieren ${workflow}`);
    expect(shownText(await announced(workflow, 'accepted'))).toContain('Pause WKF');
  });
});

it('a form is answered in its own language, also by a bot that has just started', async () => {
  const sandbox = await inLanguages('en');
  try {
    const { slack } = sandbox;
    const french = operatorOf('fr');
    await slack.command({ user: french, channel: ops, text: '' });
    await conversation(sandbox).privateReply(french, 'campaign-wf');
    await slack.pressPrivate({ user: french, channel: ops, actionId: 'new_request' });
    const form = await slack.waitFor(({ views }) => views.find(({ user: id }) => id === french));
    await slack.suggest({ user: french, viewId: form.id, actionId: 'workflow', query: 'WKF110' });
    await sandbox.restart('SIGKILL');
    const values = { workflow: { workflow: 'id WKF110' }, command: { command: 'stop' } };
    form.view.blocks = form.view.blocks.map((block) =>
      block.type === 'input' && block.element.type === 'plain_text_input'
        ? { ...block, element: { ...block.element, max_length: 3_000 } }
        : block,
    );
    await slack.submit({
      user: french,
      viewId: form.id,
      values: { ...values, reason: { reason: 'x'.repeat(501) } },
    });
    const expected = translatorFor('fr').translate('usage.reason_too_long', { length: 501, most: 500 });
    expect(Object.values(form.errors)).toEqual([plain(expected)]);
  } finally {
    await sandbox.close();
  }
});

it('messages for everybody are in the configured language', async () => {
  const sandbox = await inLanguages('fr');
  try {
    const { type, announced } = conversation(sandbox);
    const workflow = newWorkflow();
    sandbox.campaign.addWorkflow(workflow);
    expect(await type(alice, `stop ${workflow}`)).toContain('Asked: ');
    const question = await announced(workflow, 'awaiting_approval');
    const translator = translatorFor('fr');
    expect(shownText(question)).toContain(plain(translator.translate('announce.effect.stop')));
    expect(JSON.stringify(question.blocks)).toContain(plain(translator.translate('button.cancel', { verb: 'stop' })));
  } finally {
    await sandbox.close();
  }
});
