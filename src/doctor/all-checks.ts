import { checkCalendars } from './checks/calendars-check.ts';
import { checkCampaign } from './checks/campaign-check.ts';
import { checkChannels } from './checks/channels-check.ts';
import type { Check } from './checks/check.ts';
import { checkClock } from './checks/clock-check.ts';
import { checkDatabase } from './checks/database-check.ts';
import { checkIms } from './checks/ims-check.ts';
import { checkNetwork } from './checks/network-check.ts';
import { checkNode } from './checks/node-check.ts';
import { checkPeople } from './checks/people-check.ts';
import { checkPort } from './checks/port-check.ts';
import { checkSettings } from './checks/settings-check.ts';
import { checkSlack } from './checks/slack-check.ts';
import { checkWitness } from './checks/witness-check.ts';
import type { Area } from './finding.ts';

/** The check of each area. */
export const allChecks: Readonly<Record<Area, Check>> = {
  settings: checkSettings,
  node: checkNode,
  slack: checkSlack,
  channels: checkChannels,
  people: checkPeople,
  ims: checkIms,
  campaign: checkCampaign,
  calendars: checkCalendars,
  clock: checkClock,
  network: checkNetwork,
  database: checkDatabase,
  port: checkPort,
  witness: checkWitness,
};
