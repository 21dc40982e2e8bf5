import { z } from 'zod';
import { checkHome } from '../views/home.ts';
import { checkModal } from '../views/modal.ts';
import { replaceView, showView } from '../views/open-views.ts';
import { findHome, publishHome } from '../views/shown-home.ts';
import { findUser, findView } from '../workspace.ts';
import { failure } from './answer.ts';
import { method } from './method.ts';
import { viewModal } from './modal-view.ts';
import { shownView } from './shown-view.ts';

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

export const publishView = method({
  token: 'bot',
  scopes: [],
  args: z.object({ user_id: z.string(), hash: z.string().optional(), view: z.unknown() }),
  run: (context, { user_id: user, hash, view }) => {
    const checked = checkHome(view);
    if (!checked.ok) return failure(checked.error, checked.problems);
    if (!findUser(context.workspace, user))
      return failure('invalid_arguments', ['unknown user [json-pointer:/user_id]']);
    if (!context.homeTab) return failure('not_enabled');
    if (hash !== undefined && hash !== findHome(context.workspace, user)?.hash) return failure('hash_conflict');
    return { ok: true, view: shownView(context.workspace, publishHome(context, user, checked.home)) };
  },
});
