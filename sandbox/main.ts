import { parseArgs } from 'node:util';
import { BotNotReadyError } from './bot-process.ts';
import { showPage } from './page/show-page.ts';
import { tour } from './tour/tour.ts';

const usage = `npm run sandbox                        a page with a pretend Slack and Campaign and the real bot between them
npm run sandbox -- --port 4000         at this port of 127.0.0.1 (otherwise 4020, or a free one)
npm run sandbox -- --mode socket       over Socket Mode (otherwise HTTP)
npm run sandbox -- --keep FOLDER       keeps the ledger, the rules and the conversation there
npm run sandbox -- --tour              plays a conversation, prints it, and exits 0 if all ended as it should`;
