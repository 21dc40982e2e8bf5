import { z } from 'zod';
import { checkModal } from '../views/modal.ts';
import { replaceView, showView } from '../views/open-views.ts';
import { findView } from '../workspace.ts';
import { failure } from './answer.ts';
import { method } from './method.ts';
import { viewModal } from './modal-view.ts';

export const openView = method({
  token: 'bot',
  scopes: [],
  args: z.object({ trigger_id: z.string(), view: z.unknown() }),
  run: (context, args) => {
    const checked = checkModal(args.view);
    if (!checked.ok) return failure('invalid_arguments', checked.problems);
    const exchanged = context.triggers.exchange(args.trigger_id);
    if (!exchanged.ok) return failure(exchanged.error);
    const { user, teamId } = exchanged;
    const opened = showView(context, { user, teamId }, checked.modal);
    return { ok: true, view: viewModal(context.workspace, opened, {}) };
  },
});

export const updateView = method({
  token: 'bot',
  scopes: [],
  args: z.object({ view_id: z.string(), hash: z.string().optional(), view: z.unknown() }),
  run: (context, args) => {
    const checked = checkModal(args.view);
    if (!checked.ok) return failure('invalid_arguments', checked.problems);
    const shown = findView(context.workspace, args.view_id);
    if (!shown) return failure('not_found');
    if (args.hash !== undefined && args.hash !== shown.hash) return failure('hash_conflict');
    replaceView(context, shown, checked.modal);
    return { ok: true, view: viewModal(context.workspace, shown, {}) };
  },
});
