import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Event } from '../../src/requests/events.ts';
import { isOutcome, type Outcome, outcomes, type State } from '../../src/requests/outcome.ts';
import { isUnsent, nextState } from '../../src/requests/transition.ts';
import { cancelPressed, endedAs, everyEvent, samples } from './events.fixture.ts';

/** All transitions. `same`: the event is allowed and changes no state; `-`: it is not allowed; `if_…`: `same` there alone. */
const life = `
  event             submitted   announced          awaiting_approval  scheduled   approved     dispatching  any outcome
  requested         -           -                  -                  -           -            -            -
  granted           same        -                  -                  -           -            -            -
  announcing        same        -                  -                  -           -            -            -
  announced         announced   -                  -                  -           -            -            same
  not_posted        same        same               same               same        same         same         same
  asked             -           awaiting_approval  -                  -           -            -            -
  reminded          -           -                  same               -           -            -            -
  escalated         -           same               same               -           -            -            -
  listed            -           -                  same               -           -            -            -
  paging            -           -                  same               -           -            -            -
  paging_emergency  -           -                  -                  same        same         same         same
  paged             same        same               same               same        same         same         same
  calling           -           -                  same               -           -            -            -
  called            same        same               same               same        same         same         same
  pressed           same        same               same               -           -            -            -
  pressed_cancel    same        same               same               same        same         -            -
  press_refused     same        same               same               same        same         same         same
  press_answered    same        same               same               same        same         same         same
  confirmed         -           same               same               -           -            -            -
  changed           -           -                  same               -           -            -            -
  scheduled         -           scheduled          scheduled          -           -            -            -
  approved          -           approved           approved           approved    -            -            -
  emergency_offered  -          -                  same               -           -            -            -
  emergency_telling  -          -                  -                  same        same         same         same
  emergency_told     -          -                  -                  same        same         same         same
  emergency_listed  -           -                  -                  same        same         same         same
  emergency_found   -           -                  -                  same        same         same         same
  reviewed          -           -                  -                  same        same         same         same
  pressed_emergency  same       same               same               -           -            -            -
  pressed_review    -           -                  -                  same        same         same         same
  dispatching       -           -                  -                  -           dispatching  -            -
  not_reached       -           -                  -                  -           -            approved     -
  ended_accepted    -           -                  -                  -           -            accepted     -
  ended_rejected    -           -                  -                  -           -            rejected     -
  ended_unknown     unknown     unknown            unknown            unknown     unknown      unknown      -
  ended_not_sent    not_sent    not_sent           not_sent           not_sent    not_sent     not_sent     -
  ended_refused     refused     refused            refused            refused     refused      -            -
  ended_cancelled   cancelled   cancelled          cancelled          cancelled   cancelled    -            -
  ended_expired     -           expired            expired            -           -            -            -
  ended_superseded  superseded  superseded         superseded         superseded  superseded   -            -
  ended_completed   -           -                  -                  -           completed    -            -
  progressed        same        same               same               same        same         -            if_completed
  partly_cancelled  -           -                  -                  same        same         -            -
  reconciled        accepted    accepted           accepted           accepted    accepted     accepted     -
  observed          -           -                  -                  -           -            -            same
  reporting         -           -                  -                  -           -            -            same
  reported          -           -                  -                  -           -            -            same
  reason_given      -           -                  -                  same        same         -            if_cancelled|completed
  moved             same        same               same               same        same         same         same
  clock_turned_back same        same               same               same        same         same         same
  notified          -           -                  -                  -           -            -            same
  noting            -           -                  -                  -           -            -            same
  noted             -           -                  -                  -           -            -            same
  text_erased       -           -                  -                  -           -            -            same
  pause_reminding   -           -                  -                  -           -            -            if_accepted|unknown|completed
  pause_reminded    -           -                  -                  -           -            -            if_accepted|unknown|completed
  pause_not_reminded -         -                  -                  -           -            -            if_accepted|unknown|completed
  pause_answered    -           -                  -                  -           -            -            if_accepted|unknown|completed
  pause_answer_shown -         -                  -                  -           -            -            if_accepted|unknown|completed
  shown             same        same               same               same        same         same         same
`;

const open: readonly State[] = ['submitted', 'announced', 'awaiting_approval', 'scheduled', 'approved', 'dispatching'];

