import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { fileProblems } from './with-file.ts';

const file = readFileSync(new URL('fixtures/twenty-mistakes.yml', import.meta.url), 'utf8');

it('a file with twenty different mistakes has twenty problems, each with its line', () => {
  expect(fileProblems(file)).toEqual([
    '2: locale is not one of en, fr, sv, pt-BR, it, es, or de.',
    '3: default_environment is prd, which is not known here: did you mean prod?',
    '6: environments.Stage is not a name for an environment: lower-case letters, digits, underscores and hyphens, up to 32, with a letter or digit first.',
    '7: environments.training.production needs true or false without quotes, and has a text.',
    '7: environments.training.organization is the organization of prod already. Each environment has its own.',
    '9: workflows.stop is a command. Choose another name.',
    '10: workflows.nightly-load.id is not a workflow’s ID: letters, digits, underscores and hyphens, up to 64 of them.',
    '13: access[0].chanels is not known here: did you mean channels?',
    '14: access[0].people.users[1] is not the ID of a person in Slack: U or W, then at least two capitals or digits.',
    '14: access[0].people.groups needs a list, and has a text. Put square brackets around it.',
    '15: access[0].workflows[0] is nightly-laod, which is not known here: did you mean nightly-load?',
    '16: access[0].commands[1] is strat, which is not known here: did you mean start?',
    '18: access[1].channels[2] stands in this list already. Remove it, or was another one meant?',
    '21: access[1].approval.count asks for 2 approvals, and only 1 person may approve.',
    '22: access[2].name is the name of a rule above, too. Choose another name.',
    '27: The same key stands here a second time, and only one can count. Remove one of them.',
    '27: access[2].reason has no effect: this rule permits only what reads.',
    '29: freezes[0].daily is not a time of day such as 05:45-06:15, from 00:00 to 23:59.',
    '29: freezes[0].timezone is missing: daily does not go without it.',
    '31: freezes[1].until is not after from.',
  ]);
});
