import type { AuditCommand } from './command.ts';
import { newKeyCommand } from './new-key.ts';
import { verifyCommand } from './verify.ts';

/** All commands, in the order of the help. */
export const auditCommands: readonly AuditCommand[] = [verifyCommand, newKeyCommand];