const named: Readonly<Record<string, Event>> = {
  ...samples,
  pressed_cancel: cancelPressed,
  pressed_emergency: { type: 'pressed', data: { by: 'U0EVE', choice: 'emergency', interaction: 'press-7' } },
  paging_emergency: { type: 'paging', data: { people: ['U0FAY'], about: 'emergency' } },
  pressed_review: { type: 'pressed', data: { by: 'U0CAROL', choice: 'review', interaction: 'press-8' } },
  ...Object.fromEntries(outcomes.map((outcome) => [`ended_${outcome}`, endedAs(outcome)])),
};

const rows = life
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.trim().split(/\s+/))
  .map(([name = '', ...cells]) => ({ name, cells }));

function becomes(cell: string | undefined, state: State): string | null {
  if (cell === '-') return null;
  if (cell?.startsWith('if_')) return cell.slice(3).split('|').includes(state) ? state : null;
  return cell === 'same' ? state : (cell ?? 'missing');
}

describe('the states of a request', () => {
  it('are defined for every event', () => {
    expect(rows.map(({ name }) => name).sort()).toEqual(
      Object.keys(named)
        .filter((name) => name !== 'ended')
        .sort(),
    );
  });

  it.each(rows)('change as the table says on $name', ({ name, cells }) => {
    const event = named[name];
    if (event === undefined) throw new Error(`no event ${name}`);
    const states: readonly State[] = [...open, ...outcomes];
    const told = states.map((state, index) => `${state} → ${becomes(cells[Math.min(index, open.length)], state)}`);
    expect(states.map((state) => `${state} → ${nextState(state, event)}`)).toEqual(told);
  });

  it('permit a cancellation until the dispatch', () => {
    expect([...open, ...outcomes].filter(isUnsent)).toEqual([
      'submitted',
      'announced',
      'awaiting_approval',
      'scheduled',
      'approved',
    ]);
  });
});

/** A random sequence of events: each number selects one of the events that are allowed next. */
function walk(choices: readonly number[], striding = false): readonly { event: Event; state: State }[] {
  const steps: { event: Event; state: State }[] = [];
  for (const choice of choices) {
    const before = steps.at(-1)?.state ?? 'submitted';
    const ahead = everyEvent.flatMap((event) => {
      const state = nextState(before, event);
      const isShort = state === before || event.type === 'reconciled';
      return state === null || (striding && isShort) ? [] : [{ event, state }];
    });
    steps.push(...ahead.slice(choice % ahead.length).slice(0, 1));
  }
  return steps;
}

const choices = fc.array(fc.nat({ max: 1_000 }), { minLength: 10, maxLength: 60 });
const walks = choices.map((chosen) => walk(chosen));
/** Only events that change the state, so that sequences reach later states. */
const strides = choices.map((chosen) => walk(chosen, true));

describe('a request with any events', () => {
  it('ends in one outcome at most, and nothing changes it afterwards', () => {
    const reached = new Set<Outcome>();
    fc.assert(
      fc.property(walks, (steps) => {
        const ends = steps.filter(({ event }) => event.type === 'ended' || event.type === 'reconciled');
        expect(ends.length).toBeLessThanOrEqual(1);
        const [end] = ends;
        if (end === undefined || !isOutcome(end.state)) return;
        reached.add(end.state);
        const after = steps.slice(steps.indexOf(end));
        expect(new Set(after.map(({ state }) => state))).toEqual(new Set([end.state]));
      }),
      { numRuns: 3_000, seed: 7 },
    );
    expect([...reached].sort()).toEqual([...outcomes].sort());
  });

  it('is sent a second time only after proof that the first attempt did not arrive', () => {
    let second = 0;
    fc.assert(
      fc.property(strides, (steps) => {
        const sendings = steps.map(({ event }) => event.type).filter((t) => t === 'dispatching' || t === 'not_reached');
        second += sendings.length > 2 ? 1 : 0;
        expect(sendings.every((type, index) => type === (index % 2 === 0 ? 'dispatching' : 'not_reached'))).toBe(true);
      }),
      { numRuns: 60_000, seed: 7 },
    );
    expect(second).toBeGreaterThan(0);
  });
});
