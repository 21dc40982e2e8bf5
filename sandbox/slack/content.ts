import { type Block, checkBlocks, lengthOfText, MOST_TEXT_OF_BLOCKS } from './blocks.ts';

/** The contents of a message: the text is the fallback of its blocks. */
export type Content = { text: string; blocks: Block[] };

export type ContentRefusal = {
  ok: false;
  error: 'no_text' | 'msg_too_long' | 'msg_blocks_too_long' | 'invalid_blocks' | 'invalid_blocks_format';
  problems: string[];
};

export type ContentCheck = { ok: true; content: Content; mistake: string | null } | ContentRefusal;

const MOST_TEXT = 40_000;

// Slack posts a longer text, but shows only a part of it.
const WISE_TEXT = 4_000;

export function checkContent(given: { text?: unknown; blocks?: unknown }): ContentCheck {
  const text = typeof given.text === 'string' ? given.text : '';
  if (text.length > MOST_TEXT) return refusal('msg_too_long');
  if (given.blocks !== undefined && !Array.isArray(given.blocks)) return refusal('invalid_blocks_format');
  const checked = checkBlocks(given.blocks ?? []);
  if (!checked.ok) return refusal('invalid_blocks', checked.problems);
  if (text === '' && checked.blocks.length === 0) return refusal('no_text');
  const mistake = text.length > WISE_TEXT ? `a text of ${text.length} characters, more than ${WISE_TEXT}` : null;
  return { ok: true, content: { text, blocks: checked.blocks }, mistake };
}

/** The Web API has a limit for all blocks together; a response_url does not. */
export function checkPostedContent(given: { text?: unknown; blocks?: unknown }): ContentCheck {
  const checked = checkContent(given);
  return checked.ok && lengthOfText(checked.content.blocks) > MOST_TEXT_OF_BLOCKS
    ? refusal('msg_blocks_too_long')
    : checked;
}

function refusal(error: ContentRefusal['error'], problems: string[] = []): ContentRefusal {
  return { ok: false, error, problems };
}
