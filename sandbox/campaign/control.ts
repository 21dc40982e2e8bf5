import { FaultName, NewFault, PutWorkflow, readInput, TimePassed } from './control-input.ts';
import type { FaultQueue, PlannedFault } from './fault-queue.ts';
import { FAULTS } from './faults.ts';
import { maskedRequest } from './masked-request.ts';
import type { PretendClock } from './pretend-clock.ts';
import type { RecordedRequest } from './recorded-request.ts';
import { jsonReply, type Reply } from './reply.ts';
import type { ListedWorkflow } from './tenants.ts';
import type { PretendState } from './workflow-states.ts';

/** The state and the switches of the control API. */
export type Controlled = {
  workflows(): readonly ListedWorkflow[];
  /** Puts a workflow of the first organization, new or existing, into that state. */
  putWorkflow(id: string, state: PretendState): void;
  /** In the order of arrival, including those to IMS. */
  requests(): readonly RecordedRequest[];
  faults: FaultQueue;
  clock: PretendClock;
};

type ControlRequest = Pick<RecordedRequest, 'method' | 'path' | 'body'>;
type Way = {
  method: string;
  path: RegExp;
  shown: string;
  take(controlled: Controlled, body: string, name: string): Reply;
};

const WAYS: readonly Way[] = [
  {
    method: 'GET',
    path: /^\/pretend\/workflows$/,
    shown: '/pretend/workflows',
    take: ({ workflows }) => jsonReply(200, workflows()),
  },
  { method: 'POST', path: /^\/pretend\/workflows$/, shown: '/pretend/workflows', take: putWorkflow },
  {
    method: 'GET',
    path: /^\/pretend\/requests$/,
    shown: '/pretend/requests',
    take: ({ requests }) => jsonReply(200, requests().map(maskedRequest)),
  },
  {
    method: 'GET',
    path: /^\/pretend\/faults$/,
    shown: '/pretend/faults',
    take: ({ faults }) => jsonReply(200, { on: switchedOn(faults), known: Object.keys(FAULTS) }),
  },
  { method: 'POST', path: /^\/pretend\/faults$/, shown: '/pretend/faults', take: switchOn },
  { method: 'DELETE', path: /^\/pretend\/faults$/, shown: '/pretend/faults', take: switchAllOff },
  { method: 'DELETE', path: /^\/pretend\/faults\/([^/]+)$/, shown: '/pretend/faults/{fault}', take: switchOff },
  { method: 'POST', path: /^\/pretend\/clock$/, shown: '/pretend/clock', take: letPass },
];

/** Campaign's API has no such path, unless an organization is called `pretend`. */
export function isForControl({ path }: ControlRequest): boolean {
  return path.startsWith('/pretend/');
}

/** Shows and controls a pretend Campaign over HTTP. All responses are JSON. */
export function createControl(controlled: Controlled): (request: ControlRequest) => Reply {
  return ({ method, path, body }) => {
    const [bare = ''] = path.split('?');
    for (const way of WAYS) {
      const match = way.method === method ? way.path.exec(bare) : null;
      if (match !== null) return way.take(controlled, body, match[1] ?? '');
    }
    const ways = WAYS.map((way) => `${way.method} ${way.shown}`);
    return jsonReply(404, { problem: `There is no ${method} ${bare}.`, ways });
  };
}

function putWorkflow({ putWorkflow: put, workflows }: Controlled, body: string): Reply {
  const input = readInput(PutWorkflow, body);
  if (!input.ok) return jsonReply(400, { problem: input.problem });
  put(input.value.id, input.value.state);
  return jsonReply(201, workflows());
}

function switchOn({ faults }: Controlled, body: string): Reply {
  const input = readInput(NewFault, body);
  if (!input.ok) return badFault(input.problem);
  faults.add(input.value.fault, input.value.options);
  return jsonReply(201, { on: switchedOn(faults) });
}

function switchAllOff({ faults }: Controlled): Reply {
  faults.clear();
  return jsonReply(200, { on: switchedOn(faults) });
}

function switchOff({ faults }: Controlled, _body: string, name: string): Reply {
  const fault = FaultName.safeParse(name);
  if (!fault.success) return badFault(`there is no fault ${name}`);
  faults.clear(fault.data);
  return jsonReply(200, { on: switchedOn(faults) });
}

function letPass({ clock }: Controlled, body: string): Reply {
  const input = readInput(TimePassed, body);
  if (!input.ok) return jsonReply(400, { problem: input.problem });
  clock.letPass(input.value.letPassMs);
  return jsonReply(200, { now: new Date(clock.now()).toISOString() });
}

function badFault(problem: string): Reply {
  return jsonReply(400, { problem, faults: Object.keys(FAULTS) });
}

function switchedOn(faults: FaultQueue): object[] {
  return faults.list().map(shownFault);
}

/** JSON has no infinity. */
function shownFault({ fault, options, left }: PlannedFault): object {
  return { ...options, fault, times: Number.isFinite(left) ? left : 'always' };
}
