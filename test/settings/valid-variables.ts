/** The required variables, with valid values. */
export const validVariables = {
  SLACK_BOT_TOKEN: 'xoxb-1-bot',
  SLACK_APP_TOKEN: 'xapp-1-app',
  CAMPAIGN_ORGANIZATION: 'acme',
  CAMPAIGN_CLIENT_ID: 'client-id',
  CAMPAIGN_CLIENT_SECRET: 'p8e-secret',
  CAMPAIGN_SCOPES: 'openid,AdobeID,deliverability_service_general',
} as const;
