import type { Vocabulary } from '../../src/commands/vocabulary/vocabulary.ts';

/** One alias bound to production, one to stage, one to no environment. */
export const vocabulary: Vocabulary = {
  environments: ['prod', 'Stage'],
  defaultEnvironment: 'prod',
  aliases: [
    { name: 'nightly-load', workflowId: 'WKF110', environment: 'prod', label: 'Nightly profile load' },
    { name: 'trial-run', workflowId: 'WKF300', environment: 'Stage', label: null },
    { name: 'Cleanup-Everywhere', workflowId: 'cleanup_2', environment: null, label: null },
  ],
};
