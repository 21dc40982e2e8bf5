import { printChannel } from '../slack/print-channel.ts';
import { type Sandbox, startSandbox } from '../start-sandbox.ts';
import { tourChannel } from './conversation.ts';
import { type Scene, scenes } from './scenes.ts';

/** The lifetime of a question in the tour. */
const confirmWithin = '2s';

/** Plays every scene, prints the channel, and returns whether each ended as expected. */
export async function tour(mode: 'http' | 'socket', print: (text: string) => void): Promise<boolean> {
  const sandbox = await startSandbox({ mode, env: { CAMPAIGN_WF_CONFIRM_WITHIN: confirmWithin } });
  try {
    const problems = [];
    const show = (title: string) => print(`${title}\n\n${printChannel(sandbox.slack.workspace, tourChannel)}\n`);
    for (const scene of scenes) problems.push(await problemWith(scene, sandbox, show));
    show('At the end, the channel shows:');
    for (const [index, { name }] of scenes.entries()) print(resultLine(name, problems[index] ?? null));
    const mistakes = sandbox.slack.workspace.mistakes;
    for (const mistake of mistakes) print(`✗ Slack would not have liked: ${mistake}`);
    return mistakes.length === 0 && problems.every((problem) => problem === null);
  } finally {
    await sandbox.close();
  }
}

function problemWith(scene: Scene, sandbox: Sandbox, show: (title: string) => void): Promise<string | null> {
  return scene.play(sandbox, show).then(
    () => null,
    (error: unknown) => String(error),
  );
}

function resultLine(name: string, problem: string | null): string {
  return problem === null ? `✓ ${name}` : `✗ ${name}\n  ${problem}`;
}
