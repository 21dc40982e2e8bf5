import type { Snapshot } from '../../snapshot.ts';
import type { PageProps, PanelName } from '../use-page-props.ts';
import { BreakPanel } from './break-panel.tsx';
import { CampaignPanel } from './campaign-panel.tsx';
import { HomePanel } from './home-panel.tsx';
import { LogPanel } from './log-panel.tsx';
import { RecordPanel } from './record-panel.tsx';
import { RulesPanel } from './rules-panel.tsx';

type Props = Pick<PageProps, 'rulesDrafting' | 'renderContext'> & {
  readonly name: PanelName;
  readonly snapshot: Snapshot;
};

export function Panel({ name, snapshot, rulesDrafting, renderContext }: Props) {
  switch (name) {
    case 'home':
      return <HomePanel snapshot={snapshot} renderContext={renderContext} />;
    case 'campaign':
      return <CampaignPanel campaign={snapshot.campaign} />;
    case 'break':
      return <BreakPanel snapshot={snapshot} />;
    case 'record':
      return <RecordPanel snapshot={snapshot} />;
    case 'rules':
      return <RulesPanel rules={snapshot.rules} language={snapshot.bot.language} {...rulesDrafting} />;
    case 'log':
      return <LogPanel bot={snapshot.bot} mistakes={snapshot.mistakes} />;
    default:
      return name satisfies never;
  }
}
