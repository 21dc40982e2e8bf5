import { usualExpiry } from '../../access/escalation.ts';
import { plain, type Translator } from '../../locales/translator.ts';
import { durationMs } from '../formats.ts';
import { zoneFlaws } from './check-freezes.ts';
import type { FileIssue, Path } from './issue.ts';
import type { LooseRule } from './loose-content.ts';

type LooseApproval = NonNullable<LooseRule['approval']>;
type LooseStage = NonNullable<LooseApproval['escalate']>[number];

/** Reminders and stages that do not ascend or come too late, and stages that ask nobody. */
export function escalationFlaws(
  approval: LooseApproval,
  emergencyAfter: string | undefined,
  translator: Translator,
): readonly FileIssue[] {
  const { from, escalate = [] } = approval;
  if (from === 'requester' && escalate.length > 0)
    return [{ path: ['escalate'], what: plain(translator.translate('settings.file.escalates_own')) }];
  return [
    ...timeFlaws(approval, emergencyAfter, translator),
    ...escalate.flatMap((stage, index) => stageFlaws(stage, index, translator)),
  ];
}

type Timed = { readonly path: Path; readonly ms: number | null };

function timeFlaws(
  { remind_after, escalate = [], expires_after }: LooseApproval,
  emergencyAfter: string | undefined,
  translator: Translator,
) {
  const reminders: readonly Timed[] =
    typeof remind_after === 'string'
      ? [{ path: ['remind_after'], ms: durationMs(remind_after) }]
      : (remind_after ?? []).map((one, index) => ({ path: ['remind_after', index], ms: durationMs(one) }));
  const stages: readonly Timed[] = escalate.map(({ after = '' }, index) => ({
    path: ['escalate', index, 'after'],
    ms: durationMs(after),
  }));
  const end =
    expires_after === undefined
      ? usualExpiry([...stages.map(({ ms }) => ms), durationMs(emergencyAfter ?? '')].flatMap((ms) => ms ?? []))
      : durationMs(expires_after);
  return [reminders, stages].flatMap((times) =>
    times.flatMap(({ path, ms }, index) => {
      if (ms === null || end === null) return [];
      const before = times[index - 1]?.ms ?? 0;
      if (ms <= before) return [{ path, what: plain(translator.translate('settings.file.not_ascending')) }];
      const what = translator.translate('settings.file.after_expiry', { expires: translator.lasting(end) });
      return ms < end ? [] : [{ path, what: plain(what) }];
    }),
  );
}

function stageFlaws({ to }: LooseStage, index: number, translator: Translator): readonly FileIssue[] {
  if (to === undefined) return [];
  const { users, groups, on_call } = to;
  const path = ['escalate', index, 'to'];
  const isNobody = users.length + groups.length === 0 && on_call === undefined;
  const what = plain(translator.translate('settings.file.asks_nobody'));
  if (isNobody) return [{ path, what }];
  if (on_call === undefined) return [];
  if (on_call.users.length === 0) return [{ path: [...path, 'on_call', 'users'], what }];
  return zoneFlaws(on_call, translator).map((flaw) => ({ ...flaw, path: [...path, 'on_call', ...flaw.path] }));
}
