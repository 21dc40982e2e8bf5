import { get } from 'node:http';

// For the image's HEALTHCHECK: exits with 0 if the bot of this container answers on `/healthz`.

const { HOST = '', METRICS_PORT, PORT } = process.env;
const host = ['', '0.0.0.0', '::'].includes(HOST.trim()) ? '127.0.0.1' : HOST.trim();
const port = METRICS_PORT?.trim() || PORT?.trim() || '3000';
const request = get({ host, port, path: '/healthz', timeout: 4_000 }, ({ statusCode }) => {
  process.exit(statusCode === 200 ? 0 : 1);
});
request.on('timeout', () => request.destroy());
request.on('error', () => process.exit(1));
