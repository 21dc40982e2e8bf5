import type { Sample } from './simulate.ts';

const hourMs = 3_600_000;
const width = 880;
const left = 64;
const right = 16;
/** One chart over the other, on the same axis of time. */
const charts = { waiting: { top: 64, height: 220 }, commands: { top: 332, height: 90 } } as const;
const height = 480;

type Chart = (typeof charts)[keyof typeof charts];
type Point = { readonly x: number; readonly y: number };
type Axis = { readonly from: number; readonly to: number };

/** Readable in a light and in a dark page: an image has its own media query. */
const style = `
text { font: 13px system-ui, sans-serif; fill: #1f2328 } .unit { fill: #59636e } .title { font-weight: 600 }
.grid { stroke: #d1d9e0 } .posts { stroke: #0969da } .updates { stroke: #bc4c00; stroke-dasharray: 5 3 }
.posts, .updates { fill: none; stroke-width: 1.5 } .commands { fill: #8c959f }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc } .unit { fill: #9198a1 } .grid { stroke: #3d444d }
.posts { stroke: #4493f8 } .updates { stroke: #f0883e } .commands { fill: #9198a1 }
}`;

/** The backlog of a day as an SVG: the messages and updates that wait, and the commands of each minute. */
export function backlogChart(title: string, samples: readonly Sample[]): string {
  const time: Axis = { from: samples[0]?.at ?? 0, to: samples.at(-1)?.at ?? hourMs };
  const waiting: Axis = {
    from: 0,
    to: roundUp(Math.max(1, ...samples.flatMap(({ posts, updates }) => [posts, updates]))),
  };
  const commands: Axis = { from: 0, to: roundUp(Math.max(1, ...samples.map((sample) => sample.commands))) };
  const points = (chart: Chart, axis: Axis, value: (sample: Sample) => number) =>
    samples.map((sample) => ({ x: xOf(sample.at, time), y: yOf(value(sample), axis, chart) }));
  const bars = points(charts.commands, commands, (sample) => sample.commands);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
<style>${style}
</style>
<text class="title" x="${left}" y="20">${escaped(title)}</text>
${legend()}
${valueAxis(charts.waiting, waiting)}
${timeAxis(time)}
<polyline class="updates" points="${line(points(charts.waiting, waiting, ({ updates }) => updates))}"/>
<polyline class="posts" points="${line(points(charts.waiting, waiting, ({ posts }) => posts))}"/>
${text({ x: left, y: charts.commands.top - 10 }, 'unit', 'commands a minute')}
${valueAxis(charts.commands, commands)}
<polygon class="commands" points="${line(area(bars))}"/>
</svg>
`;
}

function legend(): string {
  const y = charts.waiting.top - 18;
  const entry = (x: number, name: string, words: string) =>
    `<polyline class="${name}" points="${x},${y - 4} ${x + 24},${y - 4}"/>${text({ x: x + 30, y }, 'unit', words)}`;
  return (
    entry(left, 'posts', 'messages that wait') + entry(left + 190, 'updates', 'updates of announcements that wait')
  );
}

function valueAxis(chart: Chart, axis: Axis): string {
  return [0, 0.5, 1]
    .map((share) => {
      const value = axis.to * share;
      const y = yOf(value, axis, chart);
      const grid = `<line class="grid" x1="${left}" x2="${width - right}" y1="${y}" y2="${y}"/>`;
      return `${grid}<text class="unit" text-anchor="end" x="${left - 8}" y="${y + 4}">${value.toLocaleString('en-US')}</text>`;
    })
    .join('\n');
}

/** About eight marks, at whole hours or minutes, in UTC. */
function timeAxis(time: Axis): string {
  const steps = [5, 10, 15, 30, 60, 120, 180, 240].map((minutes) => (minutes * hourMs) / 60);
  const step = steps.find((ms) => (time.to - time.from) / ms <= 9) ?? 4 * hourMs;
  const marks: string[] = [];
  for (let at = Math.ceil(time.from / step) * step; at <= time.to; at += step) {
    const y = charts.commands.top + charts.commands.height + 20;
    const label = new Date(at).toISOString().slice(11, 16);
    marks.push(`<text class="unit" text-anchor="middle" x="${round(xOf(at, time))}" y="${y}">${label}</text>`);
  }
  return [...marks, text({ x: left, y: height - 14 }, 'unit', 'time of day, hours and minutes')].join('\n');
}

function text({ x, y }: Point, name: string, words: string): string {
  return `<text class="${name}" x="${x}" y="${y}">${escaped(words)}</text>`;
}

function xOf(at: number, { from, to }: Axis): number {
  return left + ((at - from) / Math.max(1, to - from)) * (width - left - right);
}

function yOf(value: number, { to }: Axis, { top, height: of }: Chart): number {
  return round(top + of * (1 - value / to));
}

function area(points: readonly Point[]): readonly Point[] {
  const y = charts.commands.top + charts.commands.height;
  return [{ x: points[0]?.x ?? left, y }, ...points, { x: points.at(-1)?.x ?? left, y }];
}

function line(points: readonly Point[]): string {
  return points.map(({ x, y }) => `${round(x)},${round(y)}`).join(' ');
}

/** The next number of the form 1, 2, 4, 6, 8 or 10 times a power of ten, so that the axis has round marks. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 6, 8, 10].map((factor) => factor * power).find((mark) => mark >= value) ?? value;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
