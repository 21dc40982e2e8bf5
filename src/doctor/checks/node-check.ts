import { found } from '../finding.ts';
import type { Check } from './check.ts';

/** The program itself does not run with an older Node: see `start/doctor.js`. */
export const checkNode: Check = async (_patient, report) => {
  report(found('ok', 'node_fits', { version: process.versions.node }));
};
