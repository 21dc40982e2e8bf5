import { problemLine, warningLine } from '../../settings/problem.ts';
import { found, told } from '../finding.ts';
import type { Check } from './check.ts';

/** Every problem of the settings and of the file with the rules, and every warning. */
export const checkSettings: Check = async ({ problems, warnings, known, translator }, report) => {
  for (const problem of problems) report(told('failure', 'setting_wrong', problemLine(problem, translator)));
  for (const warning of warnings) report(told('warning', 'setting_doubtful', warningLine(warning)));
  if (problems.length > 0 || known.adobe === null) return;
  const { environments, policy } = known.adobe.configuration;
  report(found('ok', 'settings_valid', { environments: environments.length, rules: policy.rules.length }));
};
