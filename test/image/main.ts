import assert from 'node:assert/strict';
import { chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import manifest from '../../package.json' with { type: 'json' };
import { startPretendCampaign } from '../../sandbox/campaign/pretend-campaign.ts';
import { startPretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import { botEnv } from '../../sandbox/start-sandbox.ts';
import { type Container, configOf, startIn } from './container.ts';
import { debianBase } from './debian-base.ts';
import { run, whyNot } from './programs.ts';

// `npm run test:image`: builds the image, and runs a command through it. `--base IMAGE` names a base with Node 24 and npm.
// Without it the base is made of Debian's packages, this Node and this npm, so no registry of images is needed.

const { values } = parseArgs({ options: { base: { type: 'string' } } });
const reason = await whyNot();
if (reason === null) await testImage();
else console.log(`The image was not built here: ${reason}.`);

async function testImage(): Promise<void> {
  await using resources = new AsyncDisposableStack();
  const image = 'localhost/campaign-wf-test';
  const base = values.base ?? resources.adopt(await debianBase(), (it) => run('buildah', ['rmi', it]).then(() => {}));
  const project = fileURLToPath(new URL('../..', import.meta.url));
  const pull = values.base === undefined ? ['--pull=never'] : [];
  const given = [`NODE_IMAGE=${base}`, `VERSION=${manifest.version}`].flatMap((one) => ['--build-arg', one]);
  await run('buildah', ['build', '--format', 'docker', ...pull, ...given, '--tag', image, project]);
  resources.defer(() => run('buildah', ['rmi', image]).then(() => {}));
  const sizes = await run('buildah', ['images', '--format', '{{.Name}} {{.Size}}']);
  for (const line of sizes.split('\n').filter((one) => /campaign-wf-(?:base|test)/.test(one))) console.log(line);

  const name = await run('buildah', ['from', '--pull=never', image]);
  resources.defer(() => run('buildah', ['rm', name]).then(() => {}));
  const config = await configOf(image);
  const folder = await mkdtemp(join(tmpdir(), 'campaign-wf-image-'));
  resources.defer(() => rm(folder, { recursive: true }));
  const [data, secrets] = [join(folder, 'data'), join(folder, 'secrets')];
  for (const one of [data, secrets]) {
    await mkdir(one, { mode: 0o700 });
    await chown(one, 10_001, 10_001);
  }
  await tryContainer({ root: await run('buildah', ['mount', name]), config, data, secrets });
}

async function tryContainer(container: Container): Promise<void> {
  const { config, data } = container;
  assert.equal(config.User, '10001:10001');
  await using resources = new AsyncDisposableStack();
  const slack = resources.adopt(await startPretendSlack(), (it) => it.close());
  const campaign = resources.adopt(await startPretendCampaign(), (it) => it.close());
  const settings = { ...botEnv(slack, campaign, 'http'), HOST: '127.0.0.1', PORT: '0' };
  const env = await withSecretFiles(settings, container.secrets);
  const ready = Promise.withResolvers<{ port: number; version: string }>();
  const bot = startIn(container, config.Cmd, env, (line) => {
    if (line.includes('"message":"ready"')) ready.resolve(JSON.parse(line));
  });
  resources.defer(bot.kill);
  bot.ended.then(({ lines }) => ready.reject(new Error(`the bot has ended:\n${lines.join('\n')}`)));
  const { port, version } = await ready.promise;
  assert.equal(version, manifest.version);
  console.log('✓ ready, as a user without rights, with a read-only root');

  const health = await startIn(container, config.Healthcheck.Test.slice(1), { PORT: String(port) }).ended;
  assert.deepEqual(health, { exit: 0, lines: [] });
  assert.equal((await startIn(container, config.Healthcheck.Test.slice(1), { PORT: '1' }).ended).exit, 1);
  console.log('✓ its health check');

  const write = ['sh', '-c', 'touch /app/x /app/dist/x /run/x /x; touch /app/data/x && rm /app/data/x'];
  const written = await startIn(container, write, {}).ended;
  assert.deepEqual([written.exit, written.lines.length], [0, 4]);
  console.log('✓ nothing but the volume can be written');

  slack.deliverTo(`http://127.0.0.1:${port}/slack/events`);
  await slack.command({ user: 'U0ALICE', channel: 'C0OPS', text: 'pause WKF200' });
  await slack.waitFor(({ messages }) =>
    messages.find(({ metadata }) => metadata?.event_type === 'campaign_wf_outcome'),
  );
  assert.equal(campaign.posts('WKF200').length, 1);
  console.log('✓ a command, sent once, with its outcome in Slack');

  const doctor = ['node', '--no-warnings', 'start/doctor.js', '--only', 'settings,slack,campaign'];
  const found = await startIn(container, doctor, env).ended;
  assert.equal(found.exit, 0, found.lines.join('\n'));
  console.log('✓ the doctor finds nothing wrong');

  bot.signal(config.StopSignal);
  const { exit, lines } = await bot.ended;
  assert.equal(exit, 0, lines.join('\n'));
  assert.ok(!lines.some((line) => line.includes('starts from its sources')), lines.join('\n'));
  const files = await readdir(data);
  assert.ok(files.includes('campaign-wf.sqlite') && !files.includes('campaign-wf.sqlite-wal'), files.join(' '));
  console.log(`✓ ${config.StopSignal}: exit 0, and the ledger is closed`);

  const audit = ['node', '--disable-warning=ExperimentalWarning', 'src/audit.ts', 'verify'];
  const verified = await startIn(container, audit, {}).ended;
  assert.equal(verified.exit, 0, verified.lines.join('\n'));
  console.log('✓ the record is verified with the same image');
}

/** The secrets as files of the folder that is mounted as `/run`. */
async function withSecretFiles(settings: Readonly<Record<string, string>>, folder: string) {
  const env = { ...settings };
  for (const name of ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'CAMPAIGN_CLIENT_SECRET']) {
    const path = join(folder, name);
    await writeFile(path, `${env[name]}\n`, { mode: 0o400 });
    await chown(path, 10_001, 10_001);
    delete env[name];
    env[`${name}_FILE`] = `/run/${name}`;
  }
  return env;
}
