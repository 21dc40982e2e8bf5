import { describe, expect, it } from '@jest/globals';
import { maskSecrets } from '../../src/commands/grammar/read-reason.ts';

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLXNpZ25hdHVyZQ';

describe('a secret', () => {
  it.each([
    ['xoxb-1234567890-abcdefghij', '•••'],
    ['xoxp-1234567890-abcdefghij', '•••'],
    ['xapp-1-A0123456789-123-abcdef', '•••'],
    ['Bearer abc123def456', 'Bearer •••'],
    [`Authorization: Bearer ${jwt}`, expect.not.stringContaining('eyJ')],
    [jwt, '•••'],
    ['password=hunter2', 'password=•••'],
    ['Passwort: hunter2', 'Passwort: •••'],
    ['client_secret=p8e-abcdefghijkl', 'client_secret=•••'],
    ['{"client_secret": "abc def"}', expect.not.stringContaining('abc')],
    ['access_token=abcdef', 'access_token=•••'],
    ['api_key=abcdef&x=1', 'api_key=•••&x=1'],
    ['AKIAIOSFODNN7EXAMPLE', '•••'],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', '•••'],
    ['https://bob:hunter2@acme.example/x', 'https://bob:•••@acme.example/x'],
    ['-----BEGIN RSA PRIVATE KEY----- MIIE abc -----END RSA PRIVATE KEY-----', '•••'],
    ['-----BEGIN PRIVATE KEY----- MIIE abc', '•••'],
    ['xoxe.xoxp-1-abcdefghijkl', '•••'],
    ['Bearer: abcdefgh12345678', 'Bearer: •••'],
    ['"Authorization": "Bearer abc.def.ghi"', expect.not.stringContaining('abc')],
    ['Basic dXNlcjpwYXNz', 'Basic •••'],
    ['token: abc123def456', 'token: •••'],
    ['"refresh_token":"abcdef"', expect.not.stringContaining('abcdef')],
    ['password="hunter two"', 'password=•••'],
    ['DB_PASS=hunter2', 'DB_PASS=•••'],
    ['mot de passe : hunter2', 'mot de passe : •••'],
    ['lösenord=hunter2', 'lösenord=•••'],
    ['senha: hunter2', 'senha: •••'],
    ['contraseña=hunter2', 'contraseña=•••'],
    ['Kennwort: hunter2', 'Kennwort: •••'],
    ['parola d’ordine: hunter2', 'parola d’ordine: •••'],
    ['https://hooks.slack.com/services/T000/B000/XXXXXXXX', 'https://hooks.slack.com/•••'],
    ['https://acme.example/?a=1&sig=abcdef123', 'https://acme.example/?a=1&sig=•••'],
  ])('is masked: %s', (secret, masked) => {
    expect(maskSecrets(secret)).toEqual(masked);
    if (typeof masked === 'string') expect(maskSecrets(`see ${secret} please`)).toContain('•••');
  });

  it.each([
    'wrong audience',
    'the bearer of bad news',
    'basic audience was wrong',
    'the password was wrong',
    'token: expired',
    'risk-based selection',
    'see https://acme.example/x?a=1',
    'mail bob@acme.example at 10:30',
    'CHG0012345',
    'Basic subscribers2026',
    'ASIA-Pacific-list',
    'xoxo-hugs-and-kisses',
    'pass: failed',
    'senha errada',
    'mot de passe oublié : mauvaise liste',
  ])('is not masked where it is none: %s', (text) => expect(maskSecrets(text)).toBe(text));
});
