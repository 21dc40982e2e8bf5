import type { Step } from '../../ports.ts';

/** Nobody has confirmed in time: the announcement offers the emergency from now on. */
export const offerEmergency: Step = async () => ({
  record: ({ state, grant, isEmergencyOffered }) =>
    state === 'awaiting_approval' && grant?.emergency !== undefined && !isEmergencyOffered
      ? [{ type: 'emergency_offered', data: { afterMs: grant.emergency.afterMs } }]
      : [],
});
