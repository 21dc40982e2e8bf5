import type { AuditCommand } from './audit-command.ts';
import { backupCommand } from './backup.ts';
import { checkCommand } from './check.ts';
import { eraseCommand } from './erase.ts';
import { exportCommand } from './export.ts';
import { findCommand } from './find.ts';
import { newKeyCommand } from './new-key.ts';
import { checkpointCommand } from './print-checkpoint.ts';
import { proveCommand } from './prove.ts';
import { showCommand } from './show.ts';
import { verifyCommand } from './verify.ts';

/** All commands, in the order of the help. */
export const auditCommands: readonly AuditCommand[] = [
  verifyCommand,
  showCommand,
  findCommand,
  exportCommand,
  proveCommand,
  checkCommand,
  checkpointCommand,
  backupCommand,
  eraseCommand,
  newKeyCommand,
];
