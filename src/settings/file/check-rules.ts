import { actions, isReadAction } from '../../access/policy.ts';
import type { Phrase } from '../../locales/phrase.ts';
import { plain, type Translator } from '../../locales/translator.ts';
import { durationMs } from '../formats.ts';
import { escalationFlaws } from './check-escalation.ts';
import type { FileIssue } from './issue.ts';
import type { LooseContent, LooseRule } from './loose-content.ts';

const reading: readonly string[] = actions.filter(isReadAction);

type LooseApproval = NonNullable<LooseRule['approval']>;

/** Contradictions within a rule, and duplicate names of rules. */
export function ruleFlaws({ access }: LooseContent, translator: Translator): readonly FileIssue[] {
  return access.flatMap((rule, index) => {
    const { name, approval } = rule;
    const isKnown = name !== undefined && access.slice(0, index).some((other) => other.name === name);
    const path = ['access', index];
    return [
      ...(isKnown ? [{ path: [...path, 'name'], what: plain(translator.translate('settings.file.name_twice')) }] : []),
      ...withoutEffect(rule, translator).map((flaw) => ({ ...flaw, path: [...path, ...flaw.path] })),
      ...(approval === undefined ? [] : approvalFlaws(rule, approval, translator)).map(({ path: inner, what }) => ({
        path: [...path, 'approval', ...inner],
        what,
        // While one of these has a problem, the approvers are unknown.
        touches: [inner, ['from'], ['count'], ['requester_may_approve']].map((keys) => [...path, 'approval', ...keys]),
      })),
      ...emergencyFlaws(rule, translator).map((flaw) => ({ ...flaw, path: [...path, 'emergency', ...flaw.path] })),
    ];
  });
}

function withoutEffect(
  { commands, reason, several, approval }: LooseRule,
  translator: Translator,
): readonly FileIssue[] {
  if (commands.length === 0) return [];
  const isReadOnly = commands.every((command) => reading.includes(command ?? ''));
  const startsNothing = !commands.includes('start') && !commands.includes('resume');
  const what = plain(translator.translate('settings.file.no_effect'));
  const ofSeveral = several === true && startsNothing ? [{ path: ['several'], what }] : [];
  if (!isReadOnly) return ofSeveral;
  return [
    ...ofSeveral,
    ...(reason !== undefined && reason !== 'optional' ? [{ path: ['reason'], what }] : []),
    ...(approval === undefined ? [] : [{ path: ['approval'], what }]),
  ];
}

function approvalFlaws(rule: LooseRule, approval: LooseApproval, translator: Translator): readonly FileIssue[] {
  const ofTimes = escalationFlaws(approval, rule.emergency?.after, translator);
  return ofTimes.length > 0 ? ofTimes : approverFlaws(rule, approval, translator);
}

function approverFlaws({ people }: LooseRule, approval: LooseApproval, translator: Translator): readonly FileIssue[] {
  const { from, count = 1, requester_may_approve: own, escalate = [] } = approval;
  if (from === 'requester') return requesterFlaws(count, own, translator);
  const stages = escalate.flatMap(({ to }) =>
    to === undefined ? [] : [to, { users: to.on_call?.users ?? [], groups: [] }],
  );
  const all = [from, ...stages];
  if (all.some(({ groups }) => groups.length > 0)) return [];
  const approvers = new Set(all.flatMap(({ users }) => users));
  if (approvers.size === 0) return [{ path: ['from'], what: plain(translator.translate('settings.file.no_approver')) }];
  if (approvers.size < count) {
    const what = plain(translator.translate('settings.file.too_few_approvers', { count, approvers: approvers.size }));
    return [{ path: ['count'], what }];
  }
  if (own || people.groups.length > 0 || people.users.length === 0) return [];
  // The requester is then not an approver. It is a problem only if that is so for every requester.
  const nobody = people.users.every((user) => approvers.difference(new Set([user])).size < count);
  return nobody ? [{ path: ['from'], what: plain(translator.translate('settings.file.only_the_requester')) }] : [];
}

function requesterFlaws(count: number, own: boolean | undefined, translator: Translator): readonly FileIssue[] {
  const flaws: FileIssue[] = [];
  if (count > 1) {
    flaws.push({
      path: ['count'],
      what: plain(translator.translate('settings.file.too_few_approvers', { count, approvers: 1 })),
    });
  }
  if (own === false) {
    flaws.push({ path: ['requester_may_approve'], what: plain(translator.translate('settings.file.requester_must')) });
  }
  return flaws;
}

/** Without an approval by others an emergency would never be needed, and without people it would never be declared. */
function emergencyFlaws({ approval, commands, emergency }: LooseRule, translator: Translator): readonly FileIssue[] {
  if (emergency === undefined) return [];
  const { people, after, review_by } = emergency;
  const { translate } = translator;
  const flaw = (path: FileIssue['path'], what: Phrase): FileIssue => ({ path, what: plain(what) });
  const isNeeded = approval !== undefined && approval.from !== 'requester';
  return [
    ...(isNeeded ? [] : [flaw([], translate('settings.file.emergency_not_needed'))]),
    ...(isNobody(people) ? [flaw(['people'], translate('settings.file.emergency_of_nobody'))] : []),
    ...(isNobody(review_by) ? [flaw(['review_by'], translate('settings.file.emergency_of_nobody'))] : []),
    ...(reviewsOwn(people, review_by)
      ? [flaw(['review_by'], translate('settings.file.emergency_reviewed_alone'))]
      : []),
    ...(isInTime(after, approval?.expires_after)
      ? []
      : [flaw(['after'], translate('settings.file.emergency_too_late'))]),
    ...emergency.commands.flatMap((command, index) => {
      if (command === null) return [];
      if (!commands.includes(command))
        return [flaw(['commands', index], translate('settings.file.emergency_other_command'))];
      return reading.includes(command) ? [flaw(['commands', index], translate('settings.file.emergency_reads'))] : [];
    }),
  ];
}

type LoosePeople = LooseRule['people'];

function isNobody({ users, groups }: LoosePeople): boolean {
  return users.length === 0 && groups.length === 0;
}

/** Whether the only person who may review it may declare it as well. */
function reviewsOwn({ users: declaring }: LoosePeople, { users, groups }: LoosePeople): boolean {
  const [only] = users;
  return groups.length === 0 && new Set(users).size === 1 && declaring.includes(only ?? null);
}

function isInTime(after: string | undefined, expires: string | undefined): boolean {
  const [afterMs, expiresMs] = [durationMs(after ?? ''), durationMs(expires ?? '')];
  return afterMs === null || expiresMs === null || afterMs < expiresMs;
}
