import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { createHomes, type Homes, type HomesOptions } from '../../src/slack/home/homes.ts';
import type { LocalizedMessage } from '../../src/slack/messages/message-context.ts';
import { renderMessage } from '../../src/slack/render.ts';
import { context } from './message-contexts.ts';

type Published = { readonly person: string; readonly text: string };

/** Homes that show the state of a variable, looked at every millisecond. */
function opened(options: Partial<HomesOptions> = {}) {
  const world = { size: 1, state: 'nothing', now: 1, published: [] as Published[], rendered: 0, warnings: 0 };
  const checkpoint = () => ({ size: world.size, at: 0, root: '', note: '' });
  const homes = createHomes({
    ledger: { checkpoint },
    inFlight: { acknowledged: () => null, isDraining: () => false },
    log: {
      warn() {
        world.warnings += 1;
      },
    },
    clock: () => world.now,
    everyMs: 1,
    async render(_person, note) {
      world.rendered += 1;
      const above = note === null ? [] : note(context).blocks;
      return { type: 'home', blocks: [...above, ...renderMessage([[{ kind: 'text', text: world.state }]]).blocks] };
    },
    async publish(person, view) {
      world.published.push({
        person,
        text:
          JSON.stringify(view.blocks)
            .match(/"text":"[^"]*"/g)
            ?.join() ?? '',
      });
    },
    ...options,
  });
  const change = (state: string) => {
    world.state = state;
    world.size += 1;
  };
  return { homes, world, change, [Symbol.asyncDispose]: () => homes.end() };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(1);
}

const note: LocalizedMessage = () => renderMessage([[{ kind: 'text', text: 'noted' }]]);
const textsOf = ({ published }: { published: readonly Published[] }) => published.map(({ text }) => text);

it('are published again when something has changed that they show, and not otherwise', async () => {
  await using test = opened();
  const { homes, world, change } = test;
  await homes.show('U0BOB');
  change('a request');
  await until(() => world.published.length === 2);
  change('a request');
  await until(() => world.rendered === 3);
  expect(textsOf(world)).toEqual(['"text":"nothing"', '"text":"a request"']);
});

it('are left alone where nobody has opened one within ten minutes', async () => {
  await using test = opened();
  const { homes, world, change } = test;
  await homes.show('U0BOB');
  world.now = 11 * 60_000;
  await homes.show('U0CAROL');
  change('a request');
  await until(() => world.published.length === 3);
  expect(world.published.map(({ person }) => person)).toEqual(['U0BOB', 'U0CAROL', 'U0CAROL']);
});

it('are kept up to date for the twenty people who opened one last', async () => {
  await using test = opened();
  const { homes, world, change } = test;
  for (let nth = 0; nth < 25; nth++) await homes.show(`U${nth}`);
  change('a request');
  await until(() => world.published.length === 45);
  expect(world.published.slice(25).map(({ person }) => person)).not.toContain('U4');
});

it('show what came of a press for half a minute', async () => {
  await using test = opened();
  const { homes, world, change } = test;
  await homes.show('U0BOB', note);
  change('decided');
  await until(() => world.published.length === 2);
  world.now = 31_000;
  change('ended');
  await until(() => world.published.length === 3);
  expect(textsOf(world)).toEqual([
    '"text":"noted","text":"nothing"',
    '"text":"noted","text":"decided"',
    '"text":"ended"',
  ]);
});

it('are published one after the other for one person: the last one shows the newest state', async () => {
  let release = () => {};
  const first = new Promise<void>((resolve) => {
    release = resolve;
  });
  const published: string[] = [];
  let homes: Homes | null = null;
  await using test = opened({
    async publish(_person, view) {
      if (published.length === 0) await first;
      published.push(JSON.stringify(view));
    },
  });
  homes = test.homes;
  const shown = [homes.show('U0BOB'), homes.show('U0BOB')];
  test.change('newer');
  release();
  await Promise.all(shown);
  expect(published.at(-1)).toContain('newer');
});

it('are tried again after half a minute where Slack failed, and the others meanwhile are not lost', async () => {
  let isDown = true;
  const published: string[] = [];
  await using test = opened({
    async publish(person) {
      if (isDown) throw new Error('no connection');
      published.push(person);
    },
  });
  const { homes, world, change } = test;
  await homes.show('U0BOB');
  await homes.show('U0CAROL');
  expect(world.warnings).toBeGreaterThan(0);
  isDown = false;
  change('a request');
  await wait(20);
  expect(published).toEqual([]);
  world.now = 31_000;
  await until(() => published.length === 2);
  expect(published.toSorted()).toEqual(['U0BOB', 'U0CAROL']);
});
