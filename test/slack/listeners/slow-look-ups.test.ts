import { expect, it } from '@jest/globals';
import { simplePolicy } from '../../../src/access/simple-policy.ts';
import type { Submission } from '../../../src/requests/ledger/ledger.ts';
import { initialRequest } from '../../../src/requests/replay.ts';
import type { LocalizedPorts } from '../../../src/slack/listener-ports.ts';
import { submitForm } from '../../../src/slack/listeners/submit-form.ts';
import { context } from '../message-contexts.ts';

const nobody = { users: new Set<string>(), groups: new Set<string>() };
const never = () => new Promise<never>(() => {});

const ports = {
  team: 'T0ACME',
  now: Date.now,
  plainContext: context,
  policy: () =>
    simplePolicy({ channels: new Set(), users: nobody, approvers: nobody, confirmWithinMs: 60_000 }, 'acme'),
  vocabulary: () => ({ environments: ['acme'], defaultEnvironment: 'acme', aliases: [] }),
  environments: () => [{ name: 'acme', organization: 'acme', production: true }],
  directory: { person: never, place: never },
  replies: { pass: () => {} },
  rates: async () => null,
  openPerPerson: () => 500,
  tooManyOpen: () => {},
  wake: () => {},
  notRecorded: () => {},
  ledger: {
    lastFreeze: async () => null,
    async submit({ id, requested }: Submission) {
      const sealed = { request: id, sequence: 1, at: 0, previousDigest: '', digest: '' };
      return { request: initialRequest({ type: 'requested', data: requested, ...sealed }), isNew: true };
    },
  },
} as unknown as LocalizedPorts;

it('a form is recorded within Slack’s three seconds, also while the look-up of its person takes longer', async () => {
  const values = {
    workflow: { workflow: { selected_option: { value: 'id WKF1' } } },
    command: { command: { selected_option: { value: 'pause' } } },
  };
  const view = { id: 'V0FORM', private_metadata: { channel: 'C0OPS', interaction: '1.2' }, state: { values } };
  const startedAt = performance.now();
  expect(await submitForm({ user: { id: 'U0ALICE' }, team: null, view }, ports)).toMatchObject({ kind: 'sent' });
  expect(performance.now() - startedAt).toBeLessThan(2_500);
});
