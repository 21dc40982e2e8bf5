import type { SlackContext } from '../context.ts';
import { randomId } from '../random-id.ts';
import type { OpenView } from '../workspace.ts';
import { type Modal, nameModal } from './modal.ts';
import { initialState, keptState } from './view-state.ts';

export function showView(context: SlackContext, to: { user: string; teamId: string | null }, given: Modal): OpenView {
  const modal = nameModal(given, randomId);
  const id = `V0${randomId(8).toUpperCase()}`;
  const opened: OpenView = {
    id,
    hash: newHash(context),
    ...to,
    view: modal,
    values: initialState(modal),
    errors: {},
    suggested: {},
  };
  context.workspace.views.push(opened);
  context.changes.notify();
  return opened;
}

export function replaceView(context: SlackContext, shown: OpenView, given: Modal): void {
  shown.view = nameModal(given, randomId);
  shown.hash = newHash(context);
  shown.values = keptState(shown.values, shown.view);
  shown.errors = {};
  context.changes.notify();
}

export function closeView(context: SlackContext, shown: OpenView): void {
  const { views } = context.workspace;
  views.splice(views.indexOf(shown), 1);
  context.changes.notify();
}

export function showErrors(context: SlackContext, shown: OpenView, errors: OpenView['errors']): void {
  shown.errors = errors;
  context.changes.notify();
}

/** The hash of one version of a view, which detects an outdated update. */
function newHash({ now }: SlackContext): string {
  return `${Math.floor(now() / 1000)}.${randomId(6)}`;
}
